"""Grouping of a file without a database: in the order of time, one row a message."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from service.errors import FileUnreadableError, InvalidInputError, PairModelUnavailableError
from service.intake.messages import ReadOptions
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.files.group_file import COLUMNS, GroupReport, group_to_csv
from tests.makers import NOW
from tests.service.intake.hostile_files import HEADER, as_csv, workbook

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
LAMP_AGAIN = "东巷的路灯还是没人管，庄里镇三合村的老人晚上走路摔了一跤，盼着早点派人修好。"
COURT = "=学校操场租给人停车。"
ROWS = [
    ("15", "乙", "路灯不亮", "2026-03-02 08:00:00", LAMP_AGAIN, "0", "0"),
    ("12", "乙", "路灯不亮", "2026/3/1 9:00", LAMP, "0", "0"),
    ("14", "丁", "", "2026/3/1", "", "0", "0"),
    ("11", "甲", "路灯不亮", "2026/3/1 8:00", LAMP, "0", "0"),
    ("", "戊", "操场", "2026-03-03 10:00:00", COURT, "0", "0"),
    ("13", "丙", "路灯不亮", "2026/3/1 9:00", LAMP_TOO, "0", "0"),
]
OPTIONS = ReadOptions(now=NOW, undated=NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, *ROWS), "utf-8")
    return path


def grouped(triage: Triage, file: Path) -> tuple[list[dict[str, str]], GroupReport]:
    output = file.parent / "out.csv"
    report = group_to_csv(triage, file, output, OPTIONS)
    with output.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader), report


def test_each_row_has_one_in_the_files_order(tiny_triage: Triage, file: Path) -> None:
    found, report = grouped(tiny_triage, file)
    assert [row["id"] for row in found] == ["15", "12", "第4行", "11", "6", "13"]
    assert [row["matter"] for row in found] == ["1", "1", "", "1", "2", "1"]
    assert [row["relation"] for row in found] == [
        "resubmission", "copy", "", "first", "first", "voice",
    ]  # fmt: skip
    assert "没有文字" in found[2]["because"]
    assert found[1]["because"] == "全文相同"
    assert (report.message_count, report.matter_count, report.reject_count) == (5, 2, 1)


def test_a_score_is_a_probability(tiny_triage: Triage, file: Path) -> None:
    scores = {row["id"]: row["score"] for row in grouped(tiny_triage, file)[0]}
    assert scores["12"] == "1.0000"
    assert scores["第4行"] == ""
    assert scores["11"] == "0.0000"  # nothing stood there before it
    assert all(0.9 <= float(scores[number]) <= 1 for number in ("12", "13", "15"))
    assert float(scores["6"]) < 0.9


def test_a_matter_does_not_depend_on_the_order_of_the_file(
    tiny_triage: Triage, tmp_path: Path
) -> None:
    kept = [row for row in ROWS if row[0] and row[4]]
    expected: dict[str, dict[str, str]] = {}
    for seed in range(4):
        random.Random(seed).shuffle(kept)
        kept.sort(key=lambda row: row[0] != "12")  # of the two at nine o'clock always the first
        path = tmp_path / f"{seed}.csv"
        path.write_text(as_csv(HEADER, *kept), "utf-8")
        found = {row["id"]: row for row in grouped(tiny_triage, path)[0]}
        assert found == (expected := expected or found)


def test_of_two_at_the_same_time_the_lower_number_comes_first(
    tiny_triage: Triage, tmp_path: Path
) -> None:
    path = tmp_path / "tie.csv"
    same = [(number, "", "路灯", "2026/3/1 9:00", LAMP, "0", "0") for number in ("10", "9")]
    path.write_text(as_csv(HEADER, *same), "utf-8")
    found = grouped(tiny_triage, path)[0]
    assert [(row["id"], row["relation"]) for row in found] == [("10", "copy"), ("9", "first")]


def test_nothing_of_the_sender_or_the_text_comes_out(tiny_triage: Triage, file: Path) -> None:
    grouped(tiny_triage, file)
    written = (file.parent / "out.csv").read_text("utf-8")
    assert not any(word in written for word in ("甲", "乙", "丙", "东巷", "操场"))


def test_sheets_whose_rows_have_the_same_numbers_are_kept_apart(
    tiny_triage: Triage, tmp_path: Path
) -> None:
    lamps, courts = ([["内容", "时间"], [text, "2026-03-01"]] for text in (LAMP, COURT[1:]))
    path = workbook(tmp_path / "two.xlsx", lamps, courts)
    found = grouped(tiny_triage, path)[0]
    assert [(row["id"], row["matter"]) for row in found] == [("2", "1"), ("2", "2")]


def test_a_file_without_messages_gives_a_heading(tiny_triage: Triage, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text(as_csv(HEADER), "utf-8")
    assert grouped(tiny_triage, path) == ([], GroupReport())


def test_progress_tells_how_far_it_is(tiny_triage: Triage, file: Path) -> None:
    told: list[tuple[int, int]] = []
    group_to_csv(tiny_triage, file, file.parent / "o.csv", OPTIONS, lambda *now: told.append(now))
    assert told == [(5, 5)]


def test_without_a_pair_model_nothing_is_written(by_hand: Context, file: Path) -> None:
    output = file.parent / "out.csv"
    with pytest.raises(PairModelUnavailableError):
        group_to_csv(by_hand.triage, file, output, OPTIONS)
    assert not output.exists()


def test_files_are_never_harmed(tiny_triage: Triage, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(InvalidInputError, match="正是要读的文件"):
        group_to_csv(tiny_triage, file, file, OPTIONS)
    assert file.read_bytes() == before
    output = file.parent / "older.csv"
    output.write_text("older")
    with pytest.raises(FileUnreadableError):
        group_to_csv(tiny_triage, file.parent / "nothing.csv", output, OPTIONS)
    assert output.read_text() == "older"


def test_no_cell_is_a_formula(tiny_triage: Triage, tmp_path: Path) -> None:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, ("=1+1", *ROWS[1][1:])), "utf-8")
    assert grouped(tiny_triage, path)[0][0]["id"] == "'=1+1"
