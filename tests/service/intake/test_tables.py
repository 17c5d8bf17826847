"""Tables with columns of any name: which are used, what a row is, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import FileUnreadableError
from service.intake.tables import TableRow, read_table
from tests.service.intake.hostile_files import as_csv, workbook, write

ROWS = [("甲", "路灯坏了", "东街的路灯", "城管"), ("乙", "", "", ""), ("", "", "", "")]
HEADER = ("谁", "题", "文", "谁管")


def read(path: Path, *texts: str, needed: tuple[str, ...] = ()) -> list[TableRow]:
    return list(read_table(path, texts or ("题", "文"), needed))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_every_row_comes_in_order_whatever_the_encoding(
    encoding: str, sign: str, tmp_path: Path
) -> None:
    text = as_csv(HEADER, *ROWS).replace(",", sign)
    rows = read(write(tmp_path / "t.csv", text, encoding))
    assert [row.cells for row in rows] == ROWS
    assert [row.line for row in rows] == [2, 3, 4]
    assert [row.is_empty for row in rows] == [False, True, True]
    assert (rows[0].title, rows[0].body, rows[0].cell("谁管")) == ("路灯坏了", "东街的路灯", "城管")


def test_a_workbook_reads_as_well(tmp_path: Path) -> None:
    rows = read(workbook(tmp_path / "t.xlsx", [HEADER, *ROWS[:2], ("丙", "题", "文", 3)]))
    assert [row.cells for row in rows] == [*ROWS[:2], ("丙", "题", "文", "3")]


def test_json_lines_read_as_well(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", '{"题": "一", "文": "二"}\n{"文": "三"}\n{"x": 1}\n')
    assert [(r.title, r.body) for r in read(path)] == [("一", "二"), ("", "三"), ("", "")]


def test_of_two_text_columns_only_those_that_are_there_are_used(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", as_csv(("标", "词"), ("a", "路灯")))
    assert [(r.title, r.body) for r in read(path, "文", "词")] == [("", "路灯")]


def test_three_text_columns_are_a_title_and_a_body(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", as_csv(("a", "b", "c"), ("一", "二", "三")))
    assert [(r.title, r.body) for r in read(path, "c", "b", "a")] == [("三", "二\n一")]


def test_words_cut_apart_are_joined_and_plain_spaces_stay(tmp_path: Path) -> None:
    rows = [("东街 路灯 坏 了 没 人 修 A3 区",), ("东街的路灯坏了 请派人来修一修",)]
    path = write(tmp_path / "t.csv", as_csv(("文",), *rows))
    assert [r.body for r in read(path)] == ["东街路灯坏了没人修 A3 区", rows[1][0]]


def test_a_broken_row_comes_with_its_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "题,文\n一\n二,三\n四,五,六\n\n七,八\n")
    rows = read(path)
    assert [bool(row.fault) for row in rows] == [True, False, True, False]
    assert rows[0].is_empty
    assert rows[2].cells == ("四", "五", "六")


@pytest.mark.parametrize(
    ("content", "texts", "needed", "reason"),
    [
        ("a,b\n1,2\n", ("文",), (), "t.csv 没有列“文”；文件中的列：a、b"),
        ("a,b\n1,2\n", ("题", "文"), (), "t.csv 没有列“题”、“文”；文件中的列：a、b"),
        ("文,b\n1,2\n", ("文",), ("标签",), "t.csv 没有列“标签”；文件中的列：文、b"),
        ("文,文\n1,2\n", ("文",), (), "列“文”出现了 2 次"),
        ("文,b,b\n1,2,3\n", ("文",), ("b",), "列“b”出现了 2 次"),
        ("", ("文",), (), "空文件"),
        (b"\x89PNG\r\n\x1a\n0000", ("文",), (), "PNG"),
        (b"PK\x03\x04broken", ("文",), (), "t.csv"),
    ],
)
def test_what_is_no_such_table_is_refused(
    content: str | bytes, texts: tuple[str, ...], needed: tuple[str, ...], reason: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    with pytest.raises(FileUnreadableError) as caught:
        read(write(tmp_path / "t.csv", content), *texts, needed=needed)
    assert reason in caught.value.message
    assert "\n" not in caught.value.message
