"""The Word document as pages: what GB/T 9704-2012 asks for, measured on the PDF of LibreOffice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from pypdf import PdfReader

from service.digest.outline import (
    Column,
    ColumnKind,
    Outline,
    Paragraph,
    Quote,
    Row,
    Section,
    Subheading,
    Table,
    outline,
)
from service.digest.red_head import RedHead
from service.digest.write_docx import lay_out, write_docx
from tests.service.digest.pages import (
    DOTS_PER_INCH,
    POINTS_PER_MM,
    Page,
    Pages,
    open_in_office,
    picture_of,
)
from tests.service.digest.test_golden import CASES, GOLDEN, digest_of

pytestmark = pytest.mark.office

BUSY = GOLDEN / "busy_week"
LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262  # the type area, mm
LINE_MM = 225 / 22
TEXT = "河东巷路灯已坏半月夜间行人不便请早日修好"  # no sign that a line could be squeezed at
COLUMNS = (Column("事项", ColumnKind.TEXT, 3), Column("人数", ColumnKind.INTEGER, 1))


def long_table() -> Table:
    """Sixty rows, some of several lines."""
    rows = tuple(Row((f"始{n}止" + TEXT * (n % 4) + f"末{n}止", n)) for n in range(1, 61))
    return Table("长表", COLUMNS, rows, len(rows))


def text_outline() -> Outline:
    """Three pages of running text, headings among short paragraphs, a long table, an annex."""
    headed = tuple(
        block
        for n in range(1, 40)
        for block in (Subheading(f"（{n}）小标题"), Paragraph(TEXT * (1 + n % 3)), Quote(TEXT))
    )
    return Outline(
        title="民情周报（2019年第28周）",
        subtitle="2019年7月8日至7月14日",
        sections=(
            Section("一、正文", (Paragraph(TEXT * 120),)),
            Section("二、标题", headed),
            Section("三、表格", (long_table(),)),
        ),
        issuer="某县政协办公室",
        date="2019年7月15日",
        annex=Section("统计口径", (Paragraph(TEXT),)),
        sheets=(),
        notes=("口径一。", "口径二。"),
    )


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    content = lay_out(text_outline(), digest_of(BUSY))
    return open_in_office(content, tmp_path_factory.mktemp("text"))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return open_in_office(write_docx(digest_of(BUSY)), tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module")
def under_head(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    head = RedHead("富平县政协办公室文件", "富政协办〔2019〕28号")
    content = write_docx(replace(digest_of(BUSY), head=head))
    return open_in_office(content, tmp_path_factory.mktemp("head"))


def test_the_page_is_a4_and_text_keeps_to_the_type_area(text: Pages, busy: Pages) -> None:
    for pages in (text, busy):
        for page in PdfReader(pages.path).pages:
            size = [
                float(side) / POINTS_PER_MM for side in (page.mediabox.width, page.mediabox.height)
            ]
            assert size == pytest.approx([210, 297], abs=0.5)
        for seen in pages.pages:
            assert min(line.left for line in seen.lines) >= LEFT - 0.5
            assert max(line.right for line in seen.lines) <= RIGHT + 0.5
            assert min(line.top for line in seen.lines) >= TOP - 0.5
            assert max(line.bottom for line in seen.lines) <= BOTTOM + 1


def test_a_full_page_has_22_lines_of_28_characters(text: Pages) -> None:
    page = text.pages[1]
    assert len(page.lines) == 22
    assert {len(line.text) for line in page.lines} == {28}
    steps = [low.top - high.top for high, low in zip(page.lines, page.lines[1:], strict=False)]
    assert steps == pytest.approx([LINE_MM] * 21, abs=0.1)
    assert page.lines[0].left == pytest.approx(LEFT, abs=0.5)
    assert page.lines[0].right == pytest.approx(RIGHT, abs=1)
    middle = (page.lines[0].top + page.lines[0].bottom) / 2
    assert middle == pytest.approx(TOP + LINE_MM / 2, abs=2)


def test_page_numbers_stand_between_dashes_outside_and_below_the_text(text: Pages) -> None:
    for number, page in enumerate(text.pages, start=1):
        assert page.number.text == f"—{number}—"
        middle = (page.number.top + page.number.bottom) / 2
        assert middle - BOTTOM == pytest.approx(7, abs=1.5)
        if number % 2:
            assert page.number.right == pytest.approx(RIGHT - 4.9, abs=1)
        else:
            assert page.number.left == pytest.approx(LEFT + 4.9, abs=1)


def sizes(pages: Pages, number: int) -> dict[str, float]:
    """The size of type (points) of each piece of text on a page."""
    found: dict[str, float] = {}

    def visit(piece: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if piece.strip():
            found[piece.strip()] = abs(size * tm[3] * cm[3])

    PdfReader(pages.path).pages[number - 1].extract_text(visitor_text=visit)
    return found


def test_title_and_page_number_have_the_sizes_of_the_standard(text: Pages) -> None:
    first = sizes(text, 1)
    title = next(size for piece, size in first.items() if "民情周报" in piece)
    number = next(size for piece, size in first.items() if piece.startswith("—"))
    body = next(size for piece, size in sizes(text, 2).items() if TEXT in piece)
    assert (title, body, number) == pytest.approx((22, 16, 14), abs=0.2)


def test_every_font_is_embedded(busy: Pages) -> None:
    for page in PdfReader(busy.path).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index, union-attr]
            face = font.get_object()
            held = face["/DescendantFonts"][0].get_object() if "/DescendantFonts" in face else face
            described = held["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def is_heading(text: str) -> bool:
    return text.startswith(("一、", "二、", "三、")) or text.endswith("）小标题")


def test_no_heading_stands_last_on_its_page(text: Pages) -> None:
    assert sum(is_heading(line.text) for page in text.pages for line in page.lines) == 42
    assert not [page.lines[-1].text for page in text.pages if is_heading(page.lines[-1].text)]


def test_a_long_table_repeats_its_heading_and_breaks_no_row(text: Pages) -> None:
    of_table = [page for page in text.pages if any("止" in line.text for line in page.lines)]
    assert len(of_table) >= 3
    for page in of_table[1:]:
        assert page.lines[0].text == "事项人数"
    for page in of_table:
        told = "".join(line.text for line in page.lines)
        for n in range(1, 61):
            assert (f"始{n}止" in told) == (f"末{n}止" in told)


def test_a_caption_stands_over_its_table(busy: Pages) -> None:
    last_lines = [page.lines[-1].text for page in busy.pages]
    assert not [text for text in last_lines if text.startswith("表") and text[1:2].isdigit()]


def test_the_annex_is_told_before_the_signature_and_begins_a_page(text: Pages) -> None:
    page = next(page for page in text.pages if any("附件：" in line.text for line in page.lines))
    told = [line for line in page.lines if line.top >= _line(page, "附件：").top]
    assert [line.text for line in told] == ["附件：统计口径", "某县政协办公室", "2019年7月15日"]
    annexed, signature, date = told
    assert annexed.left - LEFT == pytest.approx(2 * 16 / POINTS_PER_MM, abs=1)
    assert date.left - signature.left == pytest.approx(2 * 16 / POINTS_PER_MM, abs=0.5)
    # Two characters; the digits of a face that stands in may be wider than those of the standard.
    assert 16 < (RIGHT - date.right) * POINTS_PER_MM < 2.2 * 16
    assert signature.top - annexed.top == pytest.approx(2 * LINE_MM, abs=1)
    label, heading = text.pages[-1].lines[:2]
    assert (label.text, heading.text) == ("附件", "统计口径")
    assert label.left == pytest.approx(LEFT, abs=0.5)
    assert heading.left - LEFT == pytest.approx(RIGHT - heading.right, abs=1)
    assert heading.top - label.top == pytest.approx(2 * LINE_MM, abs=3)


def _line(page: Page, opening: str):  # type: ignore[no-untyped-def]
    return next(line for line in page.lines if line.text.startswith(opening))


def test_the_week_of_a_county_is_short(busy: Pages) -> None:
    assert "民情周报（2019年第28周）" in busy.pages[0].lines[0].text
    annex = [page.lines[0].text for page in busy.pages].index("附件")
    assert annex <= 8
    assert len(busy.pages) <= 14


def test_no_page_is_left_half_empty_but_the_last_of_a_part(busy: Pages) -> None:
    annex = [page.lines[0].text for page in busy.pages].index("附件")
    for number, page in enumerate(busy.pages[:-1], start=1):
        if number != annex:
            assert lowest(busy, number) >= TOP + 0.7 * (BOTTOM - TOP), page.lines[-1].text


def lowest(pages: Pages, number: int) -> float:
    """How far down (mm) anything stands in the type area of a page."""
    picture = picture_of(pages, number).convert("L")
    area = picture.crop((0, 0, picture.width, round(BOTTOM * DOTS_PER_INCH / 25.4)))
    box = area.point(lambda dot: 255 if dot < 200 else 0).getbbox()
    return box[3] * 25.4 / DOTS_PER_INCH if box else 0.0


def test_the_red_head_stands_where_the_standard_has_it(under_head: Pages) -> None:
    picture = picture_of(under_head, 1)
    rows = [
        [x for x in range(picture.width) if is_red(picture.getpixel((x, y)))]
        for y in range(picture.height // 2)
    ]
    reddened = [(y * 25.4 / DOTS_PER_INCH, row) for y, row in enumerate(rows) if row]
    assert reddened[0][0] == pytest.approx(TOP + 35, abs=2.5)
    line = [(y, row) for y, row in reddened if len(row) > 150 * DOTS_PER_INCH / 25.4]
    assert 1 <= len(line) <= 4
    y, row = line[0]
    assert row[0] * 25.4 / DOTS_PER_INCH == pytest.approx(LEFT, abs=1)
    assert row[-1] * 25.4 / DOTS_PER_INCH == pytest.approx(RIGHT, abs=1)
    mark, number, title = under_head.pages[0].lines[:3]
    assert (mark.text, number.text) == ("富平县政协办公室文件", "富政协办〔2019〕28号")
    assert y - number.bottom == pytest.approx(4, abs=2.5)
    assert title.text == "民情周报（2019年第28周）"
    for one in (mark, number, title):
        assert one.left - LEFT == pytest.approx(RIGHT - one.right, abs=1)
    assert number.top > mark.bottom
    assert title.top > y + LINE_MM


def is_red(dot: object) -> bool:
    red, green, blue = dot  # type: ignore[misc]
    return bool(red > 180 and green < 90 and blue < 90)


def test_lines_of_text_do_not_overlap(under_head: Pages) -> None:
    page = under_head.pages[0]
    for high, low in zip(page.lines, page.lines[1:], strict=False):
        assert (low.top + low.bottom) / 2 - (high.top + high.bottom) / 2 > 3


@pytest.mark.parametrize("authority", ["甲", "中国人民政治协商会议陕西省富平县委员会办公室文件"])
def test_any_name_stands_on_one_line_of_the_head(authority: str, tmp_path: Path) -> None:
    content = write_docx(replace(digest_of(GOLDEN / "empty_week"), head=RedHead(authority)))
    mark, title = open_in_office(content, tmp_path).pages[0].lines[:2]
    assert mark.text == authority
    assert title.text.startswith("民情周报")
    assert median((LEFT, mark.left, RIGHT)) == mark.left


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said_to_be_in_the_annex_is_there(case: Path) -> None:
    told = outline(digest_of(case))
    text = "".join(
        block.text
        for section in told.sections
        for block in section.blocks
        if not isinstance(block, Table)
    )
    captions = {table.caption for table in told.annex.tables}
    said = {
        "等待最久的事项": "等待最久的事项",
        "二级主题": "按二级主题统计",
        "委员工作室等": "按委员工作室统计",
        "依据编号，见附件": "社情民意素材的依据",
        "各委员履职情况见附件": "各委员履职情况",
    }
    for words, caption in said.items():
        assert (words in text) <= (caption in captions), words
    assert told.notes
