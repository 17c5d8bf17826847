import tracemalloc
from itertools import islice

import pytest

from service.errors import FileUnreadableError, UnknownColumnsError
from service.intake.columns import parse_overrides
from service.intake.reader import read_messages
from tests.service.intake.hostile_files import (
    HEADER,
    PNG,
    ROW,
    as_csv,
    options,
    read_all,
    with_text,
    workbook,
    write,
)


@pytest.fixture
def csv_file(tmp_path):
    def make(*rows, header=HEADER, encoding="utf-8", line_end="\r\n", name="a.csv"):
        text = as_csv(header, *rows, line_end=line_end)
        return write(tmp_path / name, text, encoding)

    return make


def codes(rejects):
    return [(each.line, each.reason_code) for each in rejects]


def test_a_row_becomes_a_message_with_its_line(csv_file):
    messages, rejects = read_all(csv_file(ROW))
    assert rejects == []
    assert messages[0].line == 2
    message = messages[0].message
    assert (message.external_id, message.sender.name, message.title) == ROW[:3]
    assert message.text == ROW[4]
    assert (message.like_count, message.dislike_count, message.source) == (2, 0, "测试")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_messages(csv_file, encoding, line_end):
    text = f"第一行{line_end}第二行，𠮷"
    messages, rejects = read_all(
        csv_file(ROW, with_text(text), encoding=encoding, line_end=line_end)
    )
    assert [each.message.text for each in messages] == [ROW[4], text]
    assert rejects == []


def test_the_same_rows_come_out_of_all_three_kinds_of_file(tmp_path, csv_file):
    book = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    lines = write(
        tmp_path / "a.jsonl",
        '{"留言编号": 101, "留言用户": "A00012345", "留言主题": "路灯不亮", "留言时间": '
        '"2026-03-05 08:30:00", "留言详情": "三合村口的路灯坏了半个月。", "点赞数": 2}',
    )
    found = [read_all(path)[0][0].message for path in (csv_file(ROW), book, lines)]
    assert found[0] == found[1] == found[2]


@pytest.mark.hostile
def test_bad_rows_never_stop_a_file_and_are_kept_whole(csv_file):
    bad = [
        with_text("  "),
        with_text("灯" * 100_001),
        (*ROW[:3], "1/5/2019", *ROW[4:]),
        (*ROW[:3], "", *ROW[4:]),
        ROW[:6],
        (*ROW, "多余"),
        with_text("灯\x00"),
        (*ROW[:6], "很多"),
    ]
    messages, rejects = read_all(csv_file(ROW, *bad, ROW))
    assert [each.line for each in messages] == [2, 11]
    assert codes(rejects) == [
        (3, "empty_text"),
        (4, "text_too_long"),
        (5, "unreadable_date"),
        (6, "missing_date"),
        (7, "column_count"),
        (8, "column_count"),
        (9, "unusable_characters"),
        (10, "unreadable_count"),
    ]
    assert [each.cells for each in rejects] == [tuple(row) for row in bad]
    assert all(each.columns == HEADER for each in rejects)


@pytest.mark.hostile
def test_a_cell_of_a_megabyte_is_rejected_alone(csv_file):
    text = "灯" * 350_000 + "\n" + "x" * 1_000_000
    messages, rejects = read_all(csv_file(with_text(text), ROW))
    assert [each.line for each in messages] == [4]
    assert codes(rejects) == [(2, "text_too_long")]
    assert rejects[0].cells[4] == text


@pytest.mark.hostile
def test_an_unclosed_quote_costs_its_own_line(tmp_path):
    text = as_csv(HEADER) + '101,"甲,主题,2026/3/5,没有闭合,0,0\r\n' + as_csv(ROW, ROW)
    messages, rejects = read_all(write(tmp_path / "a.csv", text))
    assert [each.line for each in messages] == [3, 4]
    assert codes(rejects) == [(2, "broken_quotes")]
    assert rejects[0].cells == ('101,"甲,主题,2026/3/5,没有闭合,0,0',)


def test_an_unclosed_quote_in_the_first_line_is_named(tmp_path):
    with pytest.raises(UnknownColumnsError, match=r"第 1 行.*引号"):
        read_all(write(tmp_path / "a.csv", '"' + as_csv(HEADER, ROW)))


@pytest.mark.hostile
def test_bytes_of_another_encoding_reject_their_row(tmp_path):
    content = as_csv(HEADER, ROW).encode() + as_csv(ROW).encode("gb18030") + as_csv(ROW).encode()
    messages, rejects = read_all(write(tmp_path / "a.csv", content))
    assert [each.line for each in messages] == [2, 4]
    assert codes(rejects) == [(3, "unusable_characters")]
    restored = ",".join(rejects[0].cells).encode("utf-8", "surrogateescape").decode("gb18030")
    assert restored == ",".join(ROW)


@pytest.mark.hostile
def test_marks_controls_and_formulas_in_a_text_are_part_of_it(csv_file):
    text = "\u202e倒着\u200f看\x07的\t字 =HYPERLINK('x') 🏮"
    messages, _ = read_all(csv_file(with_text(text), with_text("=1+1")))
    assert [each.message.text for each in messages] == [text, "=1+1"]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.xlsx", "a.CSV", "a"])
def test_a_table_of_text_is_read_whatever_it_is_called(csv_file, name):
    messages, _ = read_all(csv_file(ROW, name=name))
    assert len(messages) == 1


def test_a_workbook_is_read_whatever_it_is_called(tmp_path):
    book = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    messages, _ = read_all(book.rename(tmp_path / "a.csv"))
    assert len(messages) == 1


def test_tabs_and_semicolons_separate_as_well(tmp_path):
    for delimiter in "\t;":
        text = "\n".join([delimiter.join(HEADER), delimiter.join(ROW)])
        messages, _ = read_all(write(tmp_path / "a.csv", text))
        assert messages[0].message.text == ROW[4]


def test_columns_are_named_by_hand(csv_file):
    path = csv_file(ROW, header=("a", "b", "c", "d", "e", "f", "g"))
    with pytest.raises(UnknownColumnsError, match="a、b"):
        read_all(path)
    messages, _ = read_all(path, overrides=parse_overrides(["e=text", "d=留言时间"]))
    assert messages[0].message.text == ROW[4]


def test_a_header_without_rows_gives_nothing(csv_file):
    assert read_all(csv_file()) == ([], [])
    assert read_all(csv_file((), ("",) * 7, (" ",))) == ([], [])


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileUnreadableError),
        (b"\n\n \n", UnknownColumnsError),
        (PNG, FileUnreadableError),
        (b"PK\x03\x04rest", FileUnreadableError),
        ((",".join(["text", "time", *"x" * 10_000])).encode(), FileUnreadableError),
        ("留言详情,留言详情,时间\n".encode(), UnknownColumnsError),
        (b"no,columns,known\n1,2,3\n", UnknownColumnsError),
    ],
)
def test_a_file_that_is_no_table_of_messages_is_refused_in_chinese(tmp_path, content, error):
    with pytest.raises(error) as refusal:
        read_all(write(tmp_path / "a.csv", content))
    assert any("一" <= sign <= "鿿" for sign in refusal.value.detail)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileUnreadableError, match="找不到"):
        read_all(tmp_path / "a.csv")


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(as_csv(HEADER))
        for number in range(20_000):
            file.write(as_csv(with_text("三合村口的路灯坏了。" * 40, str(number))))
    tracemalloc.start()
    count = sum(1 for _ in islice(read_messages(path, "测试", options()), 20_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert path.stat().st_size > 20_000_000
    assert peak < 20_000_000
