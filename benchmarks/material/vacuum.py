"""What PostgreSQL does by itself when it has time, done at once."""

from __future__ import annotations

import psycopg
from sqlalchemy import Engine


def vacuum(engine: Engine) -> None:
    """Clear away old rows and count what is there, outside any transaction as PostgreSQL wants."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
