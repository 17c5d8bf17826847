"""minqing directory: the workbook out and in, tried first, refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.cli.context import open_context
from service.composition import with_directory
from tests.service.cli.conftest import Command, told
from tests.service.settled import RIGHT, TOPIC, WRONG, settle_elsewhere

SHIPPED = Path(__file__).parents[3] / "data" / "samples" / "organisation"


@pytest.fixture
def exported(command: Command, tmp_path: Path) -> Path:
    """The workbook of the shipped county, which is in force."""
    assert command("directory", "import", SHIPPED).exit_code == 0
    path = tmp_path / "county.xlsx"
    result = command("directory", "export", "-o", path)
    assert result.stdout == f"已写到 {path}（第 1 版）\n"
    return path


def change(path: Path, sheet: str, cell: str, value: object) -> None:
    workbook = load_workbook(path)
    workbook[sheet][cell] = value
    workbook.save(path)


def test_what_was_written_changes_nothing_when_it_is_read(command: Command, exported: Path) -> None:
    result = command("directory", "import", exported, "--dry-run")
    assert result.stdout == "检查通过，共 0 处更改，尚未载入\n"
    assert "共 0 处更改" in command("directory", exported).stdout


def test_a_change_is_tried_and_then_made(command: Command, exported: Path) -> None:
    change(exported, "工作室", "K2", "每周一 9:00—11:30")
    result = command("directory", "import", exported, "--dry-run")
    assert result.exit_code == 0
    first, last = result.stdout.splitlines()
    assert first.startswith("修改 工作室 CZ-01 ")
    assert first.endswith("→ 每周一 9:00—11:30")
    assert last == "检查通过，共 1 处更改，尚未载入"
    assert "共 1 处更改；正在运行的工作台随即采用" in command("directory", exported).stdout
    assert "共 0 处更改" in command("directory", exported).stdout


def test_an_empty_home_gives_the_county_to_begin_with(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "first.xlsx"
    assert command("directory", "export", "-o", path).exit_code == 0
    assert load_workbook(path)["政协"].max_row == 25


def test_mistakes_are_told_with_sheet_and_row(command: Command, exported: Path) -> None:
    change(exported, "工作室", "D2", "没有")
    change(exported, "委员", "A3", "CZ-M001")
    result = command("directory", "import", exported)
    assert result.exit_code == 2
    assert "错误：组织资料有误，未作任何更改" in result.stderr
    assert "工作表“工作室” 第 2 行：“政协”中的“没有”不存在" in result.stderr
    assert "工作表“委员” 第 3 行：编号“CZ-M001”重复" in result.stderr


def test_what_is_odd_is_told_and_taken(command: Command, exported: Path) -> None:
    change(exported, "值班", "A2", "CZ-01")
    for cell, value in (("B2", "CZ-M001"), ("C2", "2026-03-02"), ("D2", "2026-03-09")):
        change(exported, "值班", cell, value)
    change(exported, "委员", "I2", "2026-03-09")
    result = command("directory", "import", exported)
    assert result.exit_code == 0
    assert "注意：工作表“值班” 第 2 行：值班期间“CZ-M001”登记为缺席" in result.stdout


@pytest.mark.parametrize("name", ["missing.xlsx", "letters.txt"])
def test_what_is_no_workbook_is_told(command: Command, tmp_path: Path, name: str) -> None:
    if name == "letters.txt":
        (tmp_path / name).write_text("甲", "utf-8")
    result = command("directory", "import", tmp_path / name)
    assert result.exit_code == 2
    assert result.stderr.startswith("错误：")
    assert "Traceback" not in result.stderr


def test_what_cannot_be_written_is_told(command: Command, tmp_path: Path) -> None:
    assert "文件夹" in told(command("directory", "export", "-o", tmp_path / "none" / "a.xlsx"))
    assert "不是普通文件" in told(command("directory", "export", "-o", tmp_path))


def test_duties_that_moved_are_suggested_with_a_draft_to_try(
    command: Command, exported: Path, tmp_path: Path
) -> None:
    assert command("directory", "suggest").stdout == "没有建议\n"
    settle_elsewhere(with_directory(open_context()), 5)
    draft = tmp_path / "draft.csv"
    result = command("directory", "suggest", "-o", draft)
    assert result.exit_code == 0, result.output
    told_of, written = result.stdout.splitlines()
    assert told_of.startswith(f"{TOPIC} ")
    assert told_of.endswith(
        f"：{WRONG} → {RIGHT}；已答复、办结 5 件，{WRONG}退单成立 5 件，最后由{RIGHT}承办 5 件"
    )
    assert "可用 minqing rules try 试运行" in written
    tried = command("rules", "try", draft)
    assert "试运行 5 件留言：5 件会变" in tried.stdout
    assert RIGHT not in command("rules", "list").stdout
    assert told(command("directory", "suggest", "-o", tmp_path))
