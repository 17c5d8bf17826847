"""What a part of a workbook must be before a library builds it up in memory.

The library holds one row (or shared string) at a time and what lies outside the rows whole, so
those are what is bounded here, in one pass of the standard parser that keeps nothing.
"""

from __future__ import annotations

from typing import IO
from xml.parsers import expat

from service.errors import FileUnreadableError

MAX_PIECE_BYTES = 16 << 20  # a row of 2,000,000 characters in UTF-8, and more
MAX_PIECE_ELEMENTS = 500_000
_CHUNK_BYTES = 1 << 16
_WRONG_ENCODING = "工作簿的 XML 编码不受支持"
_ENCODINGS = (None, "utf-8", "us-ascii", "ascii")


class XmlCheck:
    """One pass over one part, counting its elements and its pieces (rows, shared strings)."""

    def __init__(self) -> None:
        self.element_count = 0
        self.piece_count = 0
        self._elements_before_piece = 0
        self._piece_start = 0
        self._parser = expat.ParserCreate()
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended

    def run(self, file: IO[bytes]) -> None:
        """Read the part to its end.

        Raises
        ------
        FileUnreadableError
            It is no well-formed XML in UTF-8, declares a document type (entities and outside
            references need one; Office files have none), or a piece of it is too large.
        """
        try:
            size = 0
            while chunk := file.read(_CHUNK_BYTES):
                size += len(chunk)
                # Before the chunk is fed: a single endless tag must not grow inside the parser.
                if size - self._piece_start > MAX_PIECE_BYTES:
                    raise FileUnreadableError("工作簿中有一行过大，请改用 CSV")
                if b"\x00" in chunk:
                    raise FileUnreadableError(_WRONG_ENCODING)
                self._parser.Parse(chunk)
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise FileUnreadableError("工作簿的内容已损坏") from None

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise FileUnreadableError(_WRONG_ENCODING)

    def _started(self, _name: str, _attributes: dict[str, str]) -> None:
        self.element_count += 1
        if self.element_count - self._elements_before_piece > MAX_PIECE_ELEMENTS:
            raise FileUnreadableError("工作簿中有一行单元格过多，请改用 CSV")

    def _ended(self, name: str) -> None:
        if name.rpartition(":")[2] in ("row", "si"):
            self.piece_count += 1
            self._elements_before_piece = self.element_count
            self._piece_start = self._parser.CurrentByteIndex


def _refuse_doctype(*_: object) -> None:
    raise FileUnreadableError("工作簿含有 XML 实体声明，拒绝读取")
