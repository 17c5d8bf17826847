"""Learn: a challenger from what people decided; it takes the champion's place if it is better."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from classifier.judging.features import Text
from classifier.judging.heads import DEPARTMENT, KIND, TOPIC, URGENT
from classifier.judging.model import Model
from classifier.modelfile import ModelFile, write_model_file
from service.domain.kind import Kind
from service.domain.model_record import ModelRecord, ModelState
from service.domain.teaching import Teaching
from service.errors import FileUnwritableError, InvalidInputError
from service.settings import Settings
from service.storage.database import Connection
from service.storage.learning.models import (
    delete_model,
    insert_model,
    read_active_model,
    read_models,
)
from service.storage.learning.teachings import read_teachings
from service.storage.organisation.provisions import read_review_policy
from service.storage.rows import take_provision_lock
from service.triage.thresholds import read_coverage, untold
from service.usecases.context import Context
from service.usecases.in_force.models import activate, learned_path
from training.comparison import Comparison
from training.examples import YES, Example
from training.learn import Progress
from training.learn import learn as fit
from training.learn import relearn as fit_anew
from training.lessons import FEWEST, Lesson

_NO = "0"
MOST = 4000  # decisions that are learned from, the newest: time grows with the square
TACIT_TRUST = 0.5  # of labels that somebody let pass, beside 1 for those stated


@dataclass(frozen=True, slots=True)
class LearnReport:
    """What came of learning.

    Of the decisions ``returned_count`` tell only which department is wrong, ``tacit_count`` let
    the labels pass, the others state them. ``falls`` are (question, label) of the classes that
    lost more than the margin; ``untried`` the questions with a stated precision that was not
    measured of the new model; ``is_named``: the settings name a model file, which judges whatever
    is promoted.
    """

    version: str
    champion: str
    stated_count: int
    tacit_count: int
    returned_count: int
    held_out_count: int
    comparison: Comparison
    falls: tuple[tuple[str, str], ...]
    untried: tuple[str, ...]
    is_promoted: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class RelearnReport:
    """What came of learning anew; ``version`` is "" where too few decisions are left.

    ``untried`` as in :class:`LearnReport`.
    """

    version: str
    lesson_count: int
    removed_count: int
    untried: tuple[str, ...]
    is_named: bool


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keep a second learning of this home out: it would remove or replace what this one makes.

    Raises
    ------
    FileUnwritableError
        The folder of the models cannot be written.
    InvalidInputError
        Another one runs.
    """
    path = settings.home / "models" / ".lock"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise FileUnwritableError(str(path.parent)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidInputError("另一次学习正在进行，请等它结束") from None
        yield


def learn(
    context: Context, margin: float, held_out: float, promote: bool, progress: Progress
) -> LearnReport:
    """Learn from all that people decided, upon the settings' own model file.

    Parameters
    ----------
    margin
        How much of its share of right answers (0–1) a class may lose.
    held_out
        The share of the decisions new to the champion that the comparison is made on.
    promote
        Whether a challenger that is better, and lets no class fall, judges from now on.
    progress
        Is told the Chinese name of the step, how many parts are done, and of how many.

    Raises
    ------
    FileUnwritableError
        The model file cannot be written.
    ModelFileError
        The settings' own model or the champion is missing or damaged.
    TrainingError
        There are too few decisions.
    """
    settings, taxonomy = context.settings, context.triage.taxonomy
    until = context.now()
    with context.database.reading() as connection:
        decided = _newest(read_teachings(connection))
        active = read_active_model(connection) if settings.model is None else None
    base = Model.load(settings.model_path, taxonomy)
    champion = base
    if active is not None:
        champion = Model.load(learned_path(settings, active.version), taxonomy)
    lessons = _lessons(context, decided, active.learned_until if active else None)
    learned = fit(base, champion, lessons, held_out, progress)
    falls = tuple(learned.comparison.falls(margin))
    is_promoted = promote and learned.comparison.is_better and not falls
    version = _write(settings, learned.file)
    record = ModelRecord(
        version=version,
        base=base.version,
        made_at=context.now(),
        learned_until=until,
        lesson_count=len(decided),
        figures=learned.comparison.as_json(),
        state=ModelState.CHALLENGER,
    )
    _register(context, record, is_promoted)
    returned_count = sum(bool(one.ruled_out) for one in decided)
    tacit_count = sum(one.is_tacit and not one.ruled_out for one in decided)
    return LearnReport(
        version=version,
        champion=champion.version,
        stated_count=len(decided) - tacit_count - returned_count,
        tacit_count=tacit_count,
        returned_count=returned_count,
        held_out_count=len(learned.split.held_out),
        comparison=learned.comparison,
        falls=falls,
        untried=_untried(context, learned.file),
        is_promoted=is_promoted,
        is_named=settings.model is not None,
    )


def relearn(context: Context, progress: Progress) -> RelearnReport:
    """Learn anew from what is there now, put it in force, and remove all models learned before.

    That is for the time after an erasure: what was erased then stands in no model. Nothing is
    compared. Where too few decisions are left to learn from, the settings' own model judges.

    Parameters
    ----------
    progress
        As for :func:`learn`.

    Raises
    ------
    FileUnwritableError
        A model file cannot be written or removed.
    ModelFileError
        The settings' own model is missing or damaged.
    """
    settings = context.settings
    until = context.now()
    with context.database.reading() as connection:
        decided = _newest(read_teachings(connection))
    record = None
    untried: tuple[str, ...] = ()
    if len(decided) >= FEWEST:
        base = Model.load(settings.model_path, context.triage.taxonomy)
        file = fit_anew(base, _lessons(context, decided, None), progress)
        record = ModelRecord(
            version=_write(settings, file),
            base=base.version,
            made_at=context.now(),
            learned_until=until,
            lesson_count=len(decided),
            figures={},
            state=ModelState.CHALLENGER,
        )
        untried = _untried(context, file)
    removed = _replace_all(context, record)
    return RelearnReport(
        version=record.version if record else "",
        lesson_count=len(decided),
        removed_count=len(removed),
        untried=untried,
        is_named=settings.model is not None,
    )


def _untried(context: Context, file: ModelFile) -> tuple[str, ...]:
    with context.database.reading() as connection:
        policy = read_review_policy(connection)
    return untold(policy, read_coverage(file.header))


def _replace_all(context: Context, record: ModelRecord | None) -> list[str]:
    """Forget all registered models and put one in force, or the settings' own."""
    version = record.version if record else None
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        known = [one.version for one in read_models(connection)]
        for one in known:
            delete_model(connection, one)
        if record is not None:
            insert_model(connection, record)
            activate(connection, record.version, record.made_at)
    _remove_others(context.settings, version)
    return [one for one in known if one != version]


def _remove_others(settings: Settings, version: str | None) -> None:
    """Remove every model file but one, of broken-off learnings too: all bear traces."""
    kept = learned_path(settings, version) if version else None
    for path in learned_path(settings, "").parent.glob("*.mqm*"):
        if path != kept:
            _remove(path)


def _newest(decided: Sequence[Teaching]) -> list[Teaching]:
    return sorted(decided, key=lambda one: (one.decided_at, one.message_id))[-MOST:]


def _lessons(
    context: Context, decided: Iterable[Teaching], learned_until: datetime | None
) -> list[Lesson]:
    return [
        Lesson(
            example=_example(context, one),
            group=one.matter_id,
            is_new=learned_until is None or one.decided_at > learned_until,
        )
        for one in decided
    ]


def _example(context: Context, one: Teaching) -> Example:
    labels = {
        TOPIC: one.topic,
        KIND: Kind(one.kind).label_zh,
        URGENT: YES if one.is_urgent else _NO,
    }
    if not one.ruled_out:
        labels[DEPARTMENT] = one.department
    return Example(
        text=Text.of(context.triage.reader.read(one.title, one.text)),
        labels=labels,
        trust=TACIT_TRUST if one.is_tacit else 1.0,
        ruled_out={DEPARTMENT: one.ruled_out} if one.ruled_out else {},
    )


def _write(settings: Settings, file: ModelFile) -> str:
    """Write the model file under its version, which is known when it is written."""
    draft = learned_path(settings, f".learning-{os.getpid()}")
    try:
        draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        version = write_model_file(draft, file.header, file.sections)
        draft.replace(learned_path(settings, version))
    except OSError as error:
        raise FileUnwritableError(str(draft.parent)) from error
    return version


def _register(context: Context, record: ModelRecord, is_promoted: bool) -> None:
    """Register a model and put it in force where it is promoted; an older challenger goes."""
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        left = _forget_challengers(connection, record.version)
        insert_model(connection, record)
        if is_promoted:
            activate(connection, record.version, record.made_at)
    for version in left:
        _remove(learned_path(context.settings, version))


def _forget_challengers(connection: Connection, version: str) -> list[str]:
    left = [
        one.version
        for one in read_models(connection)
        if one.state is ModelState.CHALLENGER and one.version != version
    ]
    for one in left:
        delete_model(connection, one)
    return left


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FileUnwritableError(str(path)) from error
