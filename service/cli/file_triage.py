"""What the commands that work on a file without a database need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.intake.messages import ReadOptions
    from service.triage.pipeline import Triage


def open_file_triage(columns: Sequence[str], model: Path | None) -> tuple[Triage, ReadOptions]:
    """Triage with the directory in force, and how to read a file's messages.

    Parameters
    ----------
    columns
        Pairs 列=字段, as ``--map`` takes them.
    model
        The model file that was named; that of the settings where none was.

    Raises
    ------
    InvalidInputError
        A pair is none.
    ModelFileError
        The named file is missing or no sound model of the desk; one of the settings that is
        broken is gone without, as at the desk.
    """
    from classifier.judging.taxonomy import Taxonomy
    from service.composition import build_triage, load_model, read_shipped_directory
    from service.intake.columns import parse_overrides
    from service.intake.messages import ReadOptions
    from service.settings import read_settings

    settings = read_settings()
    if model is not None:
        load_model(model, Taxonomy.load(settings.data / "taxonomy.csv"))
        settings = settings.model_copy(update={"model": model})
    now = datetime.now(UTC)
    options = ReadOptions(
        now=now,
        undated=now,
        overrides=parse_overrides(columns),
        max_text_chars=settings.max_text_chars,
    )
    return build_triage(settings, read_shipped_directory(settings).organisation), options
