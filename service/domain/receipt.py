"""回执码: the code by which a citizen finds a message again, and what proves it to be theirs."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
LENGTH = 13  # 65 random bits
PIN_DIGITS = 6
TAIL_DIGITS = 4
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


def new_pin() -> str:
    """Draw the PIN of a receipt whose message names no phone."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def phone_tail(phone: str) -> str:
    """The last four digits of a phone, "" where it has fewer."""
    digits = read_proof(phone)
    return digits[-TAIL_DIGITS:] if len(digits) >= TAIL_DIGITS else ""


def read_proof(typed: str) -> str:
    """The digits a person typed, full-width ones as plain."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in plain if sign in "0123456789")
