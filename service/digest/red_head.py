"""红头 (版头 of GB/T 9704-2012): whose name stands in red over a digest, and its number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.digest.texts import fit
from service.errors import InvalidInputError

LONGEST_AUTHORITY = 24  # more characters would stand smaller than the title
_LONGEST_NUMBER = 40
_NUMBER = re.compile(r"[^\W\d_]{1,16}〔[12]\d{3}〕[1-9]\d{0,4}号")


@dataclass(frozen=True, slots=True)
class RedHead:
    """The authority as its name shall stand, and the 发文字号, "" where there is none."""

    authority: str
    number: str = ""


def read_red_head(authority: str, number: str = "") -> RedHead | None:
    """The head that somebody asked for, None where nobody did.

    Parameters
    ----------
    authority : str
        发文机关标志, e.g. ``富平县政协办公室文件``, at most ``LONGEST_AUTHORITY`` characters.
    number : str
        发文字号, e.g. ``富政协〔2019〕12号``; may be empty.

    Raises
    ------
    InvalidInputError
        The name is too long, or the number has another form or stands alone.
    """
    named, numbered = fit(authority, LONGEST_AUTHORITY + 1), fit(number, _LONGEST_NUMBER)
    if len(named) > LONGEST_AUTHORITY:
        raise InvalidInputError(f"红头的机关名称不能超过{LONGEST_AUTHORITY}个字")
    if numbered and not _NUMBER.fullmatch(numbered):
        raise InvalidInputError(f"发文字号“{numbered}”应形如“富政协〔2019〕12号”")
    if numbered and not named:
        raise InvalidInputError("有发文字号时，须写明红头的机关名称")
    return RedHead(named, numbered) if named else None
