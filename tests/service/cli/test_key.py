"""``minqing key``."""

from __future__ import annotations

from pathlib import Path

from tests.service.cli.conftest import Command, told

ROW = "留言编号,留言详情,留言时间,姓名,电话\n1,路灯不亮,2026-03-01,郑某,13900001234\n"


def test_a_key_is_listed_changed_and_not_retired_at_once(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROW, "utf-8")
    command("import", tmp_path / "a.csv")
    assert "1 号　在用　启用时" in command("key", "list").stdout
    rotated = command("key", "rotate")
    assert "换用 2 号密钥，重新密封" in rotated.stdout
    assert "另存一处" in rotated.stdout
    listed = command("key", "list").stdout.splitlines()
    assert [line[:6] for line in listed] == ["1 号　可读", "2 号　在用"]
    assert "十分钟" in told(command("key", "retire", 1))
    assert "在用" in told(command("key", "retire", 2))
    assert told(command("key", "retire", 7))
    assert "3 号密钥待用" in command("key", "rotate", "--prepare").stdout
    assert "换用 3 号" in command("key", "rotate").stdout


def test_a_key_file_that_others_may_read_is_told_in_one_line(command: Command, begun: Path) -> None:
    (begun / "secret.key").chmod(0o644)
    assert "chmod 600" in told(command("key", "list"))
