"""Traditional to simplified characters, one for one, so that positions stay put.

The table is asked of OpenCC (its ``t2s`` conversion) once for each Han character of the
basic plane; phrases are left alone because they may change a text's length.
"""

from __future__ import annotations

from functools import cache

import opencc

_HAN = range(0x4E00, 0xA000)


@cache
def simplified_table() -> dict[int, int]:
    """The map from code point to code point, for ``str.translate``: only what differs."""
    characters = [chr(code) for code in _HAN]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(old): ord(new)
        for old, new in zip(characters, converted, strict=True)
        if len(new) == 1 and new != old
    }
