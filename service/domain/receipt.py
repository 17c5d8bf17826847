"""回执码: the code by which a citizen finds their message again."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
LENGTH = 13  # 65 random bits
_LETTER_BITS = 5
_LETTER_MASK = (1 << _LETTER_BITS) - 1


def new_receipt() -> str:
    """Draw a receipt code of 65 random bits."""
    number = secrets.randbits(_LETTER_BITS * LENGTH)
    places = range(0, _LETTER_BITS * LENGTH, _LETTER_BITS)
    return "".join(ALPHABET[number >> place & _LETTER_MASK] for place in places)


def show_receipt(receipt: str) -> str:
    """The code in groups, as it is printed on a slip."""
    return f"{receipt[:5]}-{receipt[5:9]}-{receipt[9:]}"


def read_receipt(typed: str) -> str:
    """What a person typed, brought to the stored form (I, L → 1; O → 0; no dashes)."""
    plain = typed.upper().translate(str.maketrans("ILO", "110"))
    return "".join(letter for letter in plain if letter in ALPHABET)
