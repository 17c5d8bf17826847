"""投递: what waits in the outbox goes out, is tried again, and at last is told to be dead."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.delivery.addresses import read_url, resolve
from service.delivery.mail import Attached, MailServer, compose, hand_in
from service.delivery.post import post
from service.delivery.signature import sign
from service.domain.delivery import (
    WAITS,
    DeliveryChannel,
    DeliveryState,
    EventType,
    wait_after,
)
from service.errors import (
    InvalidInputError,
    MinqingError,
    NotFoundError,
    SettingsError,
    UndeliveredError,
)
from service.storage.delivery import deliveries as store
from service.storage.delivery.webhooks import read_webhook
from service.storage.digests.kept_digests import read_kept_form
from service.usecases.context import Context
from service.usecases.mailing.mailed_receipts import write_receipt

SHOWN = 200
SECONDS = 10.0  # for one request to a webhook
_HELD = timedelta(minutes=5)  # longer than any try: a worker that died gives it up by then
# RFC 3834: whoever answers mails by a program leaves these alone.
_GENERATED = {"Auto-Submitted": "auto-generated"}
_REPLIED = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
_MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery and how far it has come; ``problem`` says why the last try failed.

    ``recipient`` is a mail address, or a webhook's without its query: that may hold a secret.
    """

    id: int
    channel: DeliveryChannel
    event_id: str
    event_type: EventType
    recipient: str
    state: DeliveryState
    try_count: int
    made_at: datetime
    next_try_at: datetime
    delivered_at: datetime | None
    problem: str


def list_deliveries(context: Context, state: DeliveryState | None = None) -> list[DeliveryView]:
    """The newest deliveries, at most ``SHOWN``; of one state where it is given."""
    with context.database.reading() as connection:
        rows = store.read_deliveries(connection, SHOWN, state)
    return [
        DeliveryView(
            id=row.id,
            channel=DeliveryChannel(row.channel),
            event_id=row.event_id,
            event_type=EventType(row.event_type),
            recipient=_shown(row),
            state=DeliveryState(row.state),
            try_count=row.try_count,
            made_at=row.made_at,
            next_try_at=row.next_try_at,
            delivered_at=row.delivered_at,
            problem=row.problem,
        )
        for row in rows
    ]


def _shown(row: Any) -> str:
    recipient: str = row.recipient
    return recipient.partition("?")[0] if row.webhook_id else recipient


def deliver_again(context: Context, delivery_id: int) -> None:
    """Let something be delivered (once more), whatever became of it.

    Raises
    ------
    NotFoundError
        There is no such delivery, or its webhook was removed.
    """
    with context.database.transaction() as connection:
        if not store.deliver_again(connection, delivery_id, context.now()):
            raise NotFoundError(f"投递 {delivery_id}")


def deliver_due(
    context: Context, channel: DeliveryChannel, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Deliver what is due by one channel, one after the other; how many tries that were.

    Of several workers each takes others. One that dies in the middle of a try gives it up after
    some minutes: what it tried may then arrive twice, under the same id.
    """
    count = 0
    while not is_stopping():
        now = context.now()
        with context.database.transaction() as connection:
            claimed = store.claim_due(connection, channel, now, now + _HELD)
        if claimed is None:
            break
        _try(context, claimed)
        count += 1
    return count


def _try(context: Context, claimed: Any) -> None:
    send = _SENDERS[DeliveryChannel(claimed.channel)]
    try:
        send(context, claimed)
    except (UndeliveredError, InvalidInputError, NotFoundError, SettingsError) as error:
        _note_failure(context, claimed, error)
        return
    with context.database.transaction() as connection:
        store.settle(connection, claimed, context.now())


def _note_failure(context: Context, claimed: Any, error: MinqingError) -> None:
    """What cannot succeed later is dead at once; a webhook that fails often rests longer."""
    now, chance = context.now(), random.random()  # noqa: S311 - spreads load, hides nothing
    wait = None if isinstance(error, NotFoundError) else wait_after(claimed.try_count + 1, chance)
    with context.database.transaction() as connection:
        store.postpone(connection, claimed, now, wait, error.detail or error.message)
        row = read_webhook(connection, claimed.webhook_id or 0, lock=True)
        if row is not None:
            failures = min(row.failure_count + 1, len(WAITS))
            rest = wait_after(failures, chance) or WAITS[-1]
            store.pause_webhook(connection, row.id, now + rest, failures)


def _send_to_webhook(context: Context, claimed: Any) -> None:
    with context.database.reading() as connection:
        row = read_webhook(connection, claimed.webhook_id)
    if row is None:
        raise NotFoundError("推送地址已经删除")
    now, sealer = context.now(), context.sealer
    known = [sealer.open_secret(bytes(row.secret))]
    if row.former_secret is not None and row.former_until > now:
        known.append(sealer.open_secret(bytes(row.former_secret)))
    body = claimed.payload.encode()
    target = read_url(row.url)
    address = resolve(target, context.settings.webhook_networks)
    post(target, address, body, sign(claimed.event_id, now, body, known), SECONDS)


def _send_mail(context: Context, claimed: Any) -> None:
    server = _mail_server(context)
    if claimed.event_type == EventType.MESSAGE_ACKNOWLEDGED.value:
        receipt = write_receipt(context, claimed.message_id)
        headers = {"To": receipt.address, "Subject": receipt.subject, **_REPLIED}
        _hand_in(context, server, claimed, headers, receipt.text, [])
        return
    told = json.loads(claimed.payload)
    attached = [_attached(context, told, form) for form in told["forms"]]
    headers = {"To": claimed.recipient, "Subject": told["title"], **_GENERATED}
    _hand_in(context, server, claimed, headers, told["text"], attached)


def _hand_in(
    context: Context,
    server: MailServer,
    claimed: Any,
    headers: dict[str, str],
    text: str,
    attached: list[Attached],
) -> None:
    domain = server.sender.rpartition("@")[2] or "localhost"
    named = {"From": server.sender, "Message-ID": f"<{claimed.event_id}@{domain}>", **headers}
    hand_in(server, compose(named, text, context.now(), attached))


def _attached(context: Context, told: Any, form: str) -> Attached:
    with context.database.reading() as connection:
        found = read_kept_form(connection, told["digest_id"], form)
    if found is None:
        raise NotFoundError("这一期汇总已经撤回")
    return Attached(f"{told['title']}.{form}", _MEDIA_TYPES[form], found[1])


def _mail_server(context: Context) -> MailServer:
    settings = context.settings
    if not settings.smtp_host or not settings.smtp_sender:
        raise SettingsError("没有设置邮件服务器")
    user, password = settings.read_smtp_login()
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_sender,
        user,
        password,
    )


_SENDERS: dict[DeliveryChannel, Callable[[Context, Any], None]] = {
    DeliveryChannel.WEBHOOK: _send_to_webhook,
    DeliveryChannel.MAIL: _send_mail,
}
