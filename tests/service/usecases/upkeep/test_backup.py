"""A backup holds all but the key, is consistent while others write, and restores or refuses."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from service.errors import (
    BackupError,
    DatabaseUnavailableError,
    FileUnreadableError,
    FileUnwritableError,
    MinqingError,
    SettingsError,
)
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.upkeep.backup_file import may_hold, unpack
from service.usecases.casework.receipts import look_up
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.upkeep.audit import verify_histories
from service.usecases.upkeep.backup import make_backup, restore_backup
from tests.makers import a_message, shown
from tests.service.usecases.books import check_books, rows
from tests.system.postgres import PostgresServer


@pytest.fixture
def backup(context: Context, tmp_path: Path) -> Path:
    receive_messages(context, [a_message(), a_message("桥塌了。", external_id="2")])
    home = context.settings.home
    (home / "models").mkdir(parents=True)
    (home / "models" / "one.mqm").write_bytes(b"weights")
    (home / "rejects").mkdir()
    (home / "rejects" / "a.csv").write_text("退回的行", "utf-8")
    path = tmp_path / "backup.tar.gz"
    made = make_backup(context, path)
    assert (made.file_count, made.size) == (2, path.stat().st_size)
    return path


@pytest.fixture
def empty(request: pytest.FixtureRequest, context: Context, tmp_path: Path) -> Iterator[Settings]:
    """An installation with the same key and nothing else, on the same kind of database."""
    home = tmp_path / "new"
    home.mkdir()
    shutil.copy(context.settings.secret_key.path, home)
    if context.settings.url.startswith("sqlite"):
        yield Settings(home=home)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url:
        yield Settings(home=home, database_url=url)


def restored(context: Context, settings: Settings) -> Context:
    return replace(context, settings=settings, database=Database(settings.url))


def test_what_was_backed_up_is_there_again(context: Context, backup: Path, empty: Settings) -> None:
    assert restore_backup(empty, backup) == context.now()
    there = restored(context, empty)
    for table in tables.metadata.sorted_tables:
        assert rows(there, table) == rows(context, table), table.name
    check_books(there)
    assert verify_histories(there).faults == []
    receive_messages(there, [a_message("水管爆了。", external_id="3")])
    check_books(there)
    assert (empty.home / "models" / "one.mqm").read_bytes() == b"weights"
    assert (empty.home / "rejects" / "a.csv").read_text("utf-8") == "退回的行"
    there.database.close()


def test_the_key_is_not_in_it(context: Context, backup: Path) -> None:
    with tarfile.open(backup) as archive:
        contents = [archive.extractfile(member).read() for member in archive]  # type: ignore[union-attr]
    (key,) = context.settings.secret_key.ring().keys
    told = key.secret, key.secret.hex().encode(), b64encode(key.secret)
    assert not any(each in content for content in contents for each in told)
    assert backup.stat().st_mode & 0o077 == 0


def test_it_is_of_one_moment_while_others_write(
    context: Context, empty: Settings, tmp_path: Path
) -> None:
    def write(number: int) -> str:
        text = f"{number}号楼的电梯又坏了，等了{number}天没有人来修。"
        return receive_messages(context, [a_message(text, external_id=str(number))])[0].receipt

    with ThreadPoolExecutor(4) as pool:
        before = [write(number) for number in range(5)]
        writing = [pool.submit(write, number) for number in range(5, 45)]
        make_backup(context, tmp_path / "b.tar.gz")
        for one in writing:
            one.result()
    restore_backup(empty, tmp_path / "b.tar.gz")
    there = restored(context, empty)
    check_books(there)
    assert verify_histories(there).faults == []
    assert all(look_up(there, shown(receipt)) for receipt in before)
    there.database.close()


def test_it_needs_the_key_of_that_time(backup: Path, empty: Settings) -> None:
    (empty.home / "secret.key").write_bytes(b"another key of thirty-two bytes!!!")
    with pytest.raises(BackupError, match="密钥"):
        restore_backup(empty, backup)
    (empty.home / "secret.key").unlink()
    with pytest.raises(SettingsError, match=r"secret\.key"):
        restore_backup(empty, backup)
    assert not (empty.home / "secret.key").exists()


def test_what_is_there_is_never_written_over(
    context: Context, backup: Path, empty: Settings
) -> None:
    restore_backup(empty, backup)
    before = rows(context, tables.message)
    with pytest.raises(BackupError, match="已有内容"):
        restore_backup(empty, backup)
    with pytest.raises(BackupError, match="已有内容"):
        restore_backup(context.settings, backup)
    assert rows(context, tables.message) == before


def laid(settings: Settings) -> list[str]:
    """What lies in a home, with all below."""
    return sorted(str(path.relative_to(settings.home)) for path in settings.home.rglob("*"))


def with_database(backup: Path, content: bytes, target: Path) -> Path:
    """A backup that is sound in itself and holds another database."""
    with tarfile.open(backup) as old:
        files = {member.name: old.extractfile(member).read() for member in old}  # type: ignore[union-attr]
    manifest = json.loads(files.pop("manifest.json"))
    files["database"] = content
    told = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest["files"]["database"] = told
    with tarfile.open(target, "w:gz") as new:
        for name, each in {"manifest.json": json.dumps(manifest).encode(), **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(each)
            new.addfile(member, io.BytesIO(each))
    return target


def test_a_database_that_is_none_is_refused_and_nothing_is_left(
    backup: Path, empty: Settings, tmp_path: Path
) -> None:
    bad = with_database(backup, b"no database at all" * 100, tmp_path / "bad")
    (empty.home / "models").mkdir()
    with pytest.raises((BackupError, DatabaseUnavailableError)):
        restore_backup(empty, bad)
    assert laid(empty) == ["models", "secret.key"]
    restore_backup(empty, backup)


def test_a_file_of_the_home_is_never_written_over(backup: Path, empty: Settings) -> None:
    (empty.home / "models").mkdir()
    model = empty.home / "models" / "one.mqm"
    model.write_bytes(b"another")
    with pytest.raises(BackupError, match=r"one\.mqm 已经存在"):
        restore_backup(empty, backup)
    assert model.read_bytes() == b"another"
    assert laid(empty) == ["models", "models/one.mqm", "secret.key"]
    model.write_bytes(b"weights")  # as a restore that was broken off leaves it
    restore_backup(empty, backup)


def test_a_backup_cut_short_is_refused_and_nothing_changes(
    backup: Path, empty: Settings, tmp_path: Path
) -> None:
    whole, bad = backup.read_bytes(), tmp_path / "bad"
    cuts = [whole[: len(whole) * part // 10] for part in range(10)]
    for content in [*cuts, b"x" * 2000, b"\x1f\x8b" + b"\0" * 500]:
        bad.write_bytes(content)
        with pytest.raises(BackupError):
            restore_backup(empty, bad)
        assert laid(empty) == ["secret.key"]
    restore_backup(empty, backup)


def test_a_changed_byte_is_noticed_or_changes_nothing(backup: Path, tmp_path: Path) -> None:
    whole, bad = backup.read_bytes(), tmp_path / "bad"
    (tmp_path / "true").mkdir()
    true = unpack(backup, tmp_path / "true")
    places = {*range(10, len(whole), len(whole) // 90), *range(len(whole) - 8, len(whole))}
    noticed = 0
    for place in places:
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        folder = tmp_path / f"at{place}"
        folder.mkdir()
        try:
            assert unpack(bad, folder) == true
            assert (folder / "database").read_bytes() == (tmp_path / "true/database").read_bytes()
        except BackupError:
            noticed += 1
    assert noticed > 80


def repacked(backup: Path, change: dict[str, object], *extra: tarfile.TarInfo) -> bytes:
    """The backup with other entries in its manifest, and members that it does not list."""
    target = io.BytesIO()
    with tarfile.open(backup) as old, tarfile.open(fileobj=target, mode="w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "manifest.json":
                content = json.dumps(json.loads(content) | change).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
        for member in extra:
            new.addfile(member, io.BytesIO(b"x" * member.size))
    return target.getvalue()


def link(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, "/etc"
    return member


PLAIN = {"size": 1, "sha256": "0"}


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"schema": "9999"},
        {"format": "1"},
        {"kind": "oracle"},
        {"key": "0" * 16},
        {"files": {}},
        {"files": []},
        {"files": {"database": PLAIN, "../../evil": PLAIN}},
        {"files": {"database": PLAIN, "secret.key": PLAIN}},
        {"files": {"database": PLAIN, "models/..": PLAIN}},
        {"files": {"database": {"size": 10**18, "sha256": "0"}}},
        {"files": {"database": {"size": "x", "sha256": "0"}}},
        {"files": {"database": {"size": float("inf"), "sha256": "0"}}},
        {"made_at": "yesterday"},
    ],
)
def test_a_wrong_manifest_is_refused(
    backup: Path, empty: Settings, tmp_path: Path, change: dict[str, object]
) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(repacked(backup, change))
    with pytest.raises(BackupError):
        restore_backup(empty, bad)
    assert laid(empty) == ["secret.key"]


def test_a_backup_that_does_not_tell_its_schema_is_taken(
    backup: Path, empty: Settings, tmp_path: Path
) -> None:
    older = tmp_path / "older"
    older.write_bytes(repacked(backup, {"schema": ""}))
    restore_backup(empty, older)


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "models/x", "secret.key"])
def test_a_member_that_is_not_listed_is_refused(
    backup: Path, empty: Settings, tmp_path: Path, name: str
) -> None:
    bad = tmp_path / "bad"
    for member in (tarfile.TarInfo(name), link(name)):
        bad.write_bytes(repacked(backup, {}, member))
        with pytest.raises(BackupError):
            restore_backup(empty, bad)
    assert laid(empty) == ["secret.key"]


@pytest.mark.parametrize(
    "name", ["models/../x", "models/a/b", "rejects/..", "secret.key", "models/", "", "Database"]
)
def test_only_what_belongs_to_it_has_a_name_in_it(name: str) -> None:
    assert not may_hold(name)


def test_where_it_cannot_be_written_a_former_one_stays(
    context: Context, backup: Path, tmp_path: Path
) -> None:
    before = backup.read_bytes()
    with pytest.raises(FileUnwritableError):
        make_backup(context, tmp_path)
    with pytest.raises(FileUnwritableError):
        make_backup(context, tmp_path / "no" / "where")
    with pytest.raises(FileUnwritableError, match="已经存在"):
        make_backup(context, backup)
    context.database.close()
    gone = replace(context, database=Database(f"sqlite:///{tmp_path / 'gone.sqlite3'}"))
    (tmp_path / "gone.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseUnavailableError):
        make_backup(gone, tmp_path / "gone")
    assert not (tmp_path / "gone").exists()
    assert backup.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".minqing-*")] == []


def test_a_file_that_is_not_there(empty: Settings, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, tmp_path / ("长" * 300)):
        with pytest.raises(FileUnreadableError):
            restore_backup(empty, path)


@pytest.mark.postgres
def test_without_the_servers_programs_the_error_says_what_to_install(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    database = Database(postgres_url)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MinqingError, match="postgresql-client"):
        make_backup(replace(context, database=database), tmp_path / "b")
    monkeypatch.undo()
    unreachable = Database(postgres_url.replace("127.0.0.1", "127.0.0.2").rsplit(":", 1)[0])
    with pytest.raises(MinqingError) as caught:
        make_backup(replace(context, database=unreachable), tmp_path / "b")
    assert "pg_dump 没有完成" in caught.value.message
    database.close()


@pytest.mark.postgres
def test_a_database_whose_place_stands_behind_the_question_mark_is_copied(
    context: Context, tmp_path: Path, migrated_postgres: str
) -> None:
    """As that of a socket does, which has no other form."""
    url = make_url(migrated_postgres)
    behind = f"postgresql:///{url.database}?host={url.host}&port={url.port}&user={url.username}"
    database = Database(behind)
    made = make_backup(replace(context, database=database), tmp_path / "b")
    database.close()
    assert made.size > 0
