"""What triage makes today of messages that were stored before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from classifier.spans import Span
from service.domain.message import IncomingMessage, Message, SenderDetails
from service.domain.standing_rule import Ruling
from service.storage.database import Connection
from service.storage.matters.partings import read_spans
from service.storage.messages.messages import read_messages
from service.storage.messages.rulings import read_rulings
from service.storage.sealing.senders import read_senders
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.in_force.provisions import read_provisions
from service.usecases.matching.crew import Crew, Task, understand_task
from service.usecases.matching.known_senders import with_sender_numbers


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored messages to be understood: their ids, the task in their order, their rulings.

    ``parts`` has the rows of those that are parts of a text, see ``read_spans``.
    """

    ids: tuple[int, ...]
    task: Task
    rulings: Mapping[int, Ruling]
    parts: Mapping[int, Any]

    def by_id(self, understood: Iterable[Understood]) -> dict[int, Understood]:
        """What was understood of the task, by id.

        The rules spoke at arrival, and what they said stands, whatever they say today.
        """
        told = zip(self.ids, understood, strict=True)
        return {
            key: self._masked(key, replace(one, ruling=self.rulings.get(key))) for key, one in told
        }

    def _masked(self, message_id: int, one: Understood) -> Understood:
        """Let a part be masked as the whole text was: at its border a find may have been cut."""
        part = self.parts.get(message_id)
        if part is None:
            return one
        return replace(one, masked_title=part.masked_title, masked_text=part.masked_text)


def understand_stored(
    context: Context, ids: Sequence[int], *, seeks_parts: bool = False
) -> dict[int, Understood]:
    """What triage makes of stored messages, by id; one that is not there is missing.

    Of a message with several demands it is what it makes of the part that stayed with it.
    """
    stored = read_stored(context, ids, seeks_parts=seeks_parts)
    return stored.by_id(understand_task(context.triage, stored.task))


def read_stored(context: Context, ids: Sequence[int], *, seeks_parts: bool = False) -> Stored:
    """What it takes to understand these messages again; one that is not there is left out."""
    with context.database.reading() as connection:
        messages = read_messages(connection, ids)
        known = sorted({m.sender_id for m in messages if m.sender_id is not None})
        senders = read_senders(connection, context.sealer, known)
        rulings = read_rulings(connection, ids)
        parts = read_spans(connection, ids)
        provisions = read_provisions(connection)
    incoming = [
        as_incoming(m, senders.get(m.sender_id or 0, SenderDetails()), _span(parts.get(m.id)))
        for m in messages
    ]
    numbered = with_sender_numbers(context.sealer, incoming)
    task = Task(provisions, numbered, seeks_parts)
    return Stored(tuple(m.id for m in messages), task, rulings, parts)


def parts_of_archive(
    context: Context, find: Callable[[Connection, int], Sequence[int]]
) -> Iterator[Sequence[int]]:
    """Ids part by part, in their order, until none is found; each part is read for itself.

    ``find`` gives the next ids above one.
    """
    last = 0
    while ids := _read(context, find, last):
        yield ids
        last = ids[-1]


def _read(
    context: Context, find: Callable[[Connection, int], Sequence[int]], after: int
) -> Sequence[int]:
    with context.database.reading() as connection:
        return find(connection, after)


def understand_parts(
    context: Context, crew: Crew, parts: Iterable[Sequence[int]]
) -> Iterator[dict[int, Understood]]:
    """What a crew understands of parts of the archive, each by id, in their order."""
    out: deque[Stored] = deque()

    def tasks() -> Iterator[Task]:
        for ids in parts:
            out.append(read_stored(context, ids))
            yield out[-1].task

    for understood in crew.understand(tasks()):
        yield out.popleft().by_id(understood)


def _span(part: Any) -> Span | None:
    """Where in the stored text the demand stands; None for all of it, as in a part's own row."""
    is_all = part is None or part.part_of is not None
    return None if is_all else Span(part.part_start, part.part_end)


def as_incoming(
    message: Message, sender: SenderDetails, span: Span | None = None
) -> IncomingMessage:
    """A stored message as it came in, or the part of it that stands in a span of its text."""
    return IncomingMessage(
        title=message.title,
        text=message.text[span.start : span.end] if span else message.text,
        sent_at=message.sent_at,
        channel=message.channel,
        source=message.source,
        external_id=message.external_id,
        sender=sender,
        like_count=message.like_count,
        dislike_count=message.dislike_count,
    )
