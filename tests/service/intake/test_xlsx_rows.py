from contextlib import suppress
from datetime import date, datetime
from zipfile import ZIP_STORED, ZipFile

import pytest

from service.errors import FileUnreadableError, UnknownColumnsError
from tests.service.intake import hostile_files as hostile
from tests.service.intake.hostile_files import HEADER, ROW, read_all, with_text, workbook


def test_rows_come_out_with_their_sheet_s_row_numbers(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW, [], with_text("第二条")])
    messages, rejects = read_all(path)
    assert [each.line for each in messages] == [2, 4]
    assert messages[1].message.text == "第二条"
    assert rejects == []


def test_strings_are_found_in_the_table_that_excel_keeps_them_in(tmp_path):
    text = "<b>路灯</b> & 水管\n坏了"
    path = hostile.shared_strings_workbook(tmp_path, HEADER, ROW, with_text(text))
    messages, rejects = read_all(path)
    assert [each.message.text for each in messages] == [ROW[4], text]
    assert rejects == []


def test_dates_and_numbers_are_read_as_such(tmp_path):
    when = datetime.fromisoformat("2026-03-05 08:30:00")
    rows = [
        [101, "甲", "路灯", when, "灯坏了", 0, 2],
        [102.0, "甲", "路灯", date(2026, 3, 5), 12345, None, None],
        [103, "甲", "路灯", 46086.5, "灯坏了", 0, 2],
    ]
    messages, rejects = read_all(workbook(tmp_path / "a.xlsx", [HEADER, *rows]))
    assert [each.message.external_id for each in messages] == ["101", "102", "103"]
    assert [each.message.sent_at.hour for each in messages] == [8, 0, 12]
    assert messages[1].message.text == "12345"
    assert rejects == []


def test_the_first_sheet_with_a_message_s_columns_is_read_below_its_title(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", [["说明"], ["本表由来信科整理"]], [["2026 年来信"], [], HEADER, ROW]
    )
    messages, _ = read_all(path)
    assert [each.line for each in messages] == [4]


@pytest.mark.parametrize("drawn", [b"", b'<drawing r:id="rId1"/><what:ever xmlns:what="x"/>'])
def test_chart_sheets_are_passed_over_whatever_stands_in_them(tmp_path, drawn):
    path = hostile.workbook_with_chart_sheet(tmp_path, drawn)
    messages, rejects = read_all(path)
    assert [each.message.text for each in messages] == [ROW[4]]
    assert rejects == []


def test_a_workbook_of_charts_alone_has_no_table(tmp_path):
    with pytest.raises(UnknownColumnsError):
        read_all(hostile.workbook_with_chart_sheet(tmp_path, b"", []))


def test_short_rows_are_filled_and_wide_ones_rejected_whole(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW[:5], [*ROW, "多余"]])
    messages, rejects = read_all(path)
    assert messages[0].message.like_count == 0
    assert rejects[0].reason_code == "column_count"
    assert rejects[0].cells[-1] == "多余"


@pytest.mark.hostile
def test_formulas_count_by_their_stored_value_and_are_never_run(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, with_text("=1+1"), ROW])
    messages, rejects = read_all(path)
    assert [each.reason_code for each in rejects] == ["empty_text"]
    assert len(messages) == 1


def test_dates_out_of_excel_s_range_are_rejected_and_line_breaks_restored(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, with_text("第一行_x000D_\n第二行")])
    messages, _ = read_all(path)
    assert messages[0].message.text == "第一行\r\n第二行"
    sheet = "xl/worksheets/sheet1.xml"
    path = workbook(
        tmp_path / "b.xlsx",
        [HEADER, [*ROW[:3], datetime.fromisoformat("2026-03-05"), *ROW[4:]]],
    )
    with ZipFile(path) as archive:
        content = archive.read(sheet).replace(b"46086", b"99999999")
    _, rejects = read_all(hostile.with_entry(path, tmp_path / "c.xlsx", sheet, content))
    assert [each.reason_code for each in rejects] == ["unreadable_date"]


@pytest.mark.hostile
def test_a_wrong_declared_size_hides_no_rows(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW, ROW])
    sheet = "xl/worksheets/sheet1.xml"
    with ZipFile(path) as archive:
        content = archive.read(sheet).replace(b'ref="A1:G3"', b'ref="A1:B2"')
    messages, _ = read_all(hostile.with_entry(path, tmp_path / "b.xlsx", sheet, content))
    assert len(messages) == 2


def test_a_row_number_beyond_excel_s_ends_the_reading(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    sheet = "xl/worksheets/sheet1.xml"
    with ZipFile(path) as archive:
        content = archive.read(sheet).replace(b'<row r="2"', b'<row r="999999999"')
    with pytest.raises(FileUnreadableError, match="1048576"):
        read_all(hostile.with_entry(path, tmp_path / "b.xlsx", sheet, content))


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (hostile.zip_bomb, "上限 256 MB"),
        (hostile.ratio_bomb, "压缩炸弹"),
        (hostile.entity_bomb, "实体"),
        (lambda folder: hostile.entity_bomb(folder, "utf-16"), "编码"),
        (lambda folder: hostile.entity_bomb(folder, "cp037"), r"编码|损坏"),
        (lambda folder: hostile.entity_bomb(folder, comment="x" * 200_000), "实体"),
        (hostile.odd_compression, "压缩方式"),
        (hostile.many_entries, "内含文件过多"),
    ],
)
def test_an_archive_made_to_harm_is_refused_before_it_is_opened(tmp_path, make, why):
    with pytest.raises(FileUnreadableError, match=why):
        read_all(make(tmp_path))


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (b"<row>" + b"<c/>" * 500_001 + b"</row>", "单元格过多"),
        (b"<row>" + b"<c/>" * 9 + b"</row>" + b"<c/>" * 500_001, "单元格过多"),
        (b"<row/>" * 1_000_001, "内容过多"),
        (b"<row>" + b"x" * (17 << 20) + b"</row>", "一行过大"),
        (b'<row a="' + b"x" * (17 << 20) + b'"/>', "一行过大"),
        (b"<row><![CDATA[" + b"</row>" * (3 << 20) + b"]]></row>", "一行过大"),
    ],
    ids=["cells", "outside rows", "rows", "text", "attribute", "CDATA"],
)
@pytest.mark.parametrize("entry", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_more_than_memory_should_hold_at_a_time_is_refused(tmp_path, inside, why, entry):
    content = b"<worksheet>" + inside + b"</worksheet>"
    plain = hostile.plain_workbook(tmp_path)
    path = hostile.with_entry(plain, tmp_path / "a.xlsx", entry, content, ZIP_STORED)
    with pytest.raises(FileUnreadableError, match=why):
        read_all(path)


@pytest.mark.hostile
def test_flipped_bytes_are_damage_or_other_text_but_never_another_error(tmp_path):
    whole = bytearray(hostile.plain_workbook(tmp_path).read_bytes())
    for place in range(0, len(whole), len(whole) // 60):
        flipped = bytes([*whole[:place], whole[place] ^ 0x5A, *whole[place + 1 :]])
        with suppress(FileUnreadableError):
            read_all(hostile.write(tmp_path / "flipped.xlsx", flipped))


@pytest.mark.hostile
def test_damage_is_refused_wherever_it_lies(tmp_path):
    whole = hostile.plain_workbook(tmp_path).read_bytes()
    for end in range(4, len(whole), len(whole) // 40):
        with pytest.raises(FileUnreadableError):
            read_all(hostile.write(tmp_path / "cut.xlsx", whole[:end]))


@pytest.mark.hostile
@pytest.mark.parametrize(
    "entry", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>", b"\x00\xff", b"<a>" * 5_000])
def test_parts_that_are_no_office_xml_are_refused(tmp_path, entry, content):
    path = hostile.with_entry(hostile.plain_workbook(tmp_path), tmp_path / "a.xlsx", entry, content)
    with pytest.raises((FileUnreadableError, UnknownColumnsError)):
        read_all(path)


def test_other_archives_are_told_by_name(tmp_path):
    path = tmp_path / "a.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<a/>")
    with pytest.raises(FileUnreadableError, match=r"不是 \.xlsx"):
        read_all(path)


def test_no_sheet_with_a_message_s_columns_is_an_error(tmp_path):
    with pytest.raises(UnknownColumnsError, match="甲、乙"):
        read_all(workbook(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]], [["丙"]]))
