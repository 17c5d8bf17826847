"""``/organisation``: the administrator's view of the organisation, and its workbook in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.deadline import SHANGHAI
from service.domain.organisation import Committee, Organisation
from service.errors import FileUnreadableError, OrganisationChangedError, OrganisationFileError
from service.intake.organisation_workbook import MEDIA_TYPE
from service.usecases.administration.organisation import Saved, list_organisation_changes, read_book
from service.usecases.administration.organisation_workbook import export_book, import_workbook
from service.usecases.context import Context
from service.web.allowed import MayOrganise
from service.web.dependencies import CurrentContext, RowId
from service.web.forms import CheckedUpload
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

CHANGES_SHOWN = 50
_FILE_NAME = "organisation.xlsx"


@dataclass(frozen=True, slots=True)
class Branch:
    """A committee of the tree with those below it."""

    committee: Committee
    below: tuple[Branch, ...]


@router.get("/organisation")
def get_organisation(
    request: Request,
    context: CurrentContext,
    account: MayOrganise,
    done: Annotated[str, Query(max_length=20)] = "",
    before: RowId = 0,
) -> Response:
    """Committees, studios, members, departments, who changed what, and the way to change it."""
    return _show(request, context, before=before, is_saved=bool(done))


@router.post("/organisation")
def post_organisation(
    request: Request, context: CurrentContext, account: MayOrganise, upload: CheckedUpload
) -> Response:
    """Put the workbook of the form in force, or show the page with all that is wrong in it."""
    version = upload.fields.get("version", "")
    is_trial = upload.fields.get("only_check") == "1"
    wanted = int(version[:18]) if version.isascii() and version.isdecimal() else -1
    try:
        saved = import_workbook(context, upload.content, account.name, wanted, is_trial)
    except OrganisationFileError as error:
        return _show(request, context, errors=error.detail.splitlines())
    except (FileUnreadableError, OrganisationChangedError) as error:
        return _show(request, context, errors=[error.message])
    if is_trial or saved.warnings:
        return _show(request, context, saved=saved, is_saved=not is_trial)
    return RedirectResponse("/organisation?done=saved", 303)


@router.get("/organisation.xlsx")
def get_file(context: CurrentContext, account: MayOrganise) -> Response:
    """The workbook of the organisation in force."""
    headers = {"Content-Disposition": f'attachment; filename="{_FILE_NAME}"'}
    return Response(export_book(context)[1], media_type=MEDIA_TYPE, headers=headers)


def _show(
    request: Request,
    context: Context,
    *,
    errors: Sequence[str] = (),
    saved: Saved | None = None,
    before: int = 0,
    is_saved: bool = False,
) -> Response:
    found = read_book(context)
    changes = list_organisation_changes(context, CHANGES_SHOWN, before)
    organisation = found.book.organisation
    return show_page(
        request,
        "organisation.html.j2",
        422 if errors else 200,
        version=found.version,
        organisation=organisation,
        tree=_tree(organisation),
        today=context.now().astimezone(SHANGHAI).date(),
        changes=changes,
        next_before=changes[-1].id if len(changes) == CHANGES_SHOWN else 0,
        errors=errors,
        saved=saved,
        is_saved=is_saved,
    )


def _tree(organisation: Organisation) -> tuple[Branch, ...]:
    """The committees as a tree; the directory was checked to be one."""
    below: dict[str, list[Committee]] = {}
    for committee in organisation.committees:
        below.setdefault(committee.parent, []).append(committee)

    def branches(parent: str) -> tuple[Branch, ...]:
        return tuple(Branch(each, branches(each.code)) for each in below.get(parent, ()))

    return branches("")
