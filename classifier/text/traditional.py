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
    """The map from code point to code point, for ``str.translate``: only what differs.

    No character of a result is itself converted further.
    """
    characters = "".join(map(chr, _HAN))
    pairs = zip(characters, _simplify(characters), strict=True)
    changed = {old: new for old, new in pairs if old != new}
    return {ord(old): ord(changed.get(new, new)) for old, new in changed.items()}


def _simplify(characters: str) -> str:
    """Each character by itself; one that would become several stays as it is."""
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return "".join(
        new if len(new) == 1 else old for old, new in zip(characters, converted, strict=True)
    )
