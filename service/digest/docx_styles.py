"""The look of a Chinese official document (GB/T 9704-2012) as Word styles.

Type sizes by their Chinese names: 二号 22 pt, 三号 16 pt, 四号 14 pt, 小四 12 pt, 五号 10.5 pt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.styles import BabelFish

LATIN = "Times New Roman"
SONG, FANGSONG, KAITI, HEITI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
LINE_TWIPS = 579  # 22 lines in 225 mm
BODY_HALF_POINTS = 32
BLACK, RED = "000000", "FF0000"
MARK_TWIPS = 1984  # 35 mm: the type area's upper edge to that of the authority's name
RULE_POINTS = 11  # 4 mm: the number to the red line under it
# 28 characters of 16 pt in 156 mm must stand a quarter of a point closer. A character grid
# would do the same, but LibreOffice spreads text with digits in it far apart on one.
BODY_CLOSER_TWIPS = -5

# For each face, those that stand in for it where a machine lacks it.
FALLBACKS = {
    SONG: ("方正小标宋_GBK", "华文中宋", "SimSun", "Noto Serif CJK SC"),
    FANGSONG: ("仿宋", "FangSong", "华文仿宋", "Noto Serif CJK SC"),
    KAITI: ("楷体", "KaiTi", "华文楷体", "Noto Serif CJK SC"),
    HEITI: ("SimHei", "Microsoft YaHei", "Noto Sans CJK SC"),
}
# What a program that knows none of the names goes by: with serifs or without.
FAMILIES = {SONG: "roman", FANGSONG: "roman", KAITI: "roman", HEITI: "swiss"}


@dataclass(frozen=True, slots=True)
class Look:
    """One style: its face, size (half points), line (twips, exact; 0 for one that grows
    with its picture), and paragraph settings.

    ``indent_chars`` is the first line's indent, ``side_chars`` that of the whole paragraph on
    both sides, in characters; ``before`` and ``after`` are in twips. ``has_rule`` draws a red line
    over the whole line under the paragraph.
    """

    face: str
    half_points: int
    line: int = LINE_TWIPS
    align: str = "both"
    indent_chars: int = 0
    side_chars: int = 0
    before: int = 0
    after: int = 0
    is_bold: bool = False
    keeps_next: bool = False
    outline_level: int | None = None
    on_grid: bool = True
    colour: str = BLACK
    has_rule: bool = False
    starts_page: bool = False


LOOKS = {
    "Normal": Look(FANGSONG, BODY_HALF_POINTS),
    "发文机关标志": Look(
        SONG, 96, line=1060, align="center", before=MARK_TWIPS, on_grid=False, colour=RED
    ),
    "发文字号": Look(
        FANGSONG, BODY_HALF_POINTS, align="center", before=2 * LINE_TWIPS, has_rule=True
    ),
    "Title": Look(SONG, 44, line=700, align="center", before=400, keeps_next=True),
    "Subtitle": Look(KAITI, BODY_HALF_POINTS, align="center", after=LINE_TWIPS),
    "Heading 1": Look(HEITI, BODY_HALF_POINTS, indent_chars=2, keeps_next=True, outline_level=0),
    "Heading 2": Look(KAITI, BODY_HALF_POINTS, indent_chars=2, keeps_next=True, outline_level=1),
    "Body Text": Look(FANGSONG, BODY_HALF_POINTS, indent_chars=2),
    "Quote": Look(KAITI, 28, line=460, indent_chars=2, side_chars=1, on_grid=False),
    "Caption": Look(
        HEITI, 24, line=340, align="center", before=80, after=40, keeps_next=True, on_grid=False
    ),
    "图": Look(FANGSONG, 21, line=0, align="center", before=80, keeps_next=True, on_grid=False),
    "图题": Look(HEITI, 24, line=340, align="center", before=20, after=80, on_grid=False),
    "Footer": Look(FANGSONG, 28, line=400, align="left", on_grid=False),
    "表格文字": Look(FANGSONG, 21, line=270, align="left", on_grid=False),
    "表格标题行": Look(HEITI, 21, line=270, align="center", on_grid=False),
    "附件说明": Look(FANGSONG, BODY_HALF_POINTS, indent_chars=2, keeps_next=True),
    "落款": Look(FANGSONG, BODY_HALF_POINTS, align="left", keeps_next=True),
    "附件序号": Look(HEITI, BODY_HALF_POINTS, align="left", keeps_next=True, starts_page=True),
    "附件标题": Look(
        SONG,
        44,
        line=LINE_TWIPS,
        align="center",
        before=LINE_TWIPS,
        after=LINE_TWIPS,
        keeps_next=True,
        outline_level=0,
        on_grid=False,
    ),
    "表注": Look(FANGSONG, 21, line=300, indent_chars=2, on_grid=False),
    "附注标题": Look(
        HEITI, 24, line=400, align="center", before=160, after=60, keeps_next=True, on_grid=False
    ),
    "附注": Look(FANGSONG, 21, line=320, indent_chars=2, on_grid=False),
}

TABLE_STYLE = "Table Grid"
# The file calls its own styles by lower-case names: python-docx translates.
_USED = {BabelFish.ui2internal(name) for name in (*LOOKS, TABLE_STYLE)}


def set_styles(document: Any) -> None:
    """Give the document's styles their looks, adding those that the template lacks."""
    present = {style.name for style in document.styles}
    for name, look in LOOKS.items():
        if name not in present:
            added = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            added.base_style = document.styles["Normal"]
            added.quick_style = True
        _set_look(document.styles[name].element, look)
    _remove_unused(document.styles.element)


def _remove_unused(styles: Any) -> None:
    """Leave those of ours, the defaults, and what these rest on: the template brings 160 others.

    Whoever edits the file then chooses among the styles it is written in.
    """
    known = {style.styleId: style for style in styles.style_lst}
    wanted = {
        code
        for code, style in known.items()
        if style.name_val in _USED or style.get(qn("w:default")) == "1"
    }
    waiting = list(wanted)
    while waiting:
        style = known[waiting.pop()]
        tags = (style.find(qn(f"w:{name}")) for name in ("basedOn", "next", "link"))
        needed = {tag.get(qn("w:val")) for tag in tags if tag is not None}
        waiting += sorted(needed & known.keys() - wanted)
        wanted |= needed
    for code in known.keys() - wanted:
        styles.remove(known[code])


def _set_look(element: Any, look: Look) -> None:
    """Replace whatever a style said of paragraphs and runs."""
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    element.append(_paragraph_properties(look))
    element.append(_run_properties(look))


def _paragraph_properties(look: Look) -> Any:
    properties = OxmlElement("w:pPr")
    if look.keeps_next:
        properties.append(_tag("w:keepNext"))
    if look.starts_page:
        properties.append(_tag("w:pageBreakBefore"))
    properties.append(_tag("w:widowControl", val="0"))
    if look.has_rule:
        properties.append(_red_rule())
    if not look.on_grid:
        properties.append(_tag("w:snapToGrid", val="0"))
    properties.append(_spacing(look))
    properties.append(_indent(look))
    properties.append(_tag("w:jc", val=look.align))
    if look.outline_level is not None:
        properties.append(_tag("w:outlineLvl", val=look.outline_level))
    return properties


def _red_rule() -> Any:
    """A line of 1.5 pt under the paragraph, as wide as the type area."""
    borders = OxmlElement("w:pBdr")
    borders.append(_tag("w:bottom", val="single", sz=12, space=RULE_POINTS, color=RED))
    return borders


def _spacing(look: Look) -> Any:
    """Lines of an exact height, or as high as the picture on them."""
    height = (
        {"line": look.line, "lineRule": "exact"} if look.line else {"line": 240, "lineRule": "auto"}
    )
    return _tag("w:spacing", before=look.before, after=look.after, **height)


def _indent(look: Look) -> Any:
    """The indent in characters for Word, and in twips for programs that know only those."""
    twips = 10 * look.half_points
    return _tag(
        "w:ind",
        leftChars=100 * look.side_chars,
        left=twips * look.side_chars,
        rightChars=100 * look.side_chars,
        right=twips * look.side_chars,
        firstLineChars=100 * look.indent_chars,
        firstLine=twips * look.indent_chars,
    )


def _run_properties(look: Look) -> Any:
    properties = OxmlElement("w:rPr")
    properties.append(_tag("w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=look.face, cs=LATIN))
    properties.append(_tag("w:b", val=int(look.is_bold)))
    properties.append(_tag("w:i", val=0))
    properties.append(_tag("w:color", val=look.colour))
    closer = BODY_CLOSER_TWIPS if look.half_points == BODY_HALF_POINTS else 0
    properties.append(_tag("w:spacing", val=closer))
    properties.append(_tag("w:kern", val=0))
    properties.append(_tag("w:sz", val=look.half_points))
    properties.append(_tag("w:szCs", val=look.half_points))
    properties.append(_tag("w:lang", val="en-US", eastAsia="zh-CN"))
    return properties


def _tag(name: str, **attributes: object) -> Any:
    """An element of the ``w`` name space with attributes of it."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def font_table() -> bytes:
    """The part that tells Word what may stand in for a face the machine lacks."""
    fonts = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{",".join(others)}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{FAMILIES[face]}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for face, others in FALLBACKS.items()
    )
    name_space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:fonts xmlns:w="{name_space}">{fonts}</w:fonts>'
    ).encode()
