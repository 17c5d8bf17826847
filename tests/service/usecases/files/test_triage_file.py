"""Triage of a file without a database: one row a message, in order; files are never harmed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from service.errors import FileUnreadableError, FileUnwritableError, InvalidInputError
from service.intake.messages import ReadOptions
from service.storage import tables
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.files.triage_file import COLUMNS, FileReport, triage_to_csv
from service.usecases.intake.import_file import import_file
from tests.makers import NOW
from tests.service.intake.hostile_files import HEADER, as_csv
from tests.service.usecases.books import rows

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
ROWS = [
    ("1", "甲", "路灯不亮", "2026/3/1", LAMP, "0", "0"),
    ("2", "乙", "路灯不亮", "2026/3/1", LAMP, "0", "0"),
    ("3", "丙", "路灯不亮", "2026/3/1", LAMP_TOO, "0", "0"),
    ("4", "丁", "", "2026/3/1", "", "0", "0"),
    (
        "",
        "乙",
        "路灯不亮",
        "2026/3/2",
        "东巷的路灯还是没人管，庄里镇三合村的老人晚上走路摔了一跤，盼着早点派人修好。",
        "0",
        "0",
    ),
    ("6", "戊", "操场", "2026/3/2", "=学校操场租给人停车。", "0", "0"),
]
OPTIONS = ReadOptions(now=NOW, undated=NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, *ROWS), "utf-8")
    return path


def triaged(triage: Triage, file: Path) -> tuple[list[dict[str, str]], FileReport]:
    output = file.parent / "out.csv"
    report = triage_to_csv(triage, file, output, OPTIONS)
    with output.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader), report


def test_each_row_has_one_in_order(tiny_triage: Triage, file: Path) -> None:
    found, report = triaged(tiny_triage, file)
    assert [row["id"] for row in found] == ["1", "2", "3", "第5行", "6", "6"]
    assert [row["relation"] for row in found] == [
        "first", "copy", "voice", "", "resubmission", "first",
    ]  # fmt: skip
    assert [row["matter"] for row in found] == ["1", "1", "1", "", "1", "2"]
    assert (report.message_count, report.reject_count, report.matter_count) == (5, 1, 2)
    assert "没有文字" in found[3]["review"]


def test_a_row_says_what_was_judged(tiny_triage: Triage, file: Path) -> None:
    row = triaged(tiny_triage, file)[0][0]
    assert (row["topic"], row["topic_l1"], row["topic_l2"]) == (
        "0102", "城乡建设", "城市建设和市政管理",
    )  # fmt: skip
    assert (row["kind"], row["urgent"], row["urgent_p"]) == ("投诉", "0", "0.1000")
    assert (row["department"], row["department_alt"]) == ("住建局", "公安局")
    assert (row["studio"], row["member"], row["review"]) == ("T1", "T1-M1", "")
    assert row["because"]


def test_messages_of_one_matter_have_one_assignment(tiny_triage: Triage, file: Path) -> None:
    found = [row for row in triaged(tiny_triage, file)[0] if row["matter"] == "1"]
    assert len({(row["studio"], row["member"]) for row in found}) == 1
    assert "全文相同" in found[1]["because"]


def test_with_and_without_a_database_matters_are_the_same(context: Context, file: Path) -> None:
    found = [row for row in triaged(context.triage, file)[0] if row["relation"]]
    import_file(context, file, "x", OPTIONS, rejects_path=file.parent / "rejects.csv")
    stored = rows(context, tables.demand)
    assert [(row["matter"], row["relation"]) for row in found] == [
        (str(demand["matter_id"]), demand["relation"]) for demand in stored
    ]


def test_without_a_model_every_row_waits_for_a_person(by_hand: Context, file: Path) -> None:
    found, report = triaged(by_hand.triage, file)
    assert report.matter_count == 5
    assert all(row["topic"] == "" for row in found)
    assert all(row["review"] for row in found)


def test_a_percentile_is_one_of_the_times() -> None:
    report = FileReport(milliseconds=[3.0, 1.0, 2.0])
    assert [report.percentile_ms(share) for share in (0.0, 0.5, 0.99, 1.0)] == [1.0, 2.0, 3.0, 3.0]
    assert FileReport().percentile_ms(0.5) == 0.0


def test_the_output_is_never_the_input(tiny_triage: Triage, file: Path) -> None:
    before = file.read_bytes()
    linked = file.parent / "linked.csv"
    linked.hardlink_to(file)
    for output in (file, linked, file.parent / "." / file.name):
        with pytest.raises(InvalidInputError, match="正是要读的文件"):
            triage_to_csv(tiny_triage, file, output, OPTIONS)
    assert file.read_bytes() == before


def test_an_input_that_fails_leaves_an_older_result_alone(
    tiny_triage: Triage, tmp_path: Path
) -> None:
    output = tmp_path / "out.csv"
    output.write_text("older")
    with pytest.raises(FileUnreadableError):
        triage_to_csv(tiny_triage, tmp_path / "nothing.csv", output, OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert output.read_text() == "older"


@pytest.mark.parametrize("name", [".", "nowhere/out.csv", "留言.csv/out.csv"])
def test_an_output_that_cannot_be_written_is_told(
    tiny_triage: Triage, file: Path, name: str
) -> None:
    with pytest.raises(FileUnwritableError) as raised:
        triage_to_csv(tiny_triage, file, file.parent / name, OPTIONS)
    assert raised.value.message.startswith("文件无法写入：")


def test_no_cell_is_a_formula(tiny_triage: Triage, tmp_path: Path) -> None:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, ("=1+1", *ROWS[0][1:])), "utf-8")
    assert triaged(tiny_triage, path)[0][0]["id"] == "'=1+1"
