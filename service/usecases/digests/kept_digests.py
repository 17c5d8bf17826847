"""历期民情: digests kept as they were made, whatever becomes of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.digest.form import FORMS, render
from service.digest.periods import Period
from service.digest.red_head import RedHead
from service.digest.report import Digest
from service.domain.access import Account
from service.domain.delivery import EventType
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.errors import NotFoundError
from service.storage.database import Connection
from service.storage.delivery.deliveries import emit
from service.storage.digests import kept_digests as store
from service.storage.digests.digest_schedules import mark_read, read_by
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import may_digest, readable_scopes

SHOWN = 200


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """What a kept digest summed up; ``cut_at`` is when its data were read.

    ``is_withdrawn``: it quoted a message that was erased by law, and is no more.
    """

    id: int
    period: str
    scope_kind: DigestScopeKind
    scope_key: str
    scope_name: str
    title: str
    message_count: int
    cut_at: datetime
    made_by: str
    is_unread: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One form of a kept digest, byte by byte as it was made."""

    title: str
    content: bytes


def keep_digest(
    context: Context,
    period: Period,
    account: str,
    scope: DigestScope = WHOLE_COUNTY,
    head: RedHead | None = None,
) -> int:
    """Make a digest, keep it in all forms, and give its id.

    Raises
    ------
    InvalidInputError
        The period cannot be summed up (see ``make_digest``).
    """
    rendered = render_digest(make_digest(context, period, scope, head))
    with context.database.transaction() as connection:
        return store_digest(connection, rendered, account)


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest with all its forms, by their names."""

    digest: Digest
    forms: Mapping[str, bytes]


def render_digest(digest: Digest) -> RenderedDigest:
    """Write a digest in all forms."""
    forms = {suffix.removeprefix("."): render(digest, suffix) for suffix in FORMS}
    return RenderedDigest(digest, forms)


def store_digest(connection: Connection, rendered: RenderedDigest, account: str) -> int:
    """Keep a digest within a transaction, let webhooks be told of it, and give its id."""
    digest = rendered.digest
    scope, period = digest.scope, digest.period.code
    kept_id = store.insert_kept_digest(
        connection,
        rendered.forms,
        period=period,
        scope_kind=scope.kind.value,
        scope_key=scope.key,
        scope_name=scope.name,
        title=digest.title,
        message_count=len(digest.messages),
        cut_at=digest.cut_at,
        made_by=account,
    )
    told = {
        "digest_id": kept_id,
        "period": period,
        "scope_kind": scope.kind.value,
        "scope_key": scope.key,
    }
    emit(connection, EventType.DIGEST_MADE, told, digest.cut_at)
    return kept_id


def list_kept_digests(context: Context, account: Account, before: int = 0) -> list[KeptDigest]:
    """The newest kept digests that tell of an account's own matters only, the last made first.

    At most ``SHOWN``; those behind the one of the id ``before`` where it is not 0.
    """
    with context.database.reading() as connection:
        rows = store.read_kept_digests(connection, SHOWN, readable_scopes(context, account), before)
        opened = read_by(connection, account.name)
    return [
        KeptDigest(
            **{**row._asdict(), "scope_kind": DigestScopeKind(row.scope_kind)},
            is_unread=row.id not in opened,
        )
        for row in rows
    ]


def read_kept_file(context: Context, kept_id: int, form: str, account: Account) -> KeptFile:
    """One form (``docx``, ``html``, ``xlsx`` or ``json``) of a kept digest.

    One that tells of others' matters than the account's is not there for it, nor one that quoted
    a message erased since. From then on the account has read it.

    Raises
    ------
    NotFoundError
        There is no such digest or form.
    """
    with context.database.reading() as connection:
        found = store.read_kept_form(connection, kept_id, form)
    if found is None or not _may_read(context, account, found[0]):
        raise NotFoundError(f"民情汇总 {kept_id} 的 {form} 形式")
    row, content = found
    with context.database.transaction() as connection:
        mark_read(connection, account.name, kept_id)
    return KeptFile(row.title, content)


def _may_read(context: Context, account: Account, row: Any) -> bool:
    return may_digest(context, account, DigestScopeKind(row.scope_kind), row.scope_key)
