"""Digests as they were made, each form compressed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, false, insert, or_, select

from service.storage.rows import chunks, is_id
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
    connection: Connection,
    limit: int,
    among: Mapping[str, Collection[str]] | None,
    before: int = 0,
) -> list[Row[Any]]:
    """The newest kept digests, the last one made first; those behind ``before`` if it is not 0.

    ``is_withdrawn`` tells of each whether its forms are no more.
    ``among``: of these scopes only, their keys by kind; of all where it is None.
    """
    is_withdrawn = ~exists().where(kept_digest_form.c.kept_digest_id == kept_digest.c.id)
    columns = kept_digest, is_withdrawn.label("is_withdrawn")
    query = select(*columns).order_by(kept_digest.c.id.desc()).limit(limit)
    if before:
        query = query.where(kept_digest.c.id < before)
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


def find_quoting(connection: Connection, since: datetime, sentences: Collection[str]) -> list[int]:
    """The kept digests whose data were read since a time and that quote one of these sentences."""
    query = (
        select(kept_digest.c.id, kept_digest_form.c.content)
        .join(kept_digest_form, kept_digest_form.c.kept_digest_id == kept_digest.c.id)
        .where(kept_digest.c.cut_at >= since, kept_digest_form.c.form == "json")
        .order_by(kept_digest.c.id)
    )
    # As they stand in JSON: without the quotes around.
    wanted = [json.dumps(each, ensure_ascii=False)[1:-1] for each in sentences]
    found = []
    for row in connection.execute(query):
        text = zlib.decompress(row.content).decode("utf-8", "replace")
        if any(each in text for each in wanted):
            found.append(row.id)
    return found


def withdraw_kept_digests(connection: Connection, kept_ids: Sequence[int]) -> None:
    """Delete all forms of kept digests: that they were made stays told."""
    for part in chunks(kept_ids):
        is_of = kept_digest_form.c.kept_digest_id.in_(part)
        connection.execute(delete(kept_digest_form).where(is_of))
