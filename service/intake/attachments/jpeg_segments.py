"""The segments of a JPEG file (ITU-T T.81, annex B): those that tell of its maker go.

The picture is not decoded, so that a photograph inside a PDF stays as it is to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator

_START = b"\xff\xd8"
_SCAN, _END = 0xDA, 0xD9
_COMMENT = 0xFE
# APP0 says how many pixels make an inch, APP2 holds the colours, APP14 how they are coded.
_APPLICATION, _NEEDED = range(0xE0, 0xF0), frozenset({0xE0, 0xE2, 0xEE})


def without_metadata(content: bytes) -> bytes:
    """The file without comments and without what programs wrote into it (EXIF, XMP, IPTC).

    What is no JPEG file, or a broken one, comes back as it is.
    """
    if not content.startswith(_START):
        return content
    return _START + b"".join(_kept(content))


def _kept(content: bytes) -> Iterator[bytes]:
    place = len(_START)
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker in (_SCAN, _END):
            break
        size = 2 + int.from_bytes(content[place + 2 : place + 4])
        is_told = marker in _APPLICATION and marker not in _NEEDED
        if not (is_told or marker == _COMMENT):
            yield content[place : place + size]
        place += size
    yield content[place:]
