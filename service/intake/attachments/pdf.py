"""PDF files, written anew by qpdf without what could act or tell of whoever made them.

What acts is taken out wherever it stands (ISO 32000-2, 12.6 actions, 7.11.4 embedded files); a
file's former versions and whatever stands behind its end are not written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from service.errors import AttachmentRefusedError
from service.intake.attachments.jpeg_segments import without_metadata

HEADER = b"%PDF-"
MAX_OBJECTS = 200_000
_END = b"%%EOF"
_END_BYTES = 1_024  # where readers look for the end
_DROPPED = frozenset(
    {
        "/OpenAction",
        "/AA",
        "/JS",
        "/JavaScript",
        "/EmbeddedFiles",
        "/EF",
        "/AF",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/XFA",
        "/Metadata",
        "/PieceInfo",
        "/Info",
        "/Collection",
        "/Threads",
    }
)
_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
        "/ResetForm",
        "/Hide",
        "/SetOCGState",
    }
)


def clean_pdf(content: bytes) -> bytes:
    """The pages alone; a password that only forbids printing or copying is taken off.

    Raises
    ------
    AttachmentRefusedError
        It is damaged, cut off, another file stands behind its end, nobody can open it without a
        password, or it has no page.
    """
    if _END not in content[-_END_BYTES:]:
        raise AttachmentRefusedError("PDF 不完整，或者末尾附有别的内容")
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if not len(pdf.pages):
                raise AttachmentRefusedError("PDF 没有一页内容")
            if len(pdf.objects) > MAX_OBJECTS:
                raise AttachmentRefusedError("PDF 过于复杂，请另存为图片后再传")
            for one in pdf.objects:
                _clean(one)
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            written = BytesIO()
            pdf.save(written, deterministic_id=True, fix_metadata_version=False)
            return written.getvalue()
    except pikepdf.PasswordError:
        raise AttachmentRefusedError("PDF 有密码，请去掉密码后再传") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError):
        raise AttachmentRefusedError("PDF 已损坏") from None


def _clean(root: Any) -> None:
    """Take out of one object, and of all that is written inside it, what acts or tells."""
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            _clean_entries(one)
        waiting.extend(_inside(one))
    if isinstance(root, pikepdf.Stream) and root.get("/Filter") == pikepdf.Name.DCTDecode:
        _clean_photograph(root)


def _clean_entries(one: Any) -> None:
    is_action = str(one.get("/S", "")) in _ACTIONS
    for name in list(one.keys()):
        # A stream's own entries tell how to read it, and may name a file outside to read it from.
        is_stream = isinstance(one, pikepdf.Stream)
        if name in _DROPPED or (name == "/F" and is_stream) or (is_action and not is_stream):
            del one[name]


def _inside(one: Any) -> Iterator[Any]:
    """What is written inside an object; what it refers to is an object of its own."""
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        held = [one.get(name) for name in one.keys()]  # noqa: SIM118 - no mapping: iterates else
    elif isinstance(one, pikepdf.Array):
        held = list(one)
    else:
        return
    for each in held:
        if isinstance(each, pikepdf.Dictionary | pikepdf.Array) and not each.is_indirect:
            yield each


def _clean_photograph(stream: Any) -> None:
    """A photograph in a page is a whole JPEG file, with place and device."""
    raw = stream.read_raw_bytes()
    stream.write(
        without_metadata(raw), filter=stream.get("/Filter"), decode_parms=stream.get("/DecodeParms")
    )
