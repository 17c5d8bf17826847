"""Whether a pooled connection to PostgreSQL still lives: asked by beginning the transaction.

The server may have been started anew since the connection was last used, or a firewall have
forgotten it. ``pool_pre_ping`` asks with a statement of its own before the driver sends ``BEGIN``;
here ``BEGIN`` is the question, which saves each transaction a round trip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

if TYPE_CHECKING:  # the driver is loaded only where there is a PostgreSQL
    import psycopg

_COMMAND_OK = 1  # libpq's PGRES_COMMAND_OK


def begin_when_taken(engine: Engine) -> None:
    """Let an engine give out only connections that live, each in a new transaction.

    One that is dead is made anew, and with it all that are idle. ``AUTOCOMMIT`` cannot be asked
    for: it is too late then.
    """
    driver: Any = engine.dialect.loaded_dbapi

    def begin(
        connection: psycopg.Connection[tuple[object, ...]],
        _: ConnectionPoolEntry,
        __: PoolProxiedConnection,
    ) -> None:
        try:
            status = connection.pgconn.exec_(b"BEGIN").status
        except driver.OperationalError as error:
            raise InvalidatePoolError from error
        if status != _COMMAND_OK:
            raise InvalidatePoolError

    event.listen(engine, "checkout", begin)
