"""Alembic, run on a connection that is given."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from service.errors import SettingsError
from service.storage.schema import MIGRATIONS


def migrate(connection: Connection) -> None:
    """Bring the schema to the newest version, from whatever it is.

    Raises
    ------
    SettingsError
        A newer program made the database.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError("数据库由更新版本的程序建立，请更新本程序") from error
