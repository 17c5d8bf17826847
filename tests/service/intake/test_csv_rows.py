import csv
import io
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.intake.csv_rows import choose_delimiter, csv_records
from service.intake.lines import read_lines
from service.intake.rejects import Reject
from service.intake.rows import Record
from tests.service.intake.hostile_files import HEADER

MAX = 10_000


def records(text, delimiter=",", max_chars=MAX):
    return list(
        csv_records(read_lines(io.StringIO(text, newline=""), max_chars), delimiter, max_chars)
    )


def cells(text, **how):
    return [record.cells for record in records(text, **how)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_record_keeps_the_number_of_its_first_line(end):
    found = records(end.join(["a,b", '1,"x', 'y"', "", "2,z", ""]))
    assert [(record.line, record.cells) for record in found] == [
        (1, ("a", "b")),
        (2, ("1", f"x{end}y")),
        (4, ("",)),
        (5, ("2", "z")),
    ]


def test_quotes_within_quotes_are_doubled_and_others_stand_for_themselves():
    assert cells('"a""b",5"管,""\n"""",x"",\n') == [('a"b', '5"管', ""), ('"', 'x""', "")]


def test_an_empty_stream_has_no_records():
    assert records("") == []


def test_an_unclosed_quote_costs_its_own_line_only():
    found = records('1,"没有闭合\n2,正常\n3,也正常\n')
    assert isinstance(found[0], Reject)
    assert (found[0].line, found[0].reason_code) == (1, "broken_quotes")
    assert found[0].cells == ('1,"没有闭合',)
    assert [record.cells for record in found[1:]] == [("2", "正常"), ("3", "也正常")]
    assert found[1].line == 2


def test_a_quote_in_the_middle_of_a_quoted_cell_costs_its_own_line_only():
    found = records('1,"他说"你好"了"\n2,正常\n')
    assert found[0].reason_code == "broken_quotes"
    assert found[1] == Record(2, ("2", "正常"))


def test_a_quote_that_does_not_close_within_bounds_costs_its_own_line_only():
    found = records('1,"x\n' + "2,y\n" * MAX)
    assert found[0].reason_code == "record_too_long"
    assert len(found) == MAX + 1
    assert found[-1] == Record(MAX + 1, ("2", "y"))


def test_an_endless_line_is_cut_and_the_next_one_read():
    found = records("x" * (5 * MAX) + "\n2,y\n")
    assert found[0].reason_code == "record_too_long"
    assert len(found[0].cells[0]) == MAX
    assert found[1] == Record(2, ("2", "y"))


def test_a_cell_of_a_megabyte_is_read_within_the_usual_bound():
    text = "灯" * 1_000_000
    assert cells(f'1,"{text}"\n', max_chars=2_000_000) == [("1", text)]


def test_lines_that_all_open_a_quote_are_read_in_linear_time():
    def seconds(lines: int) -> float:
        started = time.thread_time()
        assert len(records('x","\n' * lines, max_chars=2_000_000)) == lines
        return time.thread_time() - started

    assert seconds(60_000) < 40 * seconds(6_000)


def test_memory_stays_bounded_however_long_a_record_is(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write('1,"')
        for _ in range(300):
            file.write("x" * 50_000)
        file.write("\n2,y\n")
    tracemalloc.start()
    with path.open(newline="") as stream:
        found = list(csv_records(read_lines(stream, 1_000_000), ",", 1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[-1] == Record(2, ("2", "y"))
    assert peak < 8_000_000


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_under_which_the_header_is_known(delimiter):
    assert choose_delimiter(["2026年一季度, 留言;汇总", delimiter.join(HEADER)], {}) == delimiter


CELL = st.text(st.sampled_from('a灯"\n\r,;\t \x00\u200f='), max_size=12)
TABLES = st.lists(st.lists(CELL, min_size=2, max_size=4).map(tuple), max_size=8)


# The standard writer leaves a lone CR bare when lines end in LF and quoting is minimal.
FORMS = [("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]


@given(TABLES, st.sampled_from(FORMS))
def test_what_the_standard_writer_writes_comes_back(table, form):
    line_end, quoting = form
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, quoting=quoting).writerows(table)
    assert cells(text.getvalue()) == table


@given(st.text(st.sampled_from('ab",\n\r'), max_size=60))
def test_of_any_text_every_line_comes_out_once(text):
    found = records(text, max_chars=20)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [record.line for record in found] == sorted({record.line for record in found})
    letters = sum(line.count("a") + line.count("b") for line in lines)
    kept = sum("".join(record.cells).count(sign) for record in found for sign in "ab")
    cut = sum(max(0, len(line) - 20) for line in text.splitlines())
    assert letters - cut <= kept <= letters
