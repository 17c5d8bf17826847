#!/usr/bin/env python3
"""Make the font of the digest's charts: Noto Sans CJK SC cut to the characters of GB 2312.

``tools/subset_font.py`` writes ``service/digest/fonts/charts.otf`` from the file that Debian's
``fonts-noto-cjk`` installs. The same source and fontTools give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FAMILY = "Noto Sans CJK SC"
TARGET = Path(__file__).parents[1] / "service/digest/fonts/charts.otf"
_FAMILY_NAME, _KEPT_NAMES = 1, (0, 1, 2, 4, 6, 13, 14)  # copyright, names, licence


def characters() -> str:
    """ASCII and all of GB 2312: level 1 and 2 characters, punctuation and signs."""
    # Python reads the dash and the middle dot of GB 2312 as others than those people write.
    found = [*map(chr, range(0x20, 0x7F)), "—", "·"]
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            found.append(bytes((row, cell)).decode("gb2312", errors="ignore"))
    return "".join(found)


def subset_font(source: Path, target: Path) -> None:
    """Write the part of ``source`` that charts can need, without hints and features."""
    face = _face(source)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = list(_KEPT_NAMES)
    options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.recalc_timestamp = False
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters())
    cutter.subset(face)
    subset.save_font(face, target, options)


def _face(source: Path) -> TTFont:
    for face in TTCollection(source).fonts:
        if face["name"].getDebugName(_FAMILY_NAME) == FAMILY:
            return face
    raise SystemExit(f"{source} 中没有字体 {FAMILY}")


if __name__ == "__main__":
    subset_font(SOURCE, TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
