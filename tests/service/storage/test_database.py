"""The database itself: transactions, concurrency, and every way in which it can be out of reach."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.domain.access import Role
from service.errors import DatabaseUnavailableError, InvalidInputError, SettingsError
from service.storage.accounts import accounts
from service.storage.accounts.accounts import has_accounts, insert_account
from service.storage.database import Database
from service.storage.failures import told_in_chinese
from tests.service.usecases.intake.test_receive_at_once import together


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def on_file(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    opened.upgrade()
    yield opened
    opened.close()


def path_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def impatient(database: Database) -> Database:
    """The same, but waiting a moment instead of a quarter of a minute."""

    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    event.listen(database.engine, "connect", hurry)
    return database


def add(database: Database, name: str) -> None:
    with database.transaction() as connection:
        insert_account(connection, name, "hash", Role.ADMINISTRATOR)


def test_a_transaction_is_kept_at_its_end(database: Database) -> None:
    add(database, "甲")
    with database.reading() as connection:
        assert has_accounts(connection)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, InvalidInputError])
def test_a_transaction_that_fails_leaves_nothing(
    database: Database, error: type[BaseException]
) -> None:
    with pytest.raises(error), database.transaction() as connection:
        insert_account(connection, "甲", "hash", Role.ADMINISTRATOR)
        raise error
    with database.reading() as connection:
        assert not has_accounts(connection)


def test_what_is_not_committed_is_not_seen_elsewhere(database: Database) -> None:
    with database.transaction() as writer:
        insert_account(writer, "甲", "hash", Role.ADMINISTRATOR)
        with database.reading() as reader:
            assert not has_accounts(reader)


def test_a_reader_sees_one_state_throughout(on_file: Database) -> None:
    with on_file.reading() as reader:
        assert not has_accounts(reader)
        add(on_file, "甲")
        assert not has_accounts(reader)


def test_a_row_of_nothing_is_our_mistake_and_not_the_databases(database: Database) -> None:
    add(database, "甲")
    with pytest.raises(IntegrityError):
        add(database, "甲")


def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as connection:
        accounts.insert_login(connection, b"t", "nobody", datetime.now(UTC), datetime.now(UTC))


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["\x00", "长" * 101])
def test_a_value_postgresql_does_not_take_is_told_in_chinese(postgres_url: str, name: str) -> None:
    database = Database(postgres_url)
    database.upgrade()
    with pytest.raises(InvalidInputError, match="无法保存"):
        add(database, name)
    database.close()


@pytest.mark.postgres
def test_a_broken_statement_is_a_defect_and_shows_as_one(postgres_url: str) -> None:
    database = Database(postgres_url)
    with pytest.raises(ProgrammingError), database.transaction() as connection:
        connection.execute(text("SELECT nonsense"))
    database.close()


def test_servers_starting_at_once_make_one_schema(database_url: str) -> None:
    servers = [Database(database_url) for _ in range(3)]
    together([server.upgrade for server in servers])
    assert all(server.is_current() for server in servers)
    for server in servers:
        server.close()


def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    def open_and_write(database: Database) -> None:
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
        with database.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS thing (name TEXT)")

    for attempt in range(20):  # one race in twenty was lost before
        databases = [Database(f"sqlite:///{tmp_path / f'{attempt}.sqlite3'}") for _ in range(8)]
        together([partial(open_and_write, database) for database in databases])
        for database in databases:
            database.close()


def test_a_file_in_a_new_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "neu" / "深"
    database = Database(f"sqlite:///{folder / 'm.sqlite3'}")
    database.upgrade()
    add(database, "甲")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    database.close()


def test_an_existing_file_keeps_its_rights(on_file: Database, sqlite_url: str) -> None:
    path_of(on_file).chmod(0o640)
    Database(sqlite_url).close()
    assert stat.S_IMODE(path_of(on_file).stat().st_mode) == 0o640


def test_an_acknowledged_row_survives_a_power_cut(on_file: Database) -> None:
    with on_file.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000,
    }  # fmt: skip


def refused(database: Database, use: Callable[[Database], object]) -> str:
    """What is told when a use of the database fails, without the headline."""
    with pytest.raises(DatabaseUnavailableError) as raised:
        use(database)
    database.close()
    assert raised.value.status == 503
    return raised.value.detail


def test_a_locked_file_is_told_after_a_wait(on_file: Database, sqlite_url: str) -> None:
    waiting = impatient(Database(sqlite_url))
    with on_file.transaction():
        assert refused(waiting, lambda d: add(d, "甲")) == "数据库正被其他程序占用"


def test_a_lock_keeps_no_reader_out(on_file: Database, sqlite_url: str) -> None:
    other = impatient(Database(sqlite_url))
    with on_file.transaction(), other.reading() as connection:
        assert not has_accounts(connection)
    other.close()


def test_a_read_only_file_is_told(on_file: Database, sqlite_url: str) -> None:
    path = path_of(on_file)
    read_only = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert refused(read_only, lambda d: add(d, "甲")) == "数据库文件只读"


def test_a_uri_makes_no_folder_of_its_name(
    on_file: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    Database(f"sqlite:///file:{tmp_path / 'x' / 'y'}?mode=ro&uri=true").close()
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("这不是数据库，是一封信。" * 200, encoding="utf-8")
    before = path.read_bytes()
    assert refused(Database(f"sqlite:///{path}"), Database.upgrade) == "该文件不是数据库"
    assert path.read_bytes() == before


def test_a_damaged_database_is_told(on_file: Database, sqlite_url: str) -> None:
    add(on_file, "甲")
    on_file.close()
    path = path_of(on_file)
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert refused(Database(sqlite_url), lambda d: add(d, "乙")) == "数据库文件已损坏"


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    assert refused(Database(f"sqlite:///{tmp_path}"), Database.upgrade) == "数据库文件无法打开"


def test_a_folder_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="无法建立"):
        Database(f"sqlite:///{tmp_path / 'file' / 'm.sqlite3'}").upgrade()


def test_a_database_is_begun_with_its_schema_and_asking_makes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    database = Database(database_url)
    assert not database.is_begun()
    assert sorted(tmp_path.iterdir()) == before
    database.upgrade()
    assert database.is_begun()
    database.close()


@pytest.mark.parametrize("query", ["", "?uri=true"])
def test_a_file_that_is_missing_or_empty_is_told_without_making_one(
    tmp_path: Path, query: str
) -> None:
    path = tmp_path / "neu" / "m 1.sqlite3"
    named = f"file:{quote(str(path))}" if query else path
    database = Database(f"sqlite:///{named}{query}")
    assert database.has_no_file()
    assert list(tmp_path.iterdir()) == []
    path.parent.mkdir()
    path.touch()
    assert not database.is_begun()
    assert path.read_bytes() == b""
    database.upgrade()
    assert not database.has_no_file()
    database.close()


def test_below_a_file_nothing_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Database(f"sqlite:///{tmp_path}/file/m").has_no_file()


@pytest.mark.parametrize("named", ["x" * 300, "null\0"])
def test_a_name_that_no_file_can_have_is_a_wrong_setting(tmp_path: Path, named: str) -> None:
    with pytest.raises(SettingsError, match="无法打开"):
        Database(f"sqlite:///{tmp_path}/{named}").has_no_file()


def test_a_full_disk_is_told(on_file: Database) -> None:
    with on_file.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(database: Database) -> None:
        with database.transaction() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            for n in range(1000):
                insert_account(connection, f"{n}", "x" * 1000, Role.ADMINISTRATOR)

    assert refused(on_file, fill) == "磁盘已满"


def test_a_server_that_is_not_there_is_told_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = Database("postgresql://someone:secret@127.0.0.1:1/nothing")
    assert refused(database, Database.upgrade) == "无法连接数据库服务器"
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.postgres
def test_a_missing_postgresql_database_is_told(postgres_url: str) -> None:
    assert refused(Database(postgres_url + "_no"), Database.upgrade) == "无法连接数据库服务器"


@pytest.mark.postgres
def test_connections_cut_by_the_server_come_again(postgres_url: str) -> None:
    database = Database(postgres_url)
    database.upgrade()
    with database.reading() as connection:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    other = Database(postgres_url)
    with other.transaction() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
    add(database, "甲")
    database.close()
    other.close()


@pytest.mark.postgres
def test_all_connections_cut_at_once_come_again(postgres_url: str) -> None:
    """As after the server was started anew."""
    database, other = Database(postgres_url), Database(postgres_url)
    database.upgrade()
    with database.reading(), database.reading(), database.reading():
        pass
    with other.transaction() as connection:
        ended = connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert list(ended.scalars()) == [True] * 3
    with database.reading(), database.reading():
        add(database, "甲")
    with other.reading() as connection:
        assert has_accounts(connection)
    database.close()
    other.close()


@pytest.mark.postgres
def test_each_transaction_is_one_and_leaves_none_open(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    state = text(
        "SELECT state FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with other.reading() as watching:
        with database.transaction():
            assert watching.execute(state).scalar() == "idle in transaction"
        with pytest.raises(RuntimeError), database.transaction():
            raise RuntimeError
    with other.reading() as watching:
        assert watching.execute(state).scalar() == "idle"
    database.close()
    other.close()


@pytest.mark.postgres
def test_a_connection_cut_in_a_transaction_is_told_and_stores_nothing(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    database.upgrade()

    def cut(opened: Database) -> None:
        with opened.transaction() as connection:
            insert_account(connection, "甲", "hash", Role.ADMINISTRATOR)
            own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with other.transaction() as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
            insert_account(connection, "乙", "hash", Role.ADMINISTRATOR)

    assert "数据库服务器" in refused(database, cut)
    with other.reading() as connection:
        assert not has_accounts(connection)
    other.close()


def test_too_many_at_once_is_told() -> None:
    with pytest.raises(DatabaseUnavailableError, match="人过多"), told_in_chinese():
        raise PoolTimeout


@pytest.mark.parametrize(
    "url",
    [
        "x",
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "mysql://localhost/x",
        "oracle://x",
        "nonsense://x",
        "postgresql://host:port/x",
    ],
)
def test_a_wrong_url_names_its_setting(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="MINQING_DATABASE_URL"):
        Database(url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///m.sqlite3", "sqlite+pysqlite:///m.sqlite3"])
def test_the_driver_is_the_products_choice(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database(url)
    database.upgrade()
    assert database.is_current()
    database.close()


def test_a_password_in_a_wrong_url_is_not_told() -> None:
    with pytest.raises(SettingsError) as raised:
        Database("mysql://me:secret@host/x")
    assert "secret" not in str(raised.value.message)


def test_a_database_of_a_newer_program_is_told(on_file: Database) -> None:
    with on_file.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SettingsError, match="更新版本"):
        on_file.upgrade()
    assert not on_file.is_current()


def test_closing_leaves_no_connection(on_file: Database) -> None:
    with on_file.reading():
        pass
    on_file.close()
    engine: Engine = on_file.engine
    assert engine.pool.checkedin() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        "nope",
        "://",
        "mysql://u:secret@h/x",
        "postgresql+nope://h/x",
        "sqlite+nope:////tmp/x",
        "postgresql://h/x?nope=1",
        "postgresql://h:99999/x",
        "postgresql://h:0/x",
        "postgresql://h:port/x",
        "postgresql://h/x?plugin=nope",
        "sqlite:///none/x?nope=1",
        "sqlite:///none/x?timeout=soon",
        "sqlite:///none/x?plugin=nope",
        "sqlite://h/x",
        "sqlite://",
    ],
)
def test_an_url_that_names_no_database_is_told_by_its_key(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="MINQING_DATABASE_URL") as raised:
        Database(url)
    assert "secret" not in raised.value.message
    assert list(tmp_path.iterdir()) == []


def test_an_option_whose_value_is_none_is_told_when_it_is_first_used() -> None:
    database = Database("postgresql://127.0.0.1:1/x?connect_timeout=soon")
    with pytest.raises(SettingsError, match="MINQING_DATABASE_URL"):
        database.upgrade()
    database.close()


def test_options_that_the_driver_knows_are_let_pass(tmp_path: Path) -> None:
    Database("postgresql://h/x?sslmode=require&connect_timeout=3").close()
    opened = Database(f"sqlite:///{tmp_path / 'x'}?timeout=3")
    opened.upgrade()
    opened.close()
