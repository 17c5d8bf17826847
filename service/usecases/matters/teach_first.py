"""The review queue in another order: what teaches the model most comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from classifier.matching.asking import F32, ask_order, directions
from classifier.matching.profile import PROFILE, is_current
from service.domain.classification import Classification, Verdict
from service.domain.status import MatterStatus
from service.storage.database import Connection
from service.storage.learning.teachings import find_leading_of, find_newest_taught
from service.storage.matching.exemplars import read_exemplars_of
from service.storage.matters.queue import read_queue
from service.storage.matters.queue_filter import QueueFilter
from service.storage.messages.classifications import read_latest_classifications
from service.usecases.context import Context
from service.usecases.matters.queue import MAX_LIMIT, QueuePage, count_bounded, show_page_of

LOOKED_AT, REMEMBERED = 500, 1000


def list_to_teach(context: Context, wanted: QueueFilter, limit: int = 50) -> QueuePage:
    """Matters in review, the one first whose correction teaches most.

    Of those that the filter lets through the first 500 in the queue's own order are looked at, by
    how near the two likeliest labels are and how unlike the text is to the 1,000 matters that
    people classified last. It is one page: each answer changes what comes next.

    Parameters
    ----------
    wanted
        The filter; its status is taken to be "review".
    limit
        How many matters at most.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    wanted = replace(wanted, statuses=(MatterStatus.REVIEW.value,))
    now = context.now()
    with context.database.reading() as connection:
        rows = read_queue(connection, wanted, None, LOOKED_AT, now)
        total = count_bounded(connection, wanted, now)
        ids = [row.id for row in rows]
        taught = sorted(set(find_newest_taught(connection, REMEMBERED)) - set(ids))
        order = ask_order(
            _margins(connection, ids),
            _directions(context, connection, ids),
            _directions(context, connection, taught),
            limit,
        )
        chosen = [rows[place] for place in order]
        return show_page_of(connection, chosen, now, total=total, next_cursor="")


def _margins(connection: Connection, matter_ids: Sequence[int]) -> list[float]:
    leading = find_leading_of(connection, matter_ids)
    judged = read_latest_classifications(connection, list(leading.values()))
    return [_margin(judged.get(leading[one])) if one in leading else 0.0 for one in matter_ids]


def _margin(judged: Classification | None) -> float:
    """That of the question which is least sure; nothing is sure where nobody judged."""
    if judged is None:
        return 0.0
    return min(map(_lead, (judged.topic_l1, judged.department)))


def _lead(verdict: Verdict) -> float:
    second = verdict.alternatives[0][1] if verdict.alternatives else 0.0
    return min(max(verdict.probability - second, 0.0), 1.0)


def _directions(context: Context, connection: Connection, matter_ids: Sequence[int]) -> F32:
    """Of each matter its first profile; all 0 where there is none."""
    model = context.triage.pair_model
    if model is None:
        return np.zeros((len(matter_ids), 1), np.float32)
    first: dict[int, bytes] = {}
    for each in read_exemplars_of(connection, matter_ids):
        if is_current(each.profile):
            first.setdefault(each.matter_id, each.profile)
    empty = bytes(PROFILE.itemsize)
    kept = b"".join(first.get(matter_id, empty) for matter_id in matter_ids)
    return directions(np.frombuffer(kept, dtype=PROFILE), model.statistics)
