"""What an XLSX must be before it is opened: a small, honest archive without entities.

Sizes are the ones the archive declares; zipfile reads no more of an entry than it declares.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from service.errors import FileUnreadableError
from service.intake.xml_check import XmlCheck

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200  # an office table packs 5 to 50 fold
MAX_ELEMENTS = 5_000_000
MAX_PIECES = 1_000_000  # rows and shared strings
_SMALL_BYTES = 1 << 20  # below this a high ratio does no harm
_PEEKED_BYTES = 64
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_ENCRYPTED = 0x1
_DAMAGE = (BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


def check_workbook(path: Path) -> None:
    """Let a workbook pass that can be opened safely.

    Raises
    ------
    FileUnreadableError
        It is damaged, no workbook, encrypted, too large unpacked, or declares entities.
    """
    try:
        with ZipFile(path) as archive:
            _check_entries(path, archive.infolist())
            _check_parts(archive)
    except _DAMAGE:
        raise FileUnreadableError(f"{path.name} 不是完整的工作簿") from None


def _check_entries(path: Path, entries: list[ZipInfo]) -> None:
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise FileUnreadableError(f"{path.name} 不是 .xlsx 工作簿")
    if len(entries) > MAX_ENTRIES:
        raise FileUnreadableError(f"{path.name} 内含文件过多（{len(entries)} 个）")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise FileUnreadableError(
            f"{path.name} 解压后有 {unpacked >> 20} MB，上限 {MAX_UNPACKED_BYTES >> 20} MB，"
            "请分成几个文件或改用 CSV"
        )
    for entry in entries:
        _check_entry(path, entry)


def _check_entry(path: Path, entry: ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise FileUnreadableError(f"{path.name} 已加密")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise FileUnreadableError(f"{path.name} 的压缩方式不受支持")
    if entry.file_size > max(_SMALL_BYTES, MAX_RATIO * entry.compress_size):
        raise FileUnreadableError(f"{path.name} 压缩率异常，疑为压缩炸弹")


def _check_parts(archive: ZipFile) -> None:
    element_count = piece_count = 0
    for entry in archive.infolist():
        if not entry.file_size or not _is_xml(archive, entry):
            continue
        check = XmlCheck()
        with archive.open(entry) as file:
            check.run(file)
        element_count += check.element_count
        piece_count += check.piece_count
        if element_count > MAX_ELEMENTS or piece_count > MAX_PIECES:
            raise FileUnreadableError("工作簿内容过多，请分成几个文件或改用 CSV")


def _is_xml(archive: ZipFile, entry: ZipInfo) -> bool:
    """Whether a parser might read the part, whatever it is called."""
    with archive.open(entry) as file:
        start = file.read(_PEEKED_BYTES)
    return entry.filename.endswith((".xml", ".rels")) or start.lstrip(_BEFORE_XML)[:1] in b"<"
