"""``minqing backup`` and ``minqing restore``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.cli.conftest import Command, told


def test_out_and_in_again(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, home = tmp_path / "备份.tar.gz", tmp_path / "new"
    (tmp_path / "a.csv").write_text("留言编号,留言详情,留言时间\n1,路灯不亮,2026-03-01\n", "utf-8")
    command("import", tmp_path / "a.csv")
    assert "密钥 secret.key 不在其中" in command("backup", "-o", file).stdout
    before = command("status", "--json").stdout
    assert "已有内容" in told(command("restore", file))
    key = next(tmp_path.rglob("secret.key")).read_bytes()
    home.mkdir()
    monkeypatch.setenv("MINQING_HOME", str(home))
    assert "请先把作备份时的密钥文件" in told(command("restore", file))
    (home / "secret.key").write_bytes(key)
    (home / "secret.key").chmod(0o600)
    assert "已恢复到" in command("restore", file).stdout
    assert command("status", "--json").stdout == before
    assert '"messages": 1,' in before
    assert "没有发现问题" in command("audit", "verify").stdout


def test_what_is_wrong_is_told_in_one_line(command: Command, tmp_path: Path) -> None:
    assert told(command("backup"))
    assert told(command("backup", "-o", tmp_path))
    assert told(command("restore"))
