"""The encoding of a text file, judged from its first megabyte."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TextIO

from service.errors import FileUnreadableError

SAMPLE_BYTES = 1 << 20
_MOST_CONTROLS = 0.05  # noise has about 10 %

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SIGNATURES = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"GIF8": "GIF 图片",
    b"%PDF-": "PDF 文件",
    b"PK\x03\x04": "ZIP 压缩包或 Office 文件",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件（.xls、.doc）或加密的工作簿，请另存为 .xlsx",
    b"\x1f\x8b": "gzip 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"Rar!": "RAR 压缩包",
    b"\x7fELF": "程序文件",
}
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def read_start(path: Path, size: int = SAMPLE_BYTES) -> bytes:
    """The first ``size`` bytes of a file.

    Raises
    ------
    FileUnreadableError
        It does not exist, is no file, may not be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            start = file.read(size)
    except FileNotFoundError:
        raise FileUnreadableError(f"找不到 {path.name}") from None
    except IsADirectoryError:
        raise FileUnreadableError(f"{path.resolve().name} 是文件夹") from None
    except PermissionError:
        raise FileUnreadableError(f"没有权限读取 {path.name}") from None
    except OSError as error:
        raise FileUnreadableError(f"{path.name}（{error.strerror}）") from None
    if not start:
        raise FileUnreadableError(f"{path.name} 是空文件")
    return start


def detect_encoding(path: Path) -> str:
    """The codec to read a text file with: "utf-8-sig", "utf-16" or "gb18030".

    Raises
    ------
    FileUnreadableError
        The file cannot be opened, is empty, or holds no text.
    """
    start = read_start(path)
    if start.startswith(_UTF32):  # whose first bytes are those of UTF-16 too
        raise FileUnreadableError(f"{path.name} 是 UTF-32 编码，请另存为 UTF-8")
    if start.startswith(_UTF16):
        if path.stat().st_size % 2:
            raise FileUnreadableError(f"{path.name} 不完整（UTF-16 文件的字节数应为双数）")
        return "utf-16"
    _refuse_binary(path, start)
    return _most_fitting(path, start)


def _refuse_binary(path: Path, start: bytes) -> None:
    for signature, meaning in _SIGNATURES.items():
        if start.startswith(signature):
            raise FileUnreadableError(f"{path.name} 不是文本文件，而是{meaning}")
    control_count = len(start) - len(start.translate(None, _CONTROLS))
    if control_count > _MOST_CONTROLS * len(start):
        raise FileUnreadableError(f"{path.name} 不是文本文件（或是没有 BOM 的 UTF-16）")


def _most_fitting(path: Path, start: bytes) -> str:
    """UTF-8 or GB18030, by the greater part of the lines that can tell: a few may be damaged."""
    lines = [line for line in re.split(rb"[\r\n]+", start) if not line.isascii()]
    for encoding, codec in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        if 2 * sum(_is_valid(line, encoding) for line in lines) >= len(lines):
            return codec
    raise FileUnreadableError(f"{path.name} 既不是 UTF-8 也不是 GB18030 编码")


def _is_valid(line: bytes, encoding: str) -> bool:
    """Whether the bytes are text of the encoding; its last character may be cut by the sample."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def open_text(path: Path) -> TextIO:
    """Open a text file in its own encoding, line ends as written.

    Bytes that are no text of the encoding come out as lone surrogates, so that the row they
    stand in can be refused without losing it.

    Raises
    ------
    FileUnreadableError
        The file cannot be opened, is empty, or holds no text.
    """
    encoding = detect_encoding(path)
    errors = "surrogatepass" if encoding == "utf-16" else "surrogateescape"
    return path.open(encoding=encoding, errors=errors, newline="")
