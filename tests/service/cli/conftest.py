"""The commands, run in the process on an empty home and without a model, which is quick."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.key_file import KeyFile

Command = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own; no setting of the machine counts."""
    for name in os.environ:
        if name.startswith("MINQING_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MINQING_MODEL", str(tmp_path / "no-model.mqm"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def begun(home: Path, migrated_file: Path) -> Path:
    """The home, with its key and a database without a row."""
    home.mkdir(mode=0o700)
    shutil.copy(migrated_file, home / "minqing.sqlite3")
    KeyFile(home / "secret.key").ring()
    return home


@pytest.fixture
def command(home: Path) -> Command:
    """Runs ``minqing`` with these arguments."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(part) for part in arguments])

    return run


def told(result: Result) -> str:
    """The one line of a failed command."""
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.splitlines() if not line.startswith("模型文件")]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("错误：")
    assert "Traceback" not in result.output
    return lines[0].removeprefix("错误：")
