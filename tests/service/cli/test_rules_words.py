"""``minqing rules`` and ``minqing words``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.cli.conftest import Command, told


@pytest.mark.usefixtures("begun")
def test_rules_go_out_and_come_in(command: Command, tmp_path: Path) -> None:
    listed = command("rules", "list")
    assert "燃气泄漏（11 个词语）：紧急；提示" in listed.stdout
    path = tmp_path / "rules.csv"
    assert command("rules", "export", path).exit_code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "已载入" in command("rules", "import", path).stdout
    assert command("rules", "list").stdout == listed.stdout


@pytest.mark.usefixtures("begun")
def test_wrong_rules_are_told_by_row(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    command("rules", "export", path)
    text = path.read_text("utf-8-sig")
    path.write_text(text + "甲,路灯,,,,,无此局,,,,\n", "utf-8")
    message = told(command("rules", "import", path))
    assert f"第 {text.count(chr(10)) + 1} 行" in message
    assert "甲" not in command("rules", "list").stdout
    assert "找不到" in told(command("rules", "import", tmp_path / "none.csv"))
    assert told(command("rules", "export", tmp_path))


@pytest.mark.usefixtures("begun")
def test_a_draft_is_tried_and_nothing_is_changed(command: Command, tmp_path: Path) -> None:
    draft, changes = tmp_path / "rules.csv", tmp_path / "changes.csv"
    command("rules", "export", draft)
    before = command("rules", "list").stdout
    draft.write_text(
        draft.read_text("utf-8-sig") + "新增,路灯,,,,,,是,,,,城乡建设,,,\n", encoding="utf-8"
    )
    answer = command("rules", "try", draft, "-o", changes, "--since", "2020-01-01")
    assert answer.exit_code == 0
    assert "试运行 0 件留言：0 件会变" in answer.stdout
    assert "规则“新增”：适用 0 件" in answer.stdout
    assert changes.read_text("utf-8-sig") == "留言,事项,项目,原来,改为,规则\n"
    assert command("rules", "list").stdout == before
    assert told(command("rules", "try", draft, "-o", draft))
    assert told(command("rules", "try", tmp_path / "none.csv"))
    assert command("rules", "try", draft, "--since", "昨天").exit_code != 0


def test_a_word_is_drafted_then_published(command: Command) -> None:
    assert "+ 甲乙丙丁桥 7" in command("words", "add", "甲乙丙丁桥", 7).stdout
    assert "已发布 0 个词" in command("words", "list").stdout
    assert "已发布：新增或更改 1 个词，去掉 0 个" in command("words", "publish").stdout
    assert "甲乙丙丁桥 7\n已发布 1 个词\n没有待发布的改动" in command("words", "list").stdout
    assert "- 甲乙丙丁桥 7" in command("words", "remove", "甲乙丙丁桥").stdout


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "桥"),
        ("add", "甲乙 丙丁"),
        ("add", "甲乙丙丁桥", "0"),
        ("add", "甲乙丙丁桥", "x"),
        ("add",),
        ("remove", "甲乙丙丁桥"),
        ("publish",),
        ("preview",),  # there is no model
        ("preview", "--count", "0"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    command: Command, arguments: tuple[str, ...]
) -> None:
    assert told(command("words", *arguments))
