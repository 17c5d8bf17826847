"""The workbook of an organisation: out and in is the same, and nothing in it is guessed at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from classifier.judging.taxonomy import Taxonomy
from service.domain.organisation import OrganisationBook, Shift
from service.errors import FileUnreadableError, OrganisationFileError
from service.intake.organisation_checks import Terms
from service.intake.organisation_files import OrganisationFiles, read_organisation
from service.intake.organisation_sheets import SHEETS
from service.intake.organisation_workbook import read_workbook, write_workbook
from tests.makers import a_small_organisation
from tests.service.intake.organisation_books import books

TERMS = Terms(Taxonomy.load(), frozenset({"61", "610528", "610528101"}))
DATA = Path(__file__).resolve().parents[3] / "data"
SMALL = OrganisationBook(a_small_organisation())
Change = Callable[[Workbook], object]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., OrganisationFiles]:
    """Write the small organisation's workbook, change it, and read it again."""

    def change_and_read(change: Change = lambda workbook: None) -> OrganisationFiles:
        path = tmp_path / "book.xlsx"
        workbook = load_workbook(io.BytesIO(write_workbook(SMALL)))
        change(workbook)
        workbook.save(path)
        return read_workbook(path, TERMS)

    return change_and_read


def errors_of(read: Callable[..., OrganisationFiles], change: Change) -> list[str]:
    with pytest.raises(OrganisationFileError) as refusal:
        read(change)
    return refusal.value.detail.splitlines()


def put(sheet: str, cell: str, value: Any) -> Change:
    def change(workbook: Workbook) -> None:
        workbook[sheet][cell] = value

    return change


@given(book=books())
def test_out_and_in_is_the_same(tmp_path_factory: pytest.TempPathFactory, book: Any) -> None:
    path = tmp_path_factory.mktemp("round") / "book.xlsx"
    path.write_bytes(write_workbook(book))
    assert read_workbook(path, TERMS).book == book


def test_the_demo_county_goes_out_and_in(tmp_path: Path) -> None:
    folder, shipped = DATA / "samples" / "organisation", DATA / "departments.csv"
    files = read_organisation(folder, shipped, TERMS.taxonomy)
    path = tmp_path / "demo.xlsx"
    path.write_bytes(write_workbook(files.book))
    assert read_workbook(path, Terms(TERMS.taxonomy)).book == files.book
    assert files.warnings == ()


def test_what_people_do_to_a_workbook_does_no_harm(read: Callable[..., OrganisationFiles]) -> None:
    def change(workbook: Workbook) -> None:
        sheet = workbook["委员"]
        sheet["A1"], sheet["B1"] = " 编号", "姓名　"
        sheet["A2"], sheet["C2"], sheet["G2"] = " Ｔ１－Ｍ１　", "FP ", "Ｔ１；"
        sheet["F2"] = "城乡建设／城市建设和市政管理"
        sheet["I2"], sheet["J2"], sheet["K2"] = datetime(2026, 3, 1), "2026年3月9日", "T2-M1"  # noqa: DTZ001
        sheet["L2"] = True
        sheet["L900"].fill = PatternFill("solid", fgColor="FFFF00")
        workbook["工作室"]["L2"] = "30"
        workbook["工作室"]["L3"] = 30.0
        workbook["值班"].append(
            ["T1", "T1-M1", date(2026, 3, 10), None, "周一；星期日", "9:00—11:30"]
        )
        workbook.create_sheet("填写说明")["A1"] = "=1+1"
        workbook.move_sheet("活动", -6)

    found = read(change).organisation
    member = found.members[0]
    assert (member.code, member.committee, member.studios) == ("T1-M1", "FP", ("T1",))
    assert member.specialties == ("城乡建设/城市建设和市政管理",)
    assert (member.absent_from, member.absent_to) == (date(2026, 3, 1), date(2026, 3, 9))
    assert (member.deputy, member.is_shown) == ("T2-M1", True)
    assert [studio.capacity for studio in found.studios] == [30, 30]
    day = date(2026, 3, 10)
    assert found.shifts == (Shift("T1", "T1-M1", day, day, (1, 7), "09:00-11:30"),)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "complaint"),
    [
        ("委员", "B2", "=A2", "工作表“委员” 第 2 行：B2 是公式，请复制后以“数值”粘贴"),
        ("委员", "I2", "昨天", "工作表“委员” 第 2 行：“缺席起”应为 年-月-日，而不是“昨天”"),
        ("委员", "I2", 46082, "工作表“委员” 第 2 行：“缺席起”应为 年-月-日，而不是“46082”"),
        ("委员", "I2", datetime(2026, 3, 1, 9), "“缺席起”应为 年-月-日"),  # noqa: DTZ001
        ("委员", "I2", time(9), "“缺席起”应为 年-月-日"),
        ("委员", "I2", "9" * 30, "“缺席起”应为 年-月-日"),
        ("委员", "L2", 2, "“展示”应为 1 或 0"),
        ("委员", "M2", "多出来的", "工作表“委员” 第 2 行：应有 12 列，实有 13 列"),
        ("委员", "A2", "T1 M1", "“编号”中的“T1 M1”不能有空格、分号、斜线和全角字母"),
        ("委员", "B2", "甲\n乙", "“姓名”过长或含有不可见字符"),
        ("委员", "B2", "甲" * 101, "“姓名”不超过 100 字"),
        ("委员", "E2", "天文界", "“界别”中的“天文界”不在界别名录中"),
        ("委员", "A1", "代码", "工作表“委员” 第 1 行：表头应为 编号,姓名"),
        ("工作室", "H2", "T2-M1", "召集人或副召集人“T2-M1”不是本工作室的委员"),
        ("工作室", "L2", "三十", "工作表“工作室” 第 2 行：“容量”应为整数"),
        ("工作室", "L2", 30.5, "“容量”应为整数"),
        ("工作室", "L2", -1, "“容量”应为整数"),
        ("工作室", "L2", 10**12, "“容量”应为整数"),
        ("政协", "E2", 999999, "工作表“政协” 第 2 行：“区划代码”中的“999999”不存在"),
        ("政协", "A2", None, "工作表“政协” 第 2 行：“编号”不能为空"),
        ("承办单位", "D2", "街道", "工作表“承办单位” 第 2 行：“级别”应为 国家、省、市、县、乡镇"),
        ("承办单位", "A3", "住建局", "工作表“承办单位” 第 3 行：名称“住建局”重复"),
    ],
)
def test_each_error_is_told_with_sheet_and_row(
    read: Callable[..., OrganisationFiles], sheet: str, cell: str, value: Any, complaint: str
) -> None:
    found = errors_of(read, put(sheet, cell, value))
    assert any(complaint in line for line in found), found


def test_error_values_and_merged_cells_are_told(read: Callable[..., OrganisationFiles]) -> None:
    def change(workbook: Workbook) -> None:
        workbook["委员"]["H2"] = "#REF!"
        workbook["委员"]["H2"].data_type = "e"
        workbook["工作室"].merge_cells("D2:D3")

    found = errors_of(read, change)
    assert "工作表“委员” 第 2 行：H2 是错误值 #REF!，请改正" in found
    assert "工作表“工作室” 第 2 行：D2:D3 是合并单元格，请取消合并后逐行填写" in found


def test_errors_of_a_sheet_stand_together_by_rows(
    read: Callable[..., OrganisationFiles],
) -> None:
    def change(workbook: Workbook) -> None:
        workbook["委员"]["L3"] = 2  # noticed when it is read, the others when all is compared
        workbook["委员"]["E2"] = "天文界"
        workbook["工作室"]["D3"] = "没有"

    starts = [line.partition("：")[0] for line in errors_of(read, change)]
    assert starts == [
        "工作表“委员” 第 2 行",
        "工作表“委员” 第 3 行",
        "工作表“工作室” 第 3 行",
    ]


def test_a_missing_sheet_is_told_so_that_nothing_is_lost(
    read: Callable[..., OrganisationFiles],
) -> None:
    found = errors_of(read, lambda workbook: workbook.remove(workbook["活动"]))
    assert found == ["工作表“活动”：没有这个工作表；没有内容时也请保留它和表头"]


def test_what_refers_to_a_table_that_was_not_read_is_not_at_fault(
    read: Callable[..., OrganisationFiles],
) -> None:
    found = errors_of(read, put("委员", "A1", "代码"))
    assert found == [
        "工作表“委员” 第 1 行：表头应为 "
        "编号,姓名,政协,级别,界别,专长,工作室,单位,缺席起,缺席止,代理委员,展示"
    ]


def test_more_rows_than_anybody_has_are_refused(
    read: Callable[..., OrganisationFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.intake.sheet_records.MAX_FILLED_ROWS", 3)
    found = errors_of(read, put("承办单位", "A9", "庚局"))
    assert "工作表“承办单位” 第 4 行：超过 3 行，其后的没有读取" in found


@pytest.mark.hostile
def test_a_million_rows_are_refused_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    row = b'<row><c t="inlineStr"><is><t>X</t></is></c></row>'
    with (
        zipfile.ZipFile(io.BytesIO(write_workbook(SMALL))) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet3.xml":
                content = content.replace(b"</sheetData>", row * 1_000_001 + b"</sheetData>")
            target.writestr(name, content)
    with pytest.raises(FileUnreadableError, match="内容过多"):
        read_workbook(path, TERMS)


def _zip(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


@pytest.mark.hostile
def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bomb.xlsx", xl__workbook_xml=b"<x/>", xl__big_xml=b"\0" * (9 << 20))
    with pytest.raises(FileUnreadableError, match="压缩炸弹"):
        read_workbook(path, TERMS)


@pytest.mark.hostile
def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "macros.xlsx"
    path.write_bytes(write_workbook(SMALL))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    with pytest.raises(FileUnreadableError, match="含有宏"):
        read_workbook(path, TERMS)


@pytest.mark.hostile
@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", "编号,名称\n".encode(), b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileUnreadableError):
        read_workbook(path, TERMS)


@pytest.mark.hostile
@given(data=st.data())
def test_a_damaged_workbook_is_refused_or_read_never_worse(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(write_workbook(SMALL))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 999)) * len(whole) // 1000
        whole[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "book.xlsx"
    path.write_bytes(bytes(whole))
    try:
        read_workbook(path, TERMS)
    except (FileUnreadableError, OrganisationFileError) as error:
        assert error.detail


@pytest.mark.hostile
def test_text_stays_text_whatever_sign_it_begins_with() -> None:
    organisation = a_small_organisation()
    department = organisation.departments[0]
    book = OrganisationBook(
        type(organisation)(departments=(type(department)("甲局", duties="=HYPERLINK(1)"),))
    )
    sheet = load_workbook(io.BytesIO(write_workbook(book)))["承办单位"]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["C2"].quotePrefix
    assert [cell.value for cell in sheet[1]] == list(SHEETS[3].columns)
