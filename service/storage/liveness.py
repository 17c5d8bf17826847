"""Whether a pooled connection still lives: asked before use, unless it was just used.

The server may have been started anew or a firewall have forgotten the connection. Asking costs a
round trip, as much as a short statement; what was used a moment ago is trusted, as HikariCP does
(its ``aliveBypassWindowMs``, 500).
"""

from __future__ import annotations

from time import monotonic

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

TRUSTED_SECONDS = 0.5
_USED_AT = "minqing_used_at"


def ask_idle_connections(engine: Engine) -> None:
    """Let an engine give out no connection that was idle and is dead; all of them are made anew."""
    dialect = engine.dialect

    def note(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED_AT] = monotonic()

    def ask(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection
    ) -> None:
        used_at = entry.info.get(_USED_AT)
        if used_at is None or monotonic() - used_at < TRUSTED_SECONDS:
            return  # just made, or just used
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            if dialect.is_disconnect(error, connection, None):
                raise InvalidatePoolError from error
            raise

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)
