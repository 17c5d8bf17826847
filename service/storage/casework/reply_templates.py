"""Templates of answers, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from service.storage.tables import reply_template


def read_templates(connection: Connection) -> list[Row[Any]]:
    """All templates, by name."""
    return list(connection.execute(select(reply_template).order_by(reply_template.c.name)))


def find_template(connection: Connection, name: str) -> Row[Any] | None:
    """A template's row, or None."""
    query = select(reply_template).where(reply_template.c.name == name)
    return connection.execute(query).first()


def replace_template(
    connection: Connection, name: str, text: str, account: str, at: datetime
) -> None:
    """Keep a template in the place of one of the same name."""
    delete_template(connection, name)
    row = {"name": name, "text": text, "changed_by": account, "changed_at": at}
    connection.execute(insert(reply_template).values(row))


def delete_template(connection: Connection, name: str) -> bool:
    """Delete a template; False where there is none."""
    where = reply_template.c.name == name
    return connection.execute(delete(reply_template).where(where)).rowcount > 0
