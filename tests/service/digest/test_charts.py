"""Charts: true to their tables, told in words, and readable without any font."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from service.digest import render
from service.digest.chart_font import MISSING, glyph_name, raster_font, text_width
from service.digest.charts import SHADES, WIDTH, draw_chart
from service.digest.draw_png import DOTS_PER_UNIT, draw_png
from service.digest.draw_svg import draw_svg
from service.digest.drawing import Label, Rectangle
from service.digest.outline import Chart, ChartKind, Column, ColumnKind, Row, Table
from tests.service.digest.test_golden import GOLDEN, digest_of

COLUMNS = (Column("地点", ColumnKind.TEXT, 3), Column("留言", ColumnKind.INTEGER, 1))
ROWS = st.tuples(st.text(max_size=70), st.integers(0, 10**9))
HOSTILE = '"><script>alert(1)</script>&'


def a_table(kind: ChartKind, *rows: tuple[str | None, int | None]) -> Table:
    chart = Chart(kind, 0, (1,), is_drawn=True)
    return Table("按地点统计", COLUMNS, tuple(Row(cells) for cells in rows), 15, chart=chart)


def labels(table: Table) -> list[str]:
    drawing = draw_chart(table)
    assert drawing
    return [shape.text for shape in drawing.shapes if isinstance(shape, Label)]


@pytest.mark.parametrize("kind", list(ChartKind))
def test_each_name_and_value_stands_in_the_chart(kind: ChartKind) -> None:
    shown = labels(a_table(kind, ("甲镇", 12), ("乙镇", 7), ("丙乡", 0)))
    assert {"甲镇", "乙镇", "丙乡", "12", "7", "0"} <= set(shown)


def test_bars_are_as_long_as_their_values() -> None:
    drawing = draw_chart(a_table(ChartKind.BARS, ("甲镇", 12), ("乙镇", 6), ("丙乡", 0)))
    assert drawing
    lengths = [shape.width for shape in drawing.shapes if isinstance(shape, Rectangle)]
    assert lengths[0] == 2 * lengths[1] > 0 == lengths[2]


def test_the_more_messages_the_darker_the_tile() -> None:
    table = a_table(ChartKind.TILES, *((f"第{n}村", n) for n in range(50, -1, -10)))
    drawing = draw_chart(table)
    assert drawing
    shades = [SHADES.index(one.colour) for one in drawing.shapes if isinstance(one, Rectangle)]
    assert shades == sorted(shades, reverse=True)
    assert (shades[0], shades[-1]) == (len(SHADES) - 1, 0)


def test_the_words_beside_a_chart_tell_its_figures() -> None:
    drawing = draw_chart(a_table(ChartKind.TILES, ("甲镇", 12), ("乙镇", 7)))
    assert drawing
    assert drawing.alternative == "图：按地点统计（留言）。甲镇12，乙镇7。"


def test_a_table_without_figures_has_no_chart() -> None:
    assert draw_chart(a_table(ChartKind.LINE)) is None
    assert draw_chart(a_table(ChartKind.LINE, ("甲镇", None))) is None


@pytest.mark.parametrize("kind", list(ChartKind))
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=60))
def test_whatever_the_names_nothing_leaves_the_picture(
    kind: ChartKind, rows: list[tuple[str, int]]
) -> None:
    drawing = draw_chart(a_table(kind, *rows))
    assert drawing
    for shape in drawing.shapes:
        if isinstance(shape, Label):
            assert shape.x >= -1
            assert shape.x + text_width(shape.text, shape.size) <= WIDTH + 1
            assert 0 < shape.y <= drawing.height
        elif isinstance(shape, Rectangle):
            assert 0 <= shape.x <= shape.x + shape.width <= WIDTH + 0.001


def test_svg_is_well_formed_and_has_no_text_that_needs_a_font() -> None:
    drawing = draw_chart(a_table(ChartKind.BARS, (HOSTILE, 3), ("乙镇", 2)))
    assert drawing
    tree = ET.fromstring(draw_svg(drawing))
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags == {"svg", "title", "g", "path", "rect", "polyline"}
    assert HOSTILE in tree.attrib["aria-label"]


def test_png_shows_what_was_drawn() -> None:
    drawing = draw_chart(a_table(ChartKind.TILES, ("甲镇", 12), ("乙镇", 7)))
    assert drawing
    content = draw_png(drawing)
    assert content == draw_png(drawing)
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.size == (drawing.width * DOTS_PER_UNIT, drawing.height * DOTS_PER_UNIT)
    colours = {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in picture.getcolors(1 << 20)}
    assert {SHADES[4], SHADES[2], "#ffffff"} <= colours


def test_the_font_has_the_characters_of_gb_2312_each_with_a_shape_of_its_own() -> None:
    assert all(glyph_name(one) != MISSING for one in "庄里镇淡村曹村宫里觅子流曲（）、。%—…")
    drawn = {bytes(raster_font(30).getmask(one)) for one in "甲乙丙丁戊"}
    assert len(drawn) == 5
    assert glyph_name("𠮷") == MISSING


def test_the_word_document_shows_each_chart_with_words_for_who_cannot_see_it() -> None:
    content = render(digest_of(GOLDEN / "busy_week"), ".docx")
    document = Document(io.BytesIO(content))
    told = [each.get("descr") for each in document.element.iter(qn("wp:docPr"))]
    assert [text.partition("（")[0] for text in told] == [
        "图：近五期留言数量", "图：按主题统计", "图：按地点统计"
    ]  # fmt: skip
    captions = [p.text for p in document.paragraphs if p.style.name == "图题"]
    assert captions == ["图1　近五期留言数量", "图2　按主题统计", "图3　按地点统计"]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert sum(name.endswith(".png") for name in package.namelist()) == 3


def test_the_page_shows_the_same_charts_inline() -> None:
    page = render(digest_of(GOLDEN / "busy_week"), ".html").decode()
    assert page.count('<svg class="chart" role="img"') == 3
    assert 'aria-label="图：按地点统计（留言）。庄里镇20' in page
