"""The earlier decisions that are most like a matter, shown beside the model's view of it.

Looked for when someone looks, by the keys under which messages find their matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import PairModel, PairScore
from classifier.matching.profile import Records, as_records, is_current
from service.domain.access import WHOLE, Scope
from service.domain.status import MatterStatus
from service.storage.database import Connection
from service.storage.matching.exemplars import Exemplar, read_exemplars, read_exemplars_of
from service.storage.matters.decided import find_decided, read_decided
from service.storage.matters.scopes import find_in_scope
from service.usecases.context import Context
from service.usecases.matching.postings import load_postings

SHOWN = 2
_ASKED, _COMPARED = 400, 24
_LEAST_LIKE = 0.03
_WORDS = EVIDENCE.index("words")


@dataclass(frozen=True, slots=True)
class SimilarDecided:
    """An earlier matter that is decided. ``title`` and ``text`` are masked.

    ``likeness`` is the cosine of the two texts' weighted words (0–1), 1 for the very same text;
    ``because`` tells in Chinese what is alike. ``topic`` is a code, ``kind`` a value of ``Kind``.
    """

    matter_id: int
    number: str
    title: str
    text: str
    sent_at: datetime
    status: MatterStatus
    topic: str
    department: str
    kind: str
    studio: str
    is_by_person: bool
    likeness: float
    because: tuple[str, ...]


def find_similar_decided(
    context: Context, matter_id: int, scope: Scope = WHOLE
) -> tuple[SimilarDecided, ...]:
    """The two decided matters of a scope whose texts are most like this one's, the likest first.

    Fewer where nothing is alike, and none without a pair model.
    """
    model = context.triage.pair_model
    if model is None:
        return ()
    with context.database.reading() as connection:
        own = [e for e in read_exemplars_of(connection, [matter_id]) if is_current(e.profile)]
        if not own:
            return ()
        profile = as_records([own[0].profile])[0]
        keys = context.triage.keys_of(profile)
        found = load_postings(connection, context.auxiliary, [keys]).candidates(keys, _ASKED)
        exemplars = _decided(connection, found, matter_id, scope)
        ranked = _ranked(model, profile, exemplars)
        rows = read_decided(connection, [other for other, _ in ranked])
    return tuple(_view(rows[other], score, model) for other, score in ranked)


def _ranked(
    model: PairModel, profile: Records, exemplars: Sequence[Exemplar]
) -> list[tuple[int, PairScore]]:
    """The matters that these stand for, the likest first, each with its likest one's score."""
    if not exemplars:
        return []
    scores = model.score(profile, as_records([each.profile for each in exemplars]))
    best: dict[int, PairScore] = {}
    for each, score in zip(exemplars, scores, strict=True):
        other = each.matter_id
        if other not in best or _likeness(score) > _likeness(best[other]):
            best[other] = score
    alike = [item for item in best.items() if _likeness(item[1]) >= _LEAST_LIKE]
    return sorted(alike, key=lambda item: (-_likeness(item[1]), item[0]))[:SHOWN]


def _likeness(score: PairScore) -> float:
    """Words find what is about the same thing better than characters do."""
    return 1.0 if score.likeness == 1.0 else float(score.evidence[_WORDS])


def _decided(
    connection: Connection, ranked: Sequence[int], matter_id: int, scope: Scope
) -> list[Exemplar]:
    """Those of these exemplars that stand for other, decided matters of a scope, in their order."""
    found = {each.message_id: each for each in read_exemplars(connection, ranked)}
    current = [found[each] for each in ranked if each in found and is_current(found[each].profile)]
    others = sorted({each.matter_id for each in current} - {matter_id})
    decided = find_in_scope(connection, sorted(find_decided(connection, others)), scope)
    return [each for each in current if each.matter_id in decided][:_COMPARED]


def _view(row: Any, score: PairScore, model: PairModel) -> SimilarDecided:
    return SimilarDecided(
        matter_id=row.id,
        number=row.number,
        title=row.masked_title,
        text=row.masked_text,
        sent_at=row.sent_at,
        status=MatterStatus(row.status),
        topic=row.topic,
        department=row.department,
        kind=row.kind,
        studio=row.studio,
        is_by_person=row.is_by_person,
        likeness=_likeness(score),
        because=model.reasons(score),
    )
