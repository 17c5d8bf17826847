"""The name under which an attachment is shown and saved."""

from __future__ import annotations

import re
import unicodedata

from service.domain.attachment import AttachmentKind

MAX_STEM_CHARS = 80
_NAMELESS = "附件"
_MAX_GIVEN_CHARS = 1_000
_SEPARATORS = re.compile(r"[\\/]")
_RESERVED_SIGNS = re.compile(r'[<>:"|?*]')
# Windows takes these for devices, whatever follows a dot.
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)", re.IGNORECASE)


def display_name(given: str, kind: AttachmentKind) -> str:
    """A name that is safe on every screen and disk; its end tells what the file is.

    What hides, turns the direction of writing or leads to another folder goes (Unicode's
    categories C: controls, marks of direction, surrogates, what is not assigned).
    """
    plain = "".join(
        sign for sign in given[:_MAX_GIVEN_CHARS] if unicodedata.category(sign)[0] != "C"
    )
    name = _SEPARATORS.split(unicodedata.normalize("NFC", plain))[-1]
    stem, dot, _ = name.rpartition(".")
    stem = _RESERVED_SIGNS.sub("_", stem if dot else name)
    stem = " ".join(stem.split()).strip(" .")[:MAX_STEM_CHARS].rstrip(" .")
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return f"{stem or _NAMELESS}.{kind.value}"
