"""A command that only works on what is there makes nothing where nothing is; others begin it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from openpyxl import load_workbook

from service.cli import main
from tests.service.cli.conftest import Command, told

DIGEST = ("--week", "2019-W28")
ON_WHAT_IS_THERE: list[tuple[object, ...]] = [
    ("account", "change", "甲", "--role", "clerk"),
    ("account", "disable", "甲"),
    ("account", "list"),
    ("account", "looks"),
    ("account", "reset-password", "甲"),
    ("account", "reset-totp", "甲"),
    ("account", "token", "add", "甲", "--for", "试用", "--scope", "read"),
    ("account", "token", "list", "甲"),
    ("account", "token", "revoke", "甲", 1),
    ("audit", "seal"),
    ("audit", "verify"),
    ("backup", "-o", "b.tar.gz"),
    ("calendar", "show"),
    ("digest", *DIGEST, "-o", "d.docx"),
    ("digest", "list"),
    ("digest", "make", *DIGEST),
    ("directory", "suggest"),
    ("erase", "0000-0000", "--ground", "expired", "--reason", "期满", "--yes"),
    ("key", "list"),
    ("key", "retire", 1),
    ("key", "rotate"),
    ("learn",),
    ("model", "list"),
    ("model", "promote", "0"),
    ("model", "rollback"),
    ("reclassify",),
    ("rejects", "done", 1),
    ("rejects", "list"),
    ("rematch",),
    ("retention",),
    ("rules", "export", "r.csv"),
    ("rules", "list"),
    ("rules", "try", "r.csv"),
    ("status",),
    ("status", "--json"),
    ("webhook", "list"),
    ("webhook", "remove", 1),
    ("webhook", "retry", 1),
    ("words", "list"),
    ("words", "preview"),
    ("words", "publish"),
    ("words", "remove", "甲乙丙丁桥"),
]
BEGINNING = {
    ("account", "add"),
    ("calendar", "import"),
    ("directory", "import"),
    ("import",),
    ("mail", "fetch"),
    ("mail", "import"),
    ("rules", "import"),
    ("run",),
    ("serve",),
    ("webhook", "add"),
    ("words", "add"),
}
WITHOUT_A_DATABASE = {
    ("directory", "export"),
    ("evaluate",),
    ("group",),
    ("predict",),
    ("restore",),
    ("train",),
    ("train-default",),
    ("triage",),
}


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of all commands below one, and its own where it does something by itself."""
    below = command.commands if isinstance(command, click.Group) else {}
    if not below or getattr(command, "invoke_without_command", False):
        yield path
    for name, each in below.items():
        yield from leaves(each, (*path, name))


def test_of_each_command_it_is_said_whether_it_begins() -> None:
    named = {
        path
        for path in leaves(main)
        for call in ON_WHAT_IS_THERE
        if call[: len(path)] == path and not (path == ("digest",) and call[1] in ("list", "make"))
    }
    assert named | BEGINNING | WITHOUT_A_DATABASE == set(leaves(main))
    assert not named & (BEGINNING | WITHOUT_A_DATABASE)


@pytest.mark.parametrize("arguments", ON_WHAT_IS_THERE, ids=lambda call: " ".join(map(str, call)))
def test_where_nothing_was_begun_it_is_told_and_nothing_made(
    command: Command, home: Path, tmp_path: Path, arguments: tuple[object, ...]
) -> None:
    line = told(command(*arguments))
    assert line.startswith(f"这里还没有数据库：{home}（MINQING_HOME）")
    assert "minqing import" in line
    assert "minqing serve" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG\r\n", "甲,乙\n1,2\n".encode()])
def test_for_a_file_that_cannot_be_imported_nothing_is_made(
    command: Command, home: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    assert told(command("import", tmp_path / "a.csv"))
    assert not home.exists()


@pytest.mark.parametrize("name", ["directory", "rules", "calendar"])
@pytest.mark.parametrize("file", ["none", "x" * 300])
def test_for_a_file_that_is_not_there_nothing_is_made(
    command: Command, tmp_path: Path, name: str, file: str
) -> None:
    assert "找不到" in told(command(name, "import", file))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_left_as_it_is(command: Command, home: Path) -> None:
    home.mkdir()
    (home / "minqing.sqlite3").touch()
    told(command("status"))
    assert [(path.name, path.stat().st_size) for path in home.iterdir()] == [("minqing.sqlite3", 0)]


def test_no_other_key_is_made_for_a_database_that_is_begun(command: Command, begun: Path) -> None:
    (begun / "secret.key").rename(begun / "kept")
    for call in (("status",), ("words", "add", "甲乙丙丁桥")):
        assert f"没有密钥文件 {begun}/secret.key，请放回原来的那一份" in told(command(*call))
    assert {path.name for path in begun.iterdir()} == {"kept", "minqing.sqlite3"}
    (begun / "kept").rename(begun / "secret.key")
    assert command("status").exit_code == 0


def test_a_database_that_is_named_is_not_told_with_its_password(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINQING_DATABASE_URL", f"sqlite:////{tmp_path}/none/secret.sqlite3")
    line = told(command("status"))
    assert line.startswith("这里还没有数据库：MINQING_DATABASE_URL 指明的是空的")
    assert "secret" not in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
def test_on_a_server_without_tables_it_is_told_too(
    command: Command, home: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINQING_DATABASE_URL", postgres_url)
    assert "MINQING_DATABASE_URL 指明的是空的" in told(command("status"))
    assert not home.exists()
    assert command("words", "add", "甲乙丙丁桥").exit_code == 0
    assert "留言：0" in command("status").stdout


def test_the_organisation_to_begin_with_is_written_and_tried_without_a_database(
    command: Command, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "county.xlsx"
    assert command("directory", "export", "-o", path).exit_code == 0
    assert load_workbook(path)["政协"].max_row == 25
    tried = command("directory", "import", path, "--dry-run")
    assert "检查通过，共 " in tried.stdout
    assert list(tmp_path.iterdir()) == [path]
    assert command("directory", "import", path).exit_code == 0
    assert (home / "minqing.sqlite3").is_file()
    assert "共 0 处更改" in command("directory", "import", path, "--dry-run").stdout
