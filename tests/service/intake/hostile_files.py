"""Files made to break a reader, and plain ones, each written by code."""

import csv
import io
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

from openpyxl import Workbook

from service.domain.deadline import SHANGHAI
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages
from service.intake.rejects import Reject

NOW = datetime(2026, 6, 1, 12, tzinfo=SHANGHAI)
HEADER = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数")
ROW = ("101", "A00012345", "路灯不亮", "2026/3/5 8:30:00", "三合村口的路灯坏了半个月。", "0", "2")


def options(**changes):
    return ReadOptions(now=NOW, **changes)


def read_all(path, **changes):
    """All results of a file, as (messages, rejects)."""
    results = list(read_messages(path, "测试", options(**changes)))
    messages = [each for each in results if isinstance(each, ReadMessage)]
    return messages, [each for each in results if isinstance(each, Reject)]


def as_csv(*rows, line_end="\r\n"):
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def write(path: Path, content, encoding="utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def with_text(text, number="102"):
    return (number, *ROW[1:4], text, *ROW[5:])


def workbook(path: Path, *sheets) -> Path:
    """A workbook of these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def with_entry(source: Path, target: Path, name: str, content: bytes, how=ZIP_DEFLATED) -> Path:
    """A copy of an archive in which one entry holds something else."""
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content, how)
    return target


def plain_workbook(folder: Path) -> Path:
    return workbook(folder / "plain.xlsx", [HEADER, ROW])


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
    b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def shared_strings_workbook(folder: Path, *rows, more="") -> Path:
    """A workbook as Excel writes it: cells point into a table of strings, then ``more``."""
    texts = [text for row in rows for text in row]
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts) + more
    places = iter(range(len(texts)))
    cells = "".join(
        "<row>" + "".join(f'<c t="s"><v>{next(places)}</v></c>' for _ in row) + "</row>"
        for row in rows
    )
    plain = plain_workbook(folder)
    with ZipFile(plain) as archive:
        types = archive.read("[Content_Types].xml").replace(b"</Types>", _STRINGS)
    for name, content in (
        ("[Content_Types].xml", types),
        ("xl/sharedStrings.xml", f"<sst {_MAIN}>{strings}</sst>".encode()),
        (
            "xl/worksheets/sheet1.xml",
            f"<worksheet {_MAIN}><sheetData>{cells}</sheetData></worksheet>".encode(),
        ),
    ):
        plain = with_entry(plain, folder / f"with{len(name)}.xlsx", name, content)
    return plain


def zip_bomb(folder: Path) -> Path:
    """A sheet of 300 MB of blanks in 0.3 MB."""
    blanks = b"<worksheet>" + b" " * (300 << 20) + b"</worksheet>"
    return with_entry(
        plain_workbook(folder), folder / "bomb.xlsx", "xl/worksheets/sheet1.xml", blanks
    )


def ratio_bomb(folder: Path) -> Path:
    """A sheet that is not large, but packed a thousandfold."""
    blanks = b"<worksheet>" + b" " * (20 << 20) + b"</worksheet>"
    return with_entry(
        plain_workbook(folder), folder / "ratio.xlsx", "xl/worksheets/sheet1.xml", blanks
    )


def entity_bomb(folder: Path, encoding="utf-8", comment="") -> Path:
    """Billion laughs in the shared strings."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!--{comment}-->'
        f'<!DOCTYPE sst [<!ENTITY l0 "ha">{laughs}]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" '
        'uniqueCount="1"><si><t>&l9;</t></si></sst>'
    )
    return with_entry(
        plain_workbook(folder),
        folder / "laughs.xlsx",
        "xl/sharedStrings.xml",
        text.encode(encoding),
    )


def odd_compression(folder: Path) -> Path:
    return with_entry(
        plain_workbook(folder),
        folder / "lzma.xlsx",
        "xl/worksheets/sheet1.xml",
        b"<worksheet/>",
        ZIP_LZMA,
    )


def many_entries(folder: Path) -> Path:
    path = plain_workbook(folder)
    with ZipFile(path, "a") as archive:
        for number in range(2_500):
            archive.writestr(f"xl/media/{number}.bin", b"")
    return path


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def workbook_with_chart_sheet(folder: Path, drawn: bytes, rows=(HEADER, ROW)) -> Path:
    """A workbook whose first sheet is a chart, without the parts that it refers to."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.create_chartsheet("图", 0)
    book.save(folder / "plain.xlsx")
    name = "xl/chartsheets/sheet1.xml"
    content = (
        f"<chartsheet {_MAIN} ".encode()
        + b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        + drawn
        + b"</chartsheet>"
    )
    with ZipFile(folder / "plain.xlsx") as archive:
        assert name in archive.namelist()
    return with_entry(folder / "plain.xlsx", folder / "chart.xlsx", name, content)
