"""QR codes (ISO/IEC 18004) as pictures inside a page: nothing is asked of anybody else."""

from __future__ import annotations

from dataclasses import dataclass

import segno

_QUIET_MODULES = 4  # the standard's margin, without which readers fail


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code as an SVG path in a square of ``size`` modules, its margin among them."""

    size: int
    path: str


def qr_picture(text: str) -> QrPicture:
    """The QR code of a text; a part of it may be lost (level M)."""
    rows = list(segno.make_qr(text, error="m").matrix_iter(border=_QUIET_MODULES))
    squares = (
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return QrPicture(len(rows), "".join(squares))
