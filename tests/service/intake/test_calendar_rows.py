"""放假安排 read from a table: as a whole, or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.provision import NoticedDay
from service.errors import CalendarError
from service.intake.calendar_rows import read_calendar_file, read_calendar_text

HEADER = "日期,安排,名称\n"


def test_days_come_in_order() -> None:
    text = HEADER + "2027/1/3,上班,元旦调休\n2027-01-01,放假,元旦\n"
    assert read_calendar_text(text) == (
        NoticedDay(date(2027, 1, 1), False, "元旦"),
        NoticedDay(date(2027, 1, 3), True, "元旦调休"),
    )


def test_a_file_of_an_office_is_read(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_bytes((HEADER + "2027-10-01,放假,国庆\n").encode("gbk"))
    assert read_calendar_file(path)[0].name == "国庆"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("", "没有一天"),
        ("2027-13-01,放假,x\n", "应为 年-月-日"),
        (",放假,x\n", "不能为空"),
        ("2027-01-01,休息,x\n", "应为 放假 或 上班"),
        ("2027-01-01,放假,x\n2027-01-01,放假,x\n", "不止一次"),
        ("2027-01-04,上班,x\n", "本来就上班"),
        ("1927-01-01,放假,x\n", "不在 2000–2100"),
        ("2027-01-01,放假\n", "应有 3 列"),
        ("=1+1,放假,x\n", "应为 年-月-日"),
        ("2027-01-01,放假,\x1b[31m\n", "不可见字符"),
        ("".join(f"2027-01-{d:02d},错,\n" for d in range(1, 32)) * 2, "共"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(rows: str, told: str) -> None:
    with pytest.raises(CalendarError) as raised:
        read_calendar_text(HEADER + rows)
    assert told in raised.value.detail


def test_another_header_or_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="表头"):
        read_calendar_text("a,b,c\n1,2,3\n")
    with pytest.raises(CalendarError):
        read_calendar_file(tmp_path / "missing.csv")
    with pytest.raises(CalendarError):
        read_calendar_file(tmp_path)


def test_endless_days_are_refused() -> None:
    rows = "".join(f"{2001 + n // 360}-{n % 12 + 1}-{n % 28 + 1},放假,\n" for n in range(2001))
    with pytest.raises(CalendarError):
        read_calendar_text(HEADER + rows)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert read_calendar_text(text)
    except CalendarError as error:
        assert error.detail
