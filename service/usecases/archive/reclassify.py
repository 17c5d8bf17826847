"""Reclassify: what the model in force says of messages that another one judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.classification import Classification
from service.domain.status import MatterStatus
from service.errors import ModelUnavailableError
from service.storage.archive.archive import (
    count_judged_otherwise,
    find_judged_otherwise,
    keep_judged_otherwise,
    lock_untouched_led,
)
from service.storage.database import Connection
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matters import change_matter, matter_columns
from service.storage.matters.queue import count_open_by_studio
from service.storage.messages.classifications import insert_classifications, read_last_by_model
from service.storage.rows import take_intake_lock
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.matching.crew import Crew
from service.usecases.matching.joining import new_matter
from service.usecases.matching.understand_stored import parts_of_archive, understand_parts

BATCH = 200
_LABELS = ("topic", "department", "kind")
# Who should get it is proposed anew only while it waits for a person.
_PROPOSED = ("committee", "studio", "members", "because", "runners_up")


@dataclass(slots=True)
class Reclassified:
    """Messages judged, of ``total``; how many got other labels; matters that follow these."""

    total: int
    judged_count: int = 0
    changed_count: int = 0
    matter_count: int = 0


def reclassify(
    context: Context, crew: Crew, progress: Callable[[Reclassified], None] = lambda done: None
) -> Reclassified:
    """Judge all messages whose last judgement by a model is another version's.

    The new judgement stands beside the old ones; what a person decided goes on to hold. The
    labels of open matters that no person acted on follow, and those in review get a new
    proposal; nothing is sent out, and nothing becomes less urgent or due later. It can be
    stopped at any time and goes on where it was.

    Parameters
    ----------
    crew
        Understands the messages; the result is the same to the byte whoever does.
    progress
        Is told after each part.

    Raises
    ------
    ModelUnavailableError
        There is no model to judge with.
    WorkersUnavailableError
        The crew was lost; what was judged before is kept.
    """
    if context.triage.model is None:
        raise ModelUnavailableError()
    version = context.triage.model.version
    with context.database.reading() as connection:
        done = Reclassified(count_judged_otherwise(connection, version))
    parts = parts_of_archive(
        context, lambda connection, after: find_judged_otherwise(connection, version, after, BATCH)
    )
    for understood in understand_parts(context, crew, parts):
        _write(context, version, understood, done)
        progress(done)
    return done


def _write(
    context: Context, version: str, understood: Mapping[int, Understood], done: Reclassified
) -> None:
    now = context.now()
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        context = with_organisation(context, connection)
        # Another process may have judged some of them in the meantime.
        ids = keep_judged_otherwise(connection, version, list(understood))
        judged = {
            key: message.classification
            for key, message in understood.items()
            if key in ids and message.classification is not None
        }
        before = read_last_by_model(connection, list(judged))
        changed = [key for key in judged if _labels(judged[key]) != _labels(before.get(key))]
        insert_classifications(connection, [(key, now, one) for key, one in judged.items()])
        done.matter_count += _follow(context, connection, understood, changed, now)
    done.judged_count += len(judged)
    done.changed_count += len(changed)


def _labels(judged: Classification | None) -> tuple[object, ...]:
    if judged is None:
        return ()
    return judged.topic.label, judged.department.label, judged.kind.label, judged.is_urgent


def _follow(
    context: Context,
    connection: Connection,
    understood: Mapping[int, Understood],
    message_ids: Sequence[int],
    now: datetime,
) -> int:
    """Let untouched matters that these messages opened follow them; how many there are."""
    led = lock_untouched_led(connection, message_ids)
    if not led:
        return 0
    workload = count_open_by_studio(connection)
    for message_id, row in led.items():
        columns = _columns(context, row, understood[message_id], workload, now)
        change_matter(connection, row.id, **columns)
    events = [NewEvent(row.id, now, "system", "judged", {}) for row in led.values()]
    insert_events(connection, events)
    return len(led)


def _columns(
    context: Context, row: Any, message: Understood, workload: Mapping[str, int], now: datetime
) -> dict[str, object]:
    assignment = context.triage.route(message, workload)
    anew = new_matter(
        context.triage, row.id, message, assignment, needs_review=True, urgent_from=now
    )
    in_review = row.status == MatterStatus.REVIEW.value
    followed = (*_LABELS, *_PROPOSED) if in_review else _LABELS
    columns = matter_columns(anew)
    found = {name: columns[name] for name in followed}
    if anew.is_urgent and not row.is_urgent:
        found |= {"is_urgent": True, "due_at": min(row.due_at, anew.due_at)}
    return found
