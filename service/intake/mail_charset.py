"""Bytes of a mail → text, whatever character set they claim to be in."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Each name is read by the widest set that holds it: mails that say GB2312 hold GBK, too.
_KNOWN = {
    **dict.fromkeys(("utf8", "unicode11utf8"), "utf-8"),
    **dict.fromkeys(("utf16", "utf16le", "utf16be"), "utf-16"),
    **dict.fromkeys(
        ("gb2312", "gb231280", "gbk", "xgbk", "gb18030", "cp936", "ms936", "euccn"), "gb18030"
    ),
    **dict.fromkeys(("big5", "big5hkscs", "cnbig5", "cp950", "xbig5"), "big5hkscs"),
    "hzgb2312": "hz",
    "iso2022jp": "iso2022_jp",
    "shiftjis": "cp932",
    "eucjp": "euc_jp",
    "euckr": "cp949",
}
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# What another set's bytes turn into, and what nobody types.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_GUESSES = ("utf-8", "gb18030", "big5hkscs")
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_bytes(data: bytes, charset: str) -> str:
    """The text that the bytes hold. Never fails: what is no text is replaced by U+FFFD.

    Parameters
    ----------
    data
        A part's content, or a header's encoded word.
    charset
        The name it claims; one that is unknown, or that the bytes contradict, is guessed.
    """
    for codec in _candidates(data, charset):
        try:
            text = data.decode(codec)
        except UnicodeError:
            continue
        if not _PRIVATE.search(text):
            return usable(text)
    return usable(data.decode(_codec(charset) or "utf-8", "replace"))


def usable(text: str) -> str:
    """The text without what no database stores and no reader sees: NUL, controls, surrogates."""
    return _UNUSABLE.sub("", text)


def _candidates(data: bytes, charset: str) -> Iterator[str]:
    # UTF-8 under another name is usual; its Chinese is hardly ever something else by chance.
    if not data.isascii() and _CHINESE.search(data.decode("utf-8", "ignore")):
        yield "utf-8"
    claimed = _codec(charset)
    if claimed:
        yield claimed
    yield from _GUESSES
    yield "cp1252"


def _codec(charset: str) -> str:
    return _KNOWN.get(re.sub("[^a-z0-9]", "", charset.lower()), "")
