"""Digests as they were made, each form compressed."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, and_, false, insert, or_, select

from service.storage.rows import is_id
from service.storage.tables import kept_digest, kept_digest_form


def insert_kept_digest(
    connection: Connection, forms: Mapping[str, bytes], **columns: object
) -> int:
    """Keep a digest in its forms and give its id."""
    made = connection.execute(insert(kept_digest).values(columns).returning(kept_digest.c.id))
    kept_id = int(made.scalar_one())
    rows = [
        {"kept_digest_id": kept_id, "form": form, "content": zlib.compress(content)}
        for form, content in forms.items()
    ]
    connection.execute(insert(kept_digest_form), rows)
    return kept_id


def read_kept_digests(
    connection: Connection, limit: int, among: Mapping[str, Collection[str]] | None
) -> list[Row[Any]]:
    """The newest kept digests, the last one made first.

    ``among``: of these scopes only, their keys by kind; of all where it is None.
    """
    query = select(kept_digest).order_by(kept_digest.c.id.desc()).limit(limit)
    if among is not None:
        is_of = [
            and_(kept_digest.c.scope_kind == kind, kept_digest.c.scope_key.in_(sorted(keys)))
            for kind, keys in among.items()
        ]
        query = query.where(or_(false(), *is_of))
    return list(connection.execute(query))


def read_kept_form(
    connection: Connection, kept_id: int, form: str
) -> tuple[Row[Any], bytes] | None:
    """A kept digest's row and one of its forms; None where there is none."""
    if not is_id(kept_id):
        return None
    query = (
        select(kept_digest, kept_digest_form.c.content)
        .join(kept_digest_form, kept_digest_form.c.kept_digest_id == kept_digest.c.id)
        .where(kept_digest.c.id == kept_id, kept_digest_form.c.form == form)
    )
    found = connection.execute(query).first()
    return None if found is None else (found, zlib.decompress(found.content))
