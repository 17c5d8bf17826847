"""What triage makes today of messages that were stored before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.domain.message import IncomingMessage, Message, SenderDetails
from service.storage.messages import read_messages
from service.storage.rulings import read_rulings
from service.storage.senders import read_senders
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.provisions import with_provisions
from service.usecases.receive import understand


def understand_stored(context: Context, ids: Sequence[int]) -> dict[int, Understood]:
    """What triage makes of stored messages, by id; one that is not there is missing.

    The rules spoke at arrival, and what they said stands, whatever they say today.
    """
    with context.database.reading() as connection:
        messages = read_messages(connection, ids)
        known = sorted({m.sender_id for m in messages if m.sender_id is not None})
        senders = read_senders(connection, context.sealer, known)
        rulings = read_rulings(connection, ids)
        context = with_provisions(context, connection)
    understood = {
        m.id: understand(context, _incoming(m, senders.get(m.sender_id or 0, SenderDetails())))
        for m in messages
    }
    return {key: replace(one, ruling=rulings.get(key)) for key, one in understood.items()}


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
