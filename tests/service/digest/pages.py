"""The pages that an office program makes of a Word document, as a reader sees them."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

POINTS_PER_MM = 72 / 25.4
PAGE_NUMBER_FROM_MM = 263  # below the type area of a Word document stands nothing else
DOTS_PER_INCH = 100


@dataclass(frozen=True)
class Line:
    """A line of text and its edges, in millimetres from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """The lines from the top down; those of the page number apart, none where there is none."""

    lines: tuple[Line, ...]
    numbers: tuple[Line, ...]

    @property
    def number(self) -> Line:
        """The line of the page number."""
        (number,) = self.numbers
        return number


@dataclass(frozen=True)
class Pages:
    """A PDF and what stands on its pages."""

    path: Path
    pages: tuple[Page, ...]


def open_in_office(content: bytes, folder: Path) -> Pages:
    """The pages of a Word document in LibreOffice."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("LibreOffice (soffice) 或 poppler-utils 未安装，跳过用办公软件打开周报的测试")
    source = folder / "digest.docx"
    source.write_bytes(content)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return read_pages(folder / "digest.pdf", PAGE_NUMBER_FROM_MM)


def read_pages(path: Path, numbers_from: float = 1000) -> Pages:
    """The pages of a PDF; what stands lower than ``numbers_from`` (mm) is the page number."""
    boxes = path.with_suffix(".xml")
    subprocess.run(["pdftotext", "-bbox-layout", path, boxes], check=True, timeout=60)
    space = "{http://www.w3.org/1999/xhtml}"
    found = ET.parse(boxes).iter(f"{space}page")
    return Pages(path, tuple(_page(page, space, numbers_from) for page in found))


def _page(page: ET.Element, space: str, numbers_from: float) -> Page:
    words = [
        Line(
            word.text or "",
            *(
                float(word.attrib[edge]) / POINTS_PER_MM
                for edge in ("xMin", "yMin", "xMax", "yMax")
            ),
        )
        for word in page.iter(f"{space}word")
    ]
    return Page(
        _in_lines([word for word in words if word.top <= numbers_from]),
        _in_lines([word for word in words if word.top > numbers_from]),
    )


def _in_lines(words: list[Line]) -> tuple[Line, ...]:
    """Words of one height joined: the program tells a line with digits in it as several."""
    rows: list[list[Line]] = []
    for word in sorted(words, key=lambda one: (one.top + one.bottom, one.left)):
        middle = (word.top + word.bottom) / 2
        if rows and abs((rows[-1][0].top + rows[-1][0].bottom) / 2 - middle) < 2:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(_joined(row) for row in rows)


def _joined(words: list[Line]) -> Line:
    ordered = sorted(words, key=lambda one: one.left)
    return Line(
        "".join(one.text for one in ordered),
        min(one.left for one in ordered),
        min(one.top for one in ordered),
        max(one.right for one in ordered),
        max(one.bottom for one in ordered),
    )


def picture_of(pages: Pages, number: int) -> Image.Image:
    """Page ``number`` (from 1) as dots, ``DOTS_PER_INCH`` to the inch."""
    target = pages.path.with_name(f"page{number}")
    subprocess.run(
        ["pdftoppm", "-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(number),
         "-l", str(number), pages.path, target],
        check=True, timeout=60,
    )  # fmt: skip
    return Image.open(target.with_suffix(".png")).convert("RGB")
