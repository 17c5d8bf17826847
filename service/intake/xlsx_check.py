"""What an XLSX must be before it is opened: a small, honest archive without entities."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile, ZipInfo

from service.errors import FileUnreadableError
from service.intake.archive_check import DAMAGE, check_entries
from service.intake.xml_check import XmlCheck

MAX_ELEMENTS = 5_000_000
MAX_PIECES = 1_000_000  # rows and shared strings
_PEEKED_BYTES = 64
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def check_workbook(path: Path) -> None:
    """Let a workbook pass that can be opened safely.

    Raises
    ------
    FileUnreadableError
        It is damaged, no workbook, encrypted, too large unpacked, or declares entities.
    """
    try:
        with ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise FileUnreadableError(f"{path.name} 不是 .xlsx 工作簿")
            check_entries(path.name, archive.infolist())
            _check_parts(archive)
    except DAMAGE:
        raise FileUnreadableError(f"{path.name} 不是完整的工作簿") from None


def _check_parts(archive: ZipFile) -> None:
    element_count = piece_count = 0
    for entry in archive.infolist():
        if not entry.file_size or not is_xml(archive, entry):
            continue
        check = XmlCheck()
        with archive.open(entry) as file:
            check.run(file)
        element_count += check.element_count
        piece_count += check.piece_count
        if element_count > MAX_ELEMENTS or piece_count > MAX_PIECES:
            raise FileUnreadableError("工作簿内容过多，请分成几个文件或改用 CSV")


def is_xml(archive: ZipFile, entry: ZipInfo) -> bool:
    """Whether a parser might read the part, whatever it is called."""
    with archive.open(entry) as file:
        start = file.read(_PEEKED_BYTES)
    return entry.filename.endswith((".xml", ".rels")) or start.lstrip(_BEFORE_XML)[:1] in b"<"
