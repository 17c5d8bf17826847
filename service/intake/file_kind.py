"""What kind of table a file is: its content decides, its name where the content does not."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from service.errors import FileUnreadableError
from service.intake.encodings import read_start

_JSON_LINES = (".jsonl", ".ndjson", ".json")
_ZIP = b"PK\x03\x04"
_PEEKED_BYTES = 4_096


class FileKind(Enum):
    """The three kinds of files that messages come in."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"


def file_kind(path: Path) -> FileKind:
    """The kind of a file.

    Raises
    ------
    FileUnreadableError
        The file cannot be opened or is empty, or is one JSON array.
    """
    start = read_start(path, _PEEKED_BYTES)
    if start.startswith(_ZIP):
        return FileKind.XLSX
    first_sign = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first_sign == b"[" and path.suffix.lower() in _JSON_LINES:
        raise FileUnreadableError(f"{path.name} 是 JSON 数组，请改为每行一个对象（JSON Lines）")
    if first_sign == b"{" or path.suffix.lower() in _JSON_LINES:
        return FileKind.JSON_LINES
    return FileKind.CSV
