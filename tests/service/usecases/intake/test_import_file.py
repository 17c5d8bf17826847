"""A file's rows become messages or rejects; the same file again adds nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import (
    DatabaseUnavailableError,
    FileUnreadableError,
    FileUnwritableError,
    InvalidInputError,
    UnknownColumnsError,
)
from service.intake.messages import ReadOptions
from service.storage import tables
from service.usecases.context import Context
from service.usecases.intake import import_file as module
from service.usecases.intake.import_file import ImportSummary, import_file
from service.usecases.status import count_all
from tests.makers import NOW
from tests.service.intake.hostile_files import HEADER, as_csv, with_entry, workbook
from tests.service.usecases.books import check_books, rows, stored_texts

OPTIONS = ReadOptions(now=NOW)


def row(number: int, text: str, sent_at: str = "2026/3/1 8:30:00") -> tuple[str, ...]:
    return (str(number), f"某{number}", f"第{number}件", sent_at, text, "0", "2")


GOOD = [row(n, f"第{n}条街的{what}。") for n, what in enumerate(["路灯不亮", "学校缺老师", "水黄"])]
BAD = [
    row(10, ""),
    row(11, "有字", sent_at="前天"),
    row(12, "长" * 100_001),
    ("13", "太短"),
    row(14, "坏\x00字"),
]
REASONS = ["empty_text", "unreadable_date", "text_too_long", "column_count", "unusable_characters"]


def take_in(context: Context, path: Path, **changes: object) -> ImportSummary:
    """Import with a rejects file of its own each time, as the command does."""
    folder = path.parent / "rejects"
    number = len(list(folder.glob("*"))) if folder.exists() else 0
    settings = {"rejects_path": folder / f"bad{number}.csv"} | changes
    return import_file(context, path, "城东", OPTIONS, **settings)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, GOOD[0], BAD[0], GOOD[1], *BAD[1:], GOOD[2]), "utf-8")
    return path


def test_good_rows_come_in_and_bad_ones_are_kept_with_their_reason(
    context: Context, mixed: Path
) -> None:
    summary = take_in(context, mixed)
    assert (summary.row_count, summary.new_count, summary.reject_count) == (8, 3, 5)
    assert summary.known_count == summary.joined_count == 0
    assert [text for _, text in stored_texts(context)] == [message[4] for message in GOOD]
    assert summary.rejects_path is not None
    with summary.rejects_path.open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.reader(file))[1:]
    assert [line[1] for line in kept] == REASONS
    assert kept[2][3 + 4] == BAD[2][4]
    assert count_all(context)["rejects"] == 5
    check_books(context)


def test_the_same_file_twice_adds_nothing(context: Context, mixed: Path) -> None:
    take_in(context, mixed)
    before = {t.name: rows(context, t) for t in tables.metadata.sorted_tables}
    again = take_in(context, mixed)
    assert (again.row_count, again.new_count, again.known_count) == (8, 0, 3)
    assert again.reject_count == 5
    assert {t.name: rows(context, t) for t in tables.metadata.sorted_tables} == before


def test_a_file_that_grew_adds_only_what_is_new(context: Context, mixed: Path) -> None:
    take_in(context, mixed)
    mixed.write_text(as_csv(HEADER, *GOOD, row(99, "新来的一件。")), "utf-8")
    summary = take_in(context, mixed)
    assert (summary.new_count, summary.known_count) == (1, 3)


def test_another_source_with_the_same_numbers_is_not_the_same(
    context: Context, mixed: Path
) -> None:
    take_in(context, mixed)
    other = import_file(context, mixed, "城西", OPTIONS, rejects_path=mixed.parent / "r.csv")
    assert other.new_count == 3
    assert count_all(context)["rejects"] == 10
    check_books(context)


def test_a_file_without_bad_rows_leaves_no_rejects_behind(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(as_csv(HEADER, *GOOD), "utf-8")
    assert take_in(context, path).rejects_path is None
    assert not (tmp_path / "rejects").exists()


def test_progress_is_told_after_each_batch(
    context: Context, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    told: list[int] = []
    take_in(context, mixed, progress=lambda summary: told.append(summary.row_count))
    assert told == [3, 6, 8]


def test_batches_of_any_size_make_the_same_matters(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copies.jsonl"
    lines = [
        {"编号": str(n), "内容": GOOD[n % 3][4], "时间": "2026-03-01", "来信人": f"某{n % 4}"}
        for n in range(12)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    monkeypatch.setattr(module, "BATCH", 5)
    summary = take_in(context, path)
    assert (summary.new_count, summary.joined_count) == (12, 9)
    relations = [demand["relation"] for demand in rows(context, tables.demand)]
    assert relations == ["first"] * 3 + ["copy"] * 9
    check_books(context)


def test_rows_meet_in_the_order_they_were_sent(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest_first = [
        row(n, f"第{n}条街的路灯不亮。", f"2026/2/{20 - n} 8:30:00") for n in range(1, 7)
    ]
    path = tmp_path / "newest_first.csv"
    path.write_text(as_csv(HEADER, *newest_first, BAD[0]), "utf-8")
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "WINDOW", 4)
    summary = take_in(context, path)
    assert (summary.read_count, summary.row_count, summary.last_line) == (7, 7, 8)
    numbers = [message["external_id"] for message in rows(context, tables.message)]
    assert numbers == ["4", "3", "2", "1", "6", "5"]
    check_books(context)


def test_a_workbook_broken_half_way_keeps_what_came_before(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    whole = workbook(
        tmp_path / "whole.xlsx", [HEADER, *GOOD, *(row(n, "又一件。") for n in (7, 8))]
    )
    from zipfile import ZipFile

    name = "xl/worksheets/sheet1.xml"
    with ZipFile(whole) as archive:
        sheet = archive.read(name)
    cut = sheet[: sheet.rindex(b"<row")] + b"<row r='6'><c r='A6' t='inlineStr'><is><t>x</is>"
    broken = with_entry(whole, tmp_path / "broken.xlsx", name, cut)
    with pytest.raises(FileUnreadableError):
        take_in(context, broken)
    kept = len(stored_texts(context))
    assert kept % 2 == 0
    check_books(context)
    summary = take_in(context, whole)
    assert (summary.new_count, summary.known_count) == (5 - kept, kept)
    check_books(context)


def test_a_database_lost_half_way_keeps_the_batches_before(
    context: Context, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    real, calls = module.take_in, iter([True, False])

    def take(*arguments: object) -> object:
        if not next(calls, False):
            raise DatabaseUnavailableError("磁盘已满")
        return real(*arguments)

    monkeypatch.setattr(module, "take_in", take)
    with pytest.raises(DatabaseUnavailableError):
        take_in(context, mixed)
    kept = len(stored_texts(context))
    assert 0 < kept < 3
    monkeypatch.setattr(module, "take_in", real)
    summary = take_in(context, mixed)
    assert (summary.new_count, summary.known_count) == (3 - kept, kept)
    assert count_all(context)["rejects"] == 5
    check_books(context)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileUnreadableError),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileUnreadableError),
        ("甲,乙\n1,2\n".encode(), UnknownColumnsError),
        (b"PK\x03\x04broken", FileUnreadableError),
    ],
)
def test_a_file_that_is_none_is_refused_and_nothing_stored(
    context: Context, tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        take_in(context, path)
    assert stored_texts(context) == []


def test_a_missing_file_is_said_to_be_missing(context: Context, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="找不到"):
        take_in(context, tmp_path / "nothing.csv")


def test_rejects_never_overwrite_the_file_they_come_from(context: Context, mixed: Path) -> None:
    before = mixed.read_bytes()
    linked = mixed.parent / "linked.csv"
    linked.symlink_to(mixed)
    for target in (mixed, linked):
        with pytest.raises(InvalidInputError, match="正是要读的文件"):
            take_in(context, mixed, rejects_path=target)
    assert mixed.read_bytes() == before
    assert stored_texts(context) == []


def test_rejects_never_overwrite_older_ones(context: Context, mixed: Path) -> None:
    older = mixed.parent / "older.csv"
    older.write_text("older")
    with pytest.raises(FileUnwritableError, match="已经存在"):
        take_in(context, mixed, rejects_path=older)
    assert older.read_text() == "older"
    assert take_in(context, mixed).reject_count == len(BAD)
    check_books(context)


def test_rejects_that_cannot_be_kept_stop_the_import_in_chinese(
    context: Context, mixed: Path
) -> None:
    (mixed.parent / "file").write_text("in the way")
    with pytest.raises(FileUnwritableError, match=r"bad\.csv"):
        take_in(context, mixed, rejects_path=mixed.parent / "file" / "bad.csv")


@pytest.mark.parametrize("source", ["", "长" * 101, "a\nb", "\x00", "\ud800"])
def test_a_source_must_be_a_short_visible_name(context: Context, mixed: Path, source: str) -> None:
    with pytest.raises(InvalidInputError, match="来源名称"):
        import_file(context, mixed, source, OPTIONS, rejects_path=mixed.parent / "r.csv")


def test_a_file_name_of_broken_characters_is_no_obstacle(context: Context, mixed: Path) -> None:
    odd = mixed.rename(mixed.with_name("\udcff坏名.csv"))
    assert take_in(context, odd).reject_count == 5


def test_a_file_name_does_not_tell_messages_apart(context: Context, mixed: Path) -> None:
    take_in(context, mixed)
    assert take_in(context, mixed.rename(mixed.with_name("改名.csv"))).new_count == 0


def test_rejects_can_be_mended_and_imported_again(context: Context, mixed: Path) -> None:
    summary = take_in(context, mixed)
    assert summary.rejects_path is not None

    def mended() -> Iterator[list[str]]:
        with summary.rejects_path.open(encoding="utf-8-sig", newline="") as file:
            for cells in csv.reader(file):
                if cells[1] == "empty_text":
                    cells[7] = "原来忘了写内容：路灯不亮。"
                yield cells

    text = as_csv(*mended())
    target = mixed.parent / "mended.csv"
    target.write_text(text, "utf-8")
    again = take_in(context, target, rejects_path=mixed.parent / "again.csv")
    assert again.new_count == 1
    assert stored_texts(context)[-1][1] == "原来忘了写内容：路灯不亮。"


def test_a_number_with_other_words_is_kept_aside(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, GOOD[0]), "utf-8")
    take_in(context, path)
    path.write_text(as_csv(HEADER, row(0, "同一个编号，另一件事。")), "utf-8")
    summary = take_in(context, path)
    assert (summary.new_count, summary.known_count, summary.reject_count) == (0, 0, 1)
    assert summary.rejects_path is not None
    assert "同一个编号，另一件事。" in summary.rejects_path.read_text("utf-8-sig")


def test_a_number_that_stands_for_other_words_is_a_reject_that_keeps_them(
    context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(as_csv(HEADER, GOOD[0], (*GOOD[0][:4], "另一回事。", "0", "0")), "utf-8")
    for first in (True, False):
        summary = take_in(context, path)
        counted = (summary.new_count, summary.known_count, summary.reject_count)
        assert counted == ((1, 0, 1) if first else (0, 1, 1))
        assert sum(counted) == summary.row_count
        assert summary.rejects_path is not None
        assert "另一回事。" in summary.rejects_path.read_text("utf-8-sig")
    assert count_all(context)["rejects"] == 1
    check_books(context)


def test_columns_taken_for_nothing_are_named_once(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    header = (*HEADER, "处理意见", "")
    path.write_text(as_csv(header, *((*good, "已阅", "") for good in [*GOOD, row(9, "")])), "utf-8")
    assert take_in(context, path).unused_columns == ["处理意见"]


def test_a_file_of_rejects_alone_tells_its_columns_too(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(as_csv((*HEADER, "处理意见"), (*row(1, ""), "已阅")), "utf-8")
    assert take_in(context, path).unused_columns == ["处理意见"]


def test_keys_taken_for_nothing_are_named_over_all_lines(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_COLUMNS", 4)
    path = tmp_path / "keys.jsonl"
    good = {"编号": "1", "内容": "路灯不亮。", "时间": "2026-03-01"}
    more = [{f"键{n}": 1, f"键{n + 1}": 1} for n in range(6)]
    lines = [{**good, "编号": str(n), **keys} for n, keys in enumerate(more)]
    twice = {"内容": "a", "详 情": "b", "详情": "c", "时间": "2026-03-01"}
    text = "\n".join(json.dumps(line) for line in [*lines, twice])
    path.write_text(text, "utf-8")
    summary = take_in(context, path)
    assert summary.unused_columns == ["键0", "键1", "键2", "键3"]
    assert summary.reject_count == 1


def test_a_file_of_known_columns_names_none(context: Context, mixed: Path) -> None:
    assert take_in(context, mixed).unused_columns == []
