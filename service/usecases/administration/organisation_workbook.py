"""The organisation as one workbook (or a folder of tables): exported, and imported as a whole."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from service.intake.organisation_files import OrganisationFiles, read_organisation
from service.intake.organisation_workbook import read_workbook, write_workbook
from service.usecases.administration.organisation import Saved, read_book, save_book, terms_of
from service.usecases.context import Context


def export_book(context: Context) -> tuple[int, bytes]:
    """The version in force and its workbook."""
    found = read_book(context)
    return found.version, write_workbook(found.book)


def import_book(context: Context, path: Path, actor: str, is_trial: bool = False) -> Saved:
    """Put what a workbook or a folder of CSV files holds in force.

    Raises
    ------
    FileUnreadableError
        It is no workbook, damaged or too large.
    OrganisationFileError
        Something is wrong, each error with its sheet (file) and row; nothing was changed.
    """
    terms = terms_of(context)
    if path.is_dir() or not path.exists():
        shipped = context.settings.data / "departments.csv"
        found = read_organisation(path, shipped, terms.taxonomy, terms.divisions)
    else:
        found = read_workbook(path, terms)
    return _import(context, found, actor, None, is_trial)


def import_workbook(
    context: Context, content: bytes, actor: str, version: int | None, is_trial: bool = False
) -> Saved:
    """The same for the bytes of a workbook; also raises ``OrganisationChangedError``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "组织资料.xlsx"
        path.write_bytes(content)
        found = read_workbook(path, terms_of(context))
    return _import(context, found, actor, version, is_trial)


def _import(
    context: Context, found: OrganisationFiles, actor: str, version: int | None, is_trial: bool
) -> Saved:
    saved = save_book(context, found.book, actor, version, is_trial)
    # Those of the file name its rows; of the same things the others tell by code.
    return Saved(saved.version, saved.changes, found.warnings)
