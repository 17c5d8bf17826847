"""推送: which addresses are told of what, and the secrets that their receivers know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.delivery.addresses import read_url, resolve
from service.delivery.signature import draw_secret, show_secret
from service.domain.delivery import WEBHOOK_EVENTS, EventType
from service.errors import InvalidInputError, NotFoundError
from service.storage.delivery import webhooks as store
from service.storage.delivery.deliveries import end_deliveries
from service.storage.rows import share_key_lock
from service.usecases.context import Context

BOTH_HOLD = timedelta(days=1)  # after a change of the secret the former one signs too
MAX_WEBHOOKS = 50


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook, without its secret. ``failure_count`` is since it last took something."""

    id: int
    url: str
    events: tuple[EventType, ...]
    failure_count: int
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook's secret, ``whsec_…``: told once."""

    webhook_id: int
    secret: str


def add_webhook(context: Context, url: str, events: Collection[EventType], actor: str) -> NewSecret:
    """Let an address be told of events from now on.

    Raises
    ------
    AddressRefusedError
        It is not of http or https, or leads inside the house without being allowed to.
    InvalidInputError
        No event is named, or one that is for senders alone, or there are too many webhooks.
    HostNotFoundError
        Its name leads nowhere.
    """
    if not set(WEBHOOK_EVENTS).issuperset(events):
        raise InvalidInputError("回执只寄给来信人，不能推送")
    if not events:
        raise InvalidInputError("请至少选择一种要推送的事")
    resolve(read_url(url), context.settings.webhook_networks)
    secret = draw_secret()
    names = sorted({each.value for each in events})
    with context.database.transaction() as connection:
        if len(store.read_webhooks(connection)) >= MAX_WEBHOOKS:
            raise InvalidInputError(f"推送地址不能超过 {MAX_WEBHOOKS} 个")
        share_key_lock(connection)
        sealed = context.sealer.seal_secret(secret)
        made = store.insert_webhook(connection, url, names, sealed, actor, context.now())
    return NewSecret(made, show_secret(secret))


def list_webhooks(context: Context) -> list[WebhookView]:
    """All webhooks, by id."""
    with context.database.reading() as connection:
        rows = store.read_webhooks(connection)
    return [
        WebhookView(
            row.id,
            row.url,
            tuple(map(EventType, row.events)),
            row.failure_count,
            row.made_by,
            row.made_at,
        )
        for row in rows
    ]


def rotate_secret(context: Context, webhook_id: int) -> NewSecret:
    """Give a webhook another secret; for ``BOTH_HOLD`` the former one signs beside it.

    Raises
    ------
    NotFoundError
        There is no such webhook.
    """
    secret, now = draw_secret(), context.now()
    with context.database.transaction() as connection:
        row = store.read_webhook(connection, webhook_id, lock=True)
        if row is None:
            raise NotFoundError(f"推送 {webhook_id}")
        share_key_lock(connection)
        store.change_webhook(
            connection,
            webhook_id,
            secret=context.sealer.seal_secret(secret),
            former_secret=row.secret,
            former_until=now + BOTH_HOLD,
        )
    return NewSecret(webhook_id, show_secret(secret))


def remove_webhook(context: Context, webhook_id: int) -> None:
    """Let an address be told nothing more, neither what waits; its secrets are deleted.

    Raises
    ------
    NotFoundError
        There is no such webhook.
    """
    with context.database.transaction() as connection:
        if store.read_webhook(connection, webhook_id, lock=True) is None:
            raise NotFoundError(f"推送 {webhook_id}")
        nothing = {"secret": b"", "former_secret": None}  # nosec B105 - they are deleted
        removed = {"removed_at": context.now(), **nothing}
        store.change_webhook(connection, webhook_id, **removed)
        end_deliveries(connection, webhook_id, "推送地址已经删除")
