"""Templates of answers, kept by the administrator for all who write them."""

from __future__ import annotations

from service.errors import InvalidInputError, NotFoundError
from service.storage.casework import reply_templates as store
from service.usecases.casework.answering import MAX_REPLY_CHARS
from service.usecases.context import Context

MAX_NAME_CHARS = 100


def list_templates(context: Context) -> list[str]:
    """The names of all templates."""
    with context.database.reading() as connection:
        return [row.name for row in store.read_templates(connection)]


def read_template(context: Context, name: str) -> str:
    """The text of a template; "" where there is none of this name."""
    if not name:
        return ""
    with context.database.reading() as connection:
        row = store.find_template(connection, name)
    return str(row.text) if row is not None else ""


def keep_template(context: Context, name: str, text: str, account: str) -> None:
    """Keep a template in the place of one of the same name.

    Raises
    ------
    InvalidInputError
        The name or the text is empty or too long.
    """
    if not 0 < len(name.strip()) <= MAX_NAME_CHARS:
        raise InvalidInputError(f"请填写范本的名称，不超过 {MAX_NAME_CHARS} 字")
    if not 0 < len(text.strip()) <= MAX_REPLY_CHARS:
        raise InvalidInputError(f"请填写范本的正文，不超过 {MAX_REPLY_CHARS:,} 字")
    with context.database.transaction() as connection:
        store.replace_template(connection, name.strip(), text.strip(), account, context.now())


def drop_template(context: Context, name: str) -> None:
    """Delete a template.

    Raises
    ------
    NotFoundError
        There is none of this name.
    """
    with context.database.transaction() as connection:
        if not store.delete_template(connection, name):
            raise NotFoundError(f"范本 {name}")
