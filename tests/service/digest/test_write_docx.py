import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from service.digest import render
from tests.service.digest.pages import open_in_office
from tests.service.digest.test_golden import GOLDEN, digest_of

BUSY = GOLDEN / "busy_week"


@pytest.fixture(scope="module")
def content() -> bytes:
    return render(digest_of(BUSY), ".docx")


@pytest.fixture
def document(content: bytes) -> object:
    return Document(io.BytesIO(content))


def test_the_page_has_the_margins_of_the_standard(document) -> None:  # type: ignore[no-untyped-def]
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side / Mm(1)) for side in sides] == [37, 35, 28, 26]
    assert round(section.page_width / Mm(1)) == 210
    assert round(section.page_height / Mm(1)) == 297


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Body Text", "仿宋_GB2312", 16),
    ],
)
def test_styles_have_the_faces_and_sizes_of_the_standard(  # type: ignore[no-untyped-def]
    document, style: str, face: str, size: int
) -> None:
    found = document.styles[style]
    fonts = found.element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == face
    assert found.font.size == Pt(size)


def test_headings_are_real_headings(document) -> None:  # type: ignore[no-untyped-def]
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "一、总体情况", "二、热点事项", "三、上升与新情况", "四、滞留与逾期", "五、分类统计",
        "六、工作室和委员履职", "七、模型运行", "八、社情民意素材",
    ]  # fmt: skip
    assert document.paragraphs[0].style.name == "Title"
    assert document.paragraphs[0].text == "民情周报（2019年第28周）"


def test_page_numbers_stand_outside_on_odd_and_even_pages(document) -> None:  # type: ignore[no-untyped-def]
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert "PAGE" in paragraph._p.xml
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side


def test_every_table_repeats_its_heading_and_says_what_it_is(document) -> None:  # type: ignore[no-untyped-def]
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(document.tables) >= 10
    for caption, table in zip(captions, document.tables, strict=True):
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        described = table._tbl.tblPr.find(qn("w:tblCaption"))
        assert caption.endswith(described.get(qn("w:val")))


def test_faces_a_machine_lacks_have_others_that_stand_in(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        fonts = package.read("word/fontTable.xml").decode()
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong,' in fonts


def test_the_file_tells_the_cut_and_not_the_clock(document, content: bytes) -> None:  # type: ignore[no-untyped-def]
    assert document.core_properties.modified.isoformat().startswith("2019-07-15T00:30:00")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {member.date_time[0] for member in package.infolist()} == {1980}


@pytest.mark.office
def test_libreoffice_opens_the_document(content: bytes, tmp_path: Path) -> None:
    pages = PdfReader(open_in_office(content, tmp_path).path).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert "民情周报（2019年第28周）" in texts[0]
    assert 5 <= len(pages) <= 14
    assert all(f"—{number}—" in text for number, text in enumerate(texts, start=1))
    assert all(len(text) > 60 for text in texts)
