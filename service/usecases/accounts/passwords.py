"""Passwords: drawn at random or chosen, kept as Argon2id hashes alone."""

from __future__ import annotations

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import WeakPasswordError

# Each takes 64 MB while it is made: many who log in at once must not fill the memory.
_TURNS = BoundedSemaphore(2)
MIN_CHARS, MAX_BYTES = 12, 1000
_FEWEST_DIFFERENT = 5
_ADMISSIBLE = b"x" * 20
_KNOWN_TO_ALL = (
    "password",
    "passw0rd",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "1qaz2wsx",
    "123456",
    "654321",
    "abcdef",
    "admin",
    "woaini",
    "minqing",
    "民情",
    "密码",
)


def draw_password() -> tuple[str, str]:
    """A random password (120 bits) and what is stored of it."""
    password = secrets.token_urlsafe(15)
    return password, _hash(password.encode())


def hash_chosen(password: str, name: str) -> str:
    """What is stored of a password that the account of this name chose.

    What is long is not refused for being plain: words that everyone tries count as one character
    each, and so does the account's own name (NIST SP 800-63B: length, and a list of known ones).

    Raises
    ------
    WeakPasswordError
        It is too short, too long or too easily guessed.
    """
    if len(password) < MIN_CHARS or len(_encode(password)) > MAX_BYTES:
        raise WeakPasswordError(f"不少于 {MIN_CHARS} 个字")
    left = password.lower()
    for known in (*_KNOWN_TO_ALL, name.lower()):
        left = left.replace(known, known[:1])
    if len(left) < MIN_CHARS or len(set(left)) < _FEWEST_DIFFERENT:
        raise WeakPasswordError("重复的字、常见的词和账号名称不算")
    return _hash(_encode(password))


def is_password(hashed: str | None, typed: str) -> bool:
    """Whether a password is the one hashed; where there is none, "no" takes the same time."""
    encoded = _encode(typed)
    if hashed is None or len(encoded) > MAX_BYTES:
        _hash(_ADMISSIBLE)
        return False
    try:
        with _TURNS:
            return PasswordHasher().verify(hashed, encoded)
    except (VerificationError, InvalidHashError):
        return False


def _hash(encoded: bytes) -> str:
    with _TURNS:
        return PasswordHasher().hash(encoded)


def _encode(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
