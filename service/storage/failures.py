"""What a database's driver reports, told as errors of the product."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.errors import DatabaseUnavailableError, InvalidInputError, SettingsError

logger = logging.getLogger(__name__)

_OUR_MISTAKES = (IntegrityError, ProgrammingError, NotSupportedError)
_UNSTORABLE = "含有数据库无法保存的字符或数值"
_NO_SERVER = "无法连接数据库服务器"
_SQLITE = {
    "SQLITE_BUSY": "数据库正被其他程序占用",
    "SQLITE_LOCKED": "数据库正被其他程序占用",
    "SQLITE_READONLY": "数据库文件只读",
    "SQLITE_CANTOPEN": "数据库文件无法打开",
    "SQLITE_PERM": "没有权限使用数据库文件",
    "SQLITE_FULL": "磁盘已满",
    "SQLITE_IOERR": "磁盘读写出错",
    "SQLITE_NOTADB": "该文件不是数据库",
    "SQLITE_CORRUPT": "数据库文件已损坏",
}
# By the class of the SQLSTATE code (PostgreSQL's documentation, appendix A).
_POSTGRESQL = {
    "08": _NO_SERVER,
    "25": "数据库只读",
    "28": "数据库用户名或密码不正确",
    "3D": "数据库不存在",
    "40": "与同时进行的其他操作冲突",
    "53": "数据库服务器资源不足",
    "55": "数据库正被其他程序占用",
    "57": "数据库服务器正在启动或停止，或者操作超时",
    "58": "数据库服务器磁盘读写出错",
}


@contextmanager
def told_in_chinese() -> Iterator[None]:
    """Turn failures of the database into errors of the product; our own mistakes pass as are.

    The driver's words, which may name hosts and users, go to the log only.

    Raises
    ------
    DatabaseUnavailableError
        The database cannot be reached or used.
    InvalidInputError
        It does not take a value.
    SettingsError
        Its URL holds an option with a value that is none.
    """
    try:
        yield
    except _OUR_MISTAKES as error:
        if isinstance(error, ProgrammingError) and error.statement is None:
            # Nothing was asked yet: the driver refused an option of the connection.
            raise SettingsError("MINQING_DATABASE_URL 的值不正确") from error
        raise
    except (DataError, UnicodeEncodeError) as error:
        raise InvalidInputError(_UNSTORABLE) from error
    except PoolTimeout as error:
        raise DatabaseUnavailableError("同时使用的人过多") from error
    except DBAPIError as error:
        logger.warning("%s", error.orig)
        raise DatabaseUnavailableError(_reason(error.orig)) from error
    except sqlite3.DatabaseError as error:  # from SQLite's own connection, without SQLAlchemy
        logger.warning("%s", error)
        raise DatabaseUnavailableError(_reason(error)) from error


def _reason(error: BaseException | None) -> str:
    """The reason in Chinese, "" where the code says nothing to a person."""
    name = getattr(error, "sqlite_errorname", None)
    if name is not None:
        # Extended codes follow the plain one: SQLITE_READONLY_DBMOVED.
        return _SQLITE.get("_".join(name.split("_")[:2]), "")
    state = getattr(error, "sqlstate", None)
    return _NO_SERVER if state is None else _POSTGRESQL.get(state[:2], "")
