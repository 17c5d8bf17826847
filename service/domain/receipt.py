"""回执码: the code by which a citizen finds their message again."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
LENGTH = 13  # 65 random bits


def new_receipt() -> str:
    """Draw a receipt code of 65 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def show_receipt(receipt: str) -> str:
    """The code in groups, as it is printed on a slip."""
    return f"{receipt[:5]}-{receipt[5:9]}-{receipt[9:]}"


def read_receipt(typed: str) -> str:
    """What a person typed, brought to the stored form (I, L → 1; O → 0; no dashes)."""
    plain = typed.upper().translate(str.maketrans("ILO", "110"))
    return "".join(letter for letter in plain if letter in ALPHABET)
