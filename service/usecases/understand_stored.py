"""What triage makes today of messages that were stored before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain.message import IncomingMessage, Message, SenderDetails
from service.domain.standing_rule import Ruling
from service.storage.messages import read_messages
from service.storage.rulings import read_rulings
from service.storage.senders import read_senders
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.crew import Crew, Task, understand_task
from service.usecases.provisions import read_provisions
from service.usecases.receive import sender_number


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored messages to be understood: their ids, the task in their order, their rulings."""

    ids: tuple[int, ...]
    task: Task
    rulings: Mapping[int, Ruling]

    def by_id(self, understood: Iterable[Understood]) -> dict[int, Understood]:
        """What was understood of the task, by id.

        The rules spoke at arrival, and what they said stands, whatever they say today.
        """
        told = zip(self.ids, understood, strict=True)
        return {key: replace(one, ruling=self.rulings.get(key)) for key, one in told}


def understand_stored(context: Context, ids: Sequence[int]) -> dict[int, Understood]:
    """What triage makes of stored messages, by id; one that is not there is missing."""
    stored = read_stored(context, ids)
    return stored.by_id(understand_task(context.triage, stored.task))


def read_stored(context: Context, ids: Sequence[int]) -> Stored:
    """What it takes to understand these messages again; one that is not there is left out."""
    with context.database.reading() as connection:
        messages = read_messages(connection, ids)
        known = sorted({m.sender_id for m in messages if m.sender_id is not None})
        senders = read_senders(connection, context.sealer, known)
        rulings = read_rulings(connection, ids)
        provisions = read_provisions(connection)
    incoming = [_incoming(m, senders.get(m.sender_id or 0, SenderDetails())) for m in messages]
    numbered = tuple((one, sender_number(context, one)) for one in incoming)
    return Stored(tuple(m.id for m in messages), Task(provisions, numbered), rulings)


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


def _incoming(message: Message, sender: SenderDetails) -> IncomingMessage:
    return IncomingMessage(
        title=message.title,
        text=message.text,
        sent_at=message.sent_at,
        channel=message.channel,
        source=message.source,
        external_id=message.external_id,
        sender=sender,
        like_count=message.like_count,
        dislike_count=message.dislike_count,
    )
