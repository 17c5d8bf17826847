"""Clean: what kind a file is, by its content alone, and the file made anew."""

from __future__ import annotations

from service.domain.attachment import ACCEPTED_ZH, AttachmentKind, CleanFile, Upload
from service.errors import AttachmentRefusedError
from service.intake.attachments import office, pdf
from service.intake.attachments.images import clean_image
from service.intake.attachments.mail import clean_mail, looks_like_mail
from service.intake.attachments.names import display_name

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


def clean_file(upload: Upload) -> CleanFile:
    """A file made anew, under a name that tells what it is.

    Raises
    ------
    AttachmentRefusedError
        It is of no kind that is taken, damaged, too large unpacked, or holds what could act.
    """
    if looks_like_mail(upload.content):
        return _named(upload, AttachmentKind.EML, clean_mail(upload.content, _clean_plain))
    return _clean_plain(upload)


def _clean_plain(upload: Upload) -> CleanFile:
    """The same for all but e-mails: in a mail there is no other."""
    content = upload.content
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return _named(upload, *clean_image(content))
    if content.startswith(pdf.HEADER):
        return _named(upload, AttachmentKind.PDF, pdf.clean_pdf(content))
    if content.startswith(office.HEADER):
        return _named(upload, *office.clean_office(content))
    if not content:
        raise AttachmentRefusedError("文件是空的")
    raise AttachmentRefusedError(f"只接收 {ACCEPTED_ZH}")


def _named(upload: Upload, kind: AttachmentKind, content: bytes) -> CleanFile:
    return CleanFile(display_name(upload.name, kind), kind, content)
