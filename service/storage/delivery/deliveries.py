"""The outbox: what is to be delivered, written with what it tells of, and how far it has come."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.delivery import DeliveryChannel, DeliveryState, EventType, told_by
from service.storage.rows import chunks, insert_rows, is_id
from service.storage.tables import delivery, matter, message, webhook

_WAITING, _DEAD = DeliveryState.WAITING.value, DeliveryState.DEAD.value
_SUBSCRIBED = select(webhook.c.id, webhook.c.url, webhook.c.events).where(
    webhook.c.removed_at.is_(None)
)
_PROBLEM_CHARS = 200


def emit(
    connection: Connection, event_type: EventType, data: Mapping[str, object], at: datetime
) -> None:
    """Let all webhooks that asked for it be told of something, once this transaction is done."""
    _emit_all(connection, _subscribed(connection), [(event_type, data, at)])


def emit_of_histories(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Let webhooks be told of entries of histories (rows of ``event``): no word of any person."""
    read = ((told_by(entry["kind"], entry["number"]), entry) for entry in entries)
    told = [(event_type, entry) for event_type, entry in read if event_type is not None]
    subscribed = _subscribed(connection) if told else []
    if not subscribed:
        return
    states = _states(connection, sorted({entry["matter_id"] for _, entry in told}))
    _emit_all(
        connection,
        subscribed,
        [
            (
                event_type,
                {
                    "matter_id": entry["matter_id"],
                    "entry": entry["number"],
                    "kind": entry["kind"],
                    "status": states[entry["matter_id"]],
                },
                entry["at"],
            )
            for event_type, entry in told
        ],
    )


def _subscribed(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(_SUBSCRIBED.order_by(webhook.c.id)))


def _states(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in chunks(ids):
        rows = connection.execute(select(matter.c.id, matter.c.status).where(matter.c.id.in_(part)))
        found.update({row.id: row.status for row in rows})
    return found


def _emit_all(
    connection: Connection,
    subscribed: Sequence[Row[Any]],
    events: Sequence[tuple[EventType, Mapping[str, object], datetime]],
) -> None:
    rows = []
    for event_type, data, at in events:
        event_id = _new_id()
        body = {
            "type": event_type.value,
            "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "data": data,
        }
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        rows += [
            _row(DeliveryChannel.WEBHOOK, event_id, event_type, each.url, payload, at)
            | {"webhook_id": each.id}
            for each in subscribed
            if event_type.value in each.events
        ]
    insert_rows(connection, delivery, rows)


def insert_mails(
    connection: Connection, recipients: Sequence[str], payload: Mapping[str, object], at: datetime
) -> None:
    """Let a digest that was made be mailed, to each of the recipients apart."""
    text = json.dumps(payload, ensure_ascii=False)
    rows = [
        _row(DeliveryChannel.MAIL, _new_id(), EventType.DIGEST_MADE, each, text, at)
        | {"webhook_id": None}
        for each in recipients
    ]
    insert_rows(connection, delivery, rows)


def insert_receipt(connection: Connection, message_id: int, label: str, at: datetime) -> None:
    """Let the receipt of a message be mailed to its sender, unless that was done before.

    ``label`` stands for the recipient, whose address is sealed elsewhere.
    """
    kind = EventType.MESSAGE_ACKNOWLEDGED
    row = _row(DeliveryChannel.MAIL, _new_id(), kind, label, "{}", at) | {"message_id": message_id}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(delivery).values(row).on_conflict_do_nothing())


def count_receipts(connection: Connection, sender_id: int, since: datetime) -> int:
    """How many receipts were to be mailed to one sender since then."""
    query = (
        select(func.count())
        .select_from(message.join(delivery, delivery.c.message_id == message.c.id))
        .where(message.c.sender_id == sender_id, delivery.c.made_at > since)
    )
    return int(connection.execute(query).scalar_one())


def _new_id() -> str:
    return f"msg_{secrets.token_hex(16)}"


def _row(
    channel: DeliveryChannel,
    event_id: str,
    event_type: EventType,
    recipient: str,
    payload: str,
    at: datetime,
) -> dict[str, object]:
    return {
        "channel": channel.value,
        "event_id": event_id,
        "event_type": event_type.value,
        "recipient": recipient,
        "payload": payload,
        "state": _WAITING,
        "try_count": 0,
        "next_try_at": at,
        "made_at": at,
        "problem": "",
    }


def claim_due(
    connection: Connection, channel: DeliveryChannel, now: datetime, until: datetime
) -> Row[Any] | None:
    """The delivery that has waited longest, held until then by this worker; None where none is due.

    One that another worker died over is due again when its time is over.
    """
    query = (
        select(delivery.c.id)
        .select_from(delivery.outerjoin(webhook, webhook.c.id == delivery.c.webhook_id))
        .where(
            delivery.c.channel == channel.value,
            delivery.c.state == _WAITING,
            delivery.c.next_try_at <= now,
            or_(delivery.c.claimed_until.is_(None), delivery.c.claimed_until <= now),
            or_(webhook.c.paused_until.is_(None), webhook.c.paused_until <= now),
        )
        .order_by(delivery.c.next_try_at, delivery.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=delivery)
    )
    found = connection.execute(query).scalar()
    if found is None:
        return None
    connection.execute(update(delivery).where(delivery.c.id == found).values(claimed_until=until))
    return connection.execute(select(delivery).where(delivery.c.id == found)).one()


def settle(connection: Connection, claimed: Row[Any], now: datetime) -> None:
    """Note that a claimed delivery arrived; its webhook takes others again."""
    if _write(
        connection,
        claimed,
        state=DeliveryState.DELIVERED.value,
        delivered_at=now,
        problem="",
    ):
        _set_pause(connection, claimed.webhook_id, None, 0)


def postpone(
    connection: Connection, claimed: Row[Any], now: datetime, wait: timedelta | None, problem: str
) -> None:
    """Note that a claimed delivery failed: it waits, or is dead where ``wait`` is None."""
    values = {"state": _DEAD} if wait is None else {"next_try_at": now + wait}
    _write(connection, claimed, problem=problem[:_PROBLEM_CHARS], **values)


def pause_webhook(
    connection: Connection, webhook_id: int, until: datetime, failure_count: int
) -> None:
    """Let a webhook that did not answer hold up no other until then."""
    _set_pause(connection, webhook_id, until, failure_count)


def _set_pause(
    connection: Connection, webhook_id: int | None, until: datetime | None, failure_count: int
) -> None:
    if webhook_id is not None:
        connection.execute(
            update(webhook)
            .where(webhook.c.id == webhook_id)
            .values(paused_until=until, failure_count=failure_count)
        )


def _write(connection: Connection, claimed: Row[Any], **values: object) -> bool:
    """Write what became of a try, unless another worker took the delivery over meanwhile."""
    is_still_ours = and_(
        delivery.c.id == claimed.id,
        delivery.c.state == _WAITING,
        delivery.c.claimed_until == claimed.claimed_until,
    )
    done = connection.execute(
        update(delivery)
        .where(is_still_ours)
        .values(claimed_until=None, try_count=delivery.c.try_count + 1, **values)
    )
    return done.rowcount == 1


def read_deliveries(
    connection: Connection, limit: int, state: DeliveryState | None
) -> list[Row[Any]]:
    """The newest deliveries, of one state where it is given, the last one written first."""
    query = select(delivery).order_by(delivery.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(delivery.c.state == state.value)
    return list(connection.execute(query))


def deliver_again(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Let a delivery be tried at once, and as often as a new one; False where there is none.

    What a webhook that was removed has not got stays dead.
    """
    if not is_id(delivery_id):
        return False
    query = select(delivery.c.id, delivery.c.webhook_id).where(delivery.c.id == delivery_id)
    found = connection.execute(query.with_for_update()).first()
    if found is None or _is_removed(connection, found.webhook_id):
        return False
    connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(
            state=_WAITING,
            try_count=0,
            next_try_at=now,
            claimed_until=None,
            delivered_at=None,
            problem="",
        )
    )
    _set_pause(connection, found.webhook_id, None, 0)
    return True


def _is_removed(connection: Connection, webhook_id: int | None) -> bool:
    if webhook_id is None:
        return False
    query = select(webhook.c.removed_at).where(webhook.c.id == webhook_id)
    return connection.execute(query).scalar() is not None


def end_deliveries(connection: Connection, webhook_id: int, problem: str) -> None:
    """Let nothing more go to a webhook."""
    connection.execute(
        update(delivery)
        .where(delivery.c.webhook_id == webhook_id, delivery.c.state == _WAITING)
        .values(state=_DEAD, problem=problem)
    )
