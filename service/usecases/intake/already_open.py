"""The matters already open on what someone is about to write. Nothing of the draft is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from classifier.matching.pair_model import PairModel
from classifier.matching.profile import plain_letters
from classifier.text.clean import clean
from service.domain.access import WHOLE, Scope
from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.matter import Matter
from service.domain.message import IncomingMessage
from service.domain.status import ENDED_STATUSES, STAGES_ZH, MatterStatus
from service.storage.matters.matters import as_matter, count_people
from service.storage.matters.opened import read_opened
from service.storage.matters.scopes import find_in_scope
from service.triage.exemplar_index import ExemplarIndex
from service.triage.pipeline import Understood
from service.triage.public_title import is_fit_for_all
from service.usecases.context import Context
from service.usecases.matching.joining import load_index

SHOWN = 5
LEAST_LETTERS = 10
CLOSED_DAYS = 30
FEW_PEOPLE = 3
_READ_CHARS = 4_000  # what comes later changes little and would only cost time
_ROUND_NUMBERS = (1_000, 300, 100, 30, 10, FEW_PEOPLE)
_DISCIPLINE = "纪检监察"
_RECENTLY = "最近"


@dataclass(frozen=True, slots=True)
class AlreadyOpen:
    """A matter that is perhaps about the same thing as a draft, for those who are logged in.

    ``probability`` (0–1) is that of the same matter. ``opening_title`` is the masked title of the
    message that opened it, "" where that had none: the matter's own title then quotes its text.
    """

    matter: Matter
    probability: float
    opening_title: str

    @property
    def stage_zh(self) -> str:
        """Where it stands, in plain words."""
        stage = STAGES_ZH[self.matter.status]
        return f"{_RECENTLY}{stage}" if self.matter.status in ENDED_STATUSES else stage


@dataclass(frozen=True, slots=True)
class PublicMatter:
    """The same for anyone: nothing that leads to a person, or to the matter without a login.

    ``title`` is "" where somebody is or may be named in it; ``since`` is a month, ``2026-03``;
    ``people_zh`` is rounded down, so that nobody can be counted out.
    """

    title: str
    topic: str
    place: str
    stage_zh: str
    since: str
    people_zh: str


def find_already_open(
    context: Context, title: str, text: str, scope: Scope = WHOLE
) -> tuple[AlreadyOpen, ...]:
    """The matters of a scope that a draft is likely about, the likest first, at most ``SHOWN``.

    None below the probability from which matters are suggested, none that was closed more than
    ``CLOSED_DAYS`` days ago, and none at all for a draft of fewer than ``LEAST_LETTERS`` letters
    or without a pair model. It reads the database and writes nothing.

    Raises
    ------
    DatabaseUnavailableError
        The database cannot be read.
    """
    model = context.triage.pair_model
    title, text = title[:_READ_CHARS], text[:_READ_CHARS]
    if model is None or _letter_count(title, text) < LEAST_LETTERS:
        return ()
    draft = context.triage.understand(_as_message(title, text, context.now()), 0)
    with context.database.reading() as connection:
        index = load_index(connection, context.auxiliary, [draft])
        probabilities = _probabilities(index, model, draft, context.triage.suggest_at)
        found = find_in_scope(connection, sorted(probabilities), scope)
        rows = read_opened(connection, sorted(found))
        recent = {key: row for key, row in rows.items() if _is_recent(row, context.now())}
        likest = sorted(recent, key=lambda key: (-probabilities[key], key))[:SHOWN]
        people = count_people(connection, likest)
    return tuple(
        AlreadyOpen(
            matter=as_matter(recent[key], people.get(key, 0)),
            probability=probabilities[key],
            opening_title=recent[key].masked_title.strip(),
        )
        for key in likest
    )


def find_for_anyone(context: Context, title: str, text: str) -> tuple[PublicMatter, ...]:
    """The same without what could tell on anybody.

    A 举报 and what concerns 纪检监察 is never told of: who is accused must not learn by trying
    words that it was done.
    """
    found = find_already_open(context, title, text)
    return tuple(
        _for_anyone(context, one) for one in found if not _is_accusation(context, one.matter)
    )


def round_people(count: int) -> str:
    """A number of people in words that do not tell it exactly."""
    for number in _ROUND_NUMBERS:
        if count >= number:
            return f"{number} 人以上"
    return f"少于 {FEW_PEOPLE} 人"


def _letter_count(title: str, text: str) -> int:
    return len(plain_letters(clean(title).plain + clean(text).plain))


def _as_message(title: str, text: str, now: datetime) -> IncomingMessage:
    return IncomingMessage(title, text, sent_at=now, channel=Channel.WEB, source="draft")


def _probabilities(
    index: ExemplarIndex, model: PairModel, draft: Understood, least: float
) -> Mapping[int, float]:
    """Of the same matter, by matter, where it is ``least`` or more."""
    assert draft.profile is not None  # noqa: S101 - there is a pair model
    owners, profiles = index.profiles_of(index.candidates(draft.keys))
    best: dict[int, float] = {}
    if owners:
        for owner, score in zip(owners, model.score(draft.profile, profiles), strict=True):
            if score.same >= max(least, best.get(owner, 0.0)):
                best[owner] = score.same
    return best


def _is_recent(row: Any, now: datetime) -> bool:
    if row.status == MatterStatus.REFUSED.value:
        return False
    if row.status != MatterStatus.CLOSED.value:
        return True
    return row.closed_at is not None and row.closed_at >= now - timedelta(days=CLOSED_DAYS)


def _is_accusation(context: Context, matter: Matter) -> bool:
    taxonomy = context.triage.taxonomy
    is_known = matter.topic in taxonomy.names
    is_discipline = is_known and taxonomy.path(matter.topic)[0] == _DISCIPLINE
    return is_discipline or matter.kind == Kind.REPORT.value


def _for_anyone(context: Context, found: AlreadyOpen) -> PublicMatter:
    matter = found.matter
    is_fit = is_fit_for_all(found.opening_title, context.triage.reader)
    return PublicMatter(
        title=found.opening_title if is_fit else "",
        topic=matter.topic,
        place=matter.place,
        stage_zh=found.stage_zh,
        since=f"{matter.opened_at.astimezone(SHANGHAI):%Y-%m}",
        people_zh=round_people(matter.people_count),
    )
