"""E-mails (RFC 5322), written anew: who, when, what, and the files that came with them.

Headers that tell the way a mail took, and HTML, which may ask a server as soon as it is shown,
are not written again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

from service.domain.attachment import CleanFile, Upload
from service.errors import AttachmentRefusedError
from service.intake.html_text import html_to_text
from service.intake.mail_policies import NewestPolicy

MAX_PARTS = 200
_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_FIRST_LINE = re.compile(
    rb"(?:\xef\xbb\xbf)?[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]?[^\r\n\x00]{0,998}\r?\n"
)
_NEEDED = re.compile(rb"^(?:From|Date|Subject):", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES = 64_000
_DAMAGE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


def looks_like_mail(content: bytes) -> bool:
    """Whether a file begins with the headers of an e-mail: who, when and about what."""
    head = re.split(rb"\r?\n\r?\n", content[:_HEAD_BYTES], maxsplit=1)[0]
    is_head = _FIRST_LINE.match(content) is not None and b"\x00" not in head
    return is_head and len({each.lower() for each in _NEEDED.findall(head)}) == 3


def clean_mail(content: bytes, clean: Callable[[Upload], CleanFile]) -> bytes:
    """The mail with its plain text and, each cleaned, the files that ``clean`` lets pass.

    In the place of the others a line tells how many there were.

    Raises
    ------
    AttachmentRefusedError
        It cannot be read, or has too many parts.
    """
    try:
        mail = BytesParser(policy=NewestPolicy()).parsebytes(content)
        parts = list(mail.walk())
        if len(parts) > MAX_PARTS:
            raise AttachmentRefusedError("邮件的组成部分过多")
        files, refused_count = _clean_files(mail, clean)
        return _write(mail, _text_of(mail), files, refused_count)
    except _DAMAGE:
        raise AttachmentRefusedError("邮件已损坏，无法读取") from None


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())
    return html_to_text(text) if body.get_content_type() == "text/html" else text


def _clean_files(
    mail: EmailMessage, clean: Callable[[Upload], CleanFile]
) -> tuple[list[CleanFile], int]:
    files, refused_count = [], 0
    for part in mail.iter_attachments():
        held = part.get_payload(decode=True)
        try:
            if not isinstance(held, bytes):
                raise AttachmentRefusedError("邮件中的邮件")
            files.append(clean(Upload(part.get_filename() or "", held)))
        except AttachmentRefusedError:
            refused_count += 1
    return files, refused_count


def _write(mail: EmailMessage, text: str, files: list[CleanFile], refused_count: int) -> bytes:
    written = EmailMessage(policy=policy.SMTP)
    for name in _HEADERS:
        if value := " ".join(str(mail.get(name, "")).split()):
            written[name] = value
    told = f"\n\n（另有 {refused_count} 个附件没有接收）\n" if refused_count else ""
    written.set_content(text + told)
    for file in files:
        written.add_attachment(
            file.content, maintype="application", subtype="octet-stream", filename=file.name
        )
    return written.as_bytes()
