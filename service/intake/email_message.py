"""邮件: the bytes of one mail (RFC 5322) → what intake needs of it.

The standard library's parser reads it by its oldest policy: the newer ones give up headers with
bare GBK bytes, which are common here, and fail on crafted ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from service.errors import AutomaticMailError, MailUnreadableError
from service.intake.dates import EARLIEST
from service.intake.html_text import html_to_text
from service.intake.mail_charset import read_bytes, usable
from service.intake.mail_history import own_words
from service.intake.mail_policies import OldestPolicy

MAX_MAIL_BYTES = 30_000_000
MAX_FILES = 20
# The parser looks at each line for the end of each part that it stands in.
_MOST = {b"boundary": 40, b"content-type": 300, b"\n--": 2_000, b"\n": 600_000}
_MAX_TAGS = 200_000  # of all pages (HTML) in a mail: seven millions take a gigabyte to read
_MAX_HEADER_CHARS = 4_000
_MAX_TITLE_CHARS = 1_000
_MAX_NAME_CHARS = 100
_MAX_FILE_NAME_CHARS = 200
_MAX_PARENTHESES = 20  # each is one more level of recursion for the parser of addresses
_ADDRESS = re.compile(r"[0-9a-z.!#$%&'*+/=?^_`{|}~-]{1,64}@[0-9a-z.-]{1,189}")
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster)@")
_DEAF = re.compile(r"(?:no-?_?reply|do-?not-?reply|bounces?\b)[^@]*@")
_BULK = frozenset(("bulk", "junk", "list", "auto_reply"))
_AUTOMATIC = ("x-autoreply", "x-autorespond", "x-failed-recipients")
_UNANSWERED = ("list-id", "list-unsubscribe", "x-auto-response-suppress")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail: its name without a folder, and the kind it claims to be."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What intake needs of a mail.

    ``number`` stands for its Message-ID, or for all its bytes where it has none: the same mail has
    the same. ``address`` is in small letters, "" where it has no usable form. ``text`` holds what
    the sender wrote now; the mail as it came stays where it came from. ``may_be_answered`` is
    False where nobody would read an answer.
    """

    number: str
    subject: str
    text: str
    sender_name: str
    address: str
    sent_at: datetime
    files: tuple[MailFile, ...]
    may_be_answered: bool


def read_mail(raw: bytes, arrived_at: datetime, own: Collection[str] = ()) -> Mail:
    """Read a mail.

    Parameters
    ----------
    raw
        The mail as it came, headers first.
    arrived_at
        Aware. Takes the place of a date that is missing, unreadable, before 1990 or later.
    own
        The house's own addresses, in small letters: mails from these are automatic.

    Raises
    ------
    MailUnreadableError
        It is too large, has too many parts, or is no mail.
    AutomaticMailError
        A program sent it by itself: a bounce, an absence note, a mass mailing, our own mail.
    """
    _check_size(raw)
    try:
        return _read(raw, arrived_at, own)
    except RecursionError as error:
        raise MailUnreadableError("层次过深") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # The parser's known ways to fail on crafted parameters of headers.
        raise MailUnreadableError("邮件的格式有误") from error


def _check_size(raw: bytes) -> None:
    if len(raw) > MAX_MAIL_BYTES:
        raise MailUnreadableError(f"超过 {MAX_MAIL_BYTES // 1_000_000} MB")
    lowered = raw.lower()
    if any(lowered.count(sign) > most for sign, most in _MOST.items()):
        raise MailUnreadableError("部分过多")


def _read(raw: bytes, arrived_at: datetime, own: Collection[str]) -> Mail:
    message = message_from_bytes(raw, policy=OldestPolicy())
    headers = _headers(message)
    if not headers.keys() & {"from", "subject", "date", "message-id", "to"}:
        raise MailUnreadableError("没有邮件头")
    name, address = _sender(headers.get("from", ""))
    if _is_automatic(headers, message, address, own):
        raise AutomaticMailError
    _check_pages(message)
    subject = read_header(headers.get("subject", ""))[:_MAX_TITLE_CHARS]
    text = own_words(_words(message), subject)
    return Mail(
        number=_number(headers.get("message-id", ""), raw),
        subject=subject,
        text=text if text.strip() else subject,
        sender_name=name,
        address=address,
        sent_at=_sent_at(headers.get("date", ""), arrived_at),
        files=tuple(_files(message)),
        may_be_answered=bool(address)
        and not _DEAF.match(address)
        and not any(key in headers for key in _UNANSWERED),
    )


def _check_pages(message: Message) -> None:
    pages = (part for part in message.walk() if part.get_content_type() == "text/html")
    if sum(_content(page).count(b"<") for page in pages) > _MAX_TAGS:
        raise MailUnreadableError("正文的网页标记过多")


def _headers(message: Message) -> dict[str, str]:
    """The first of each header, as it stands, by its name in small letters."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), str(value)[:_MAX_HEADER_CHARS])
    return found


def read_header(raw: str) -> str:
    """A header's value as one line of text: encoded words (RFC 2047) and bare bytes are decoded."""
    plain = read_bytes(raw.encode("utf-8", "surrogateescape"), "")
    unfolded = re.sub(r"\r?\n[ \t]*", " ", plain)
    try:
        # Neighbours of one character set come as one: a character may be cut between two words.
        chunks = decode_header(unfolded) if "=?" in unfolded else [(unfolded, None)]
    except HeaderParseError:  # cut or wrong base64
        chunks = [(unfolded, None)]
    return " ".join(usable("".join(_chunk(*chunk) for chunk in chunks)).split())


def _chunk(content: bytes | str, charset: str | None) -> str:
    if isinstance(content, str):
        return content
    # decode_header hands what stood between encoded words back in Python's own escapes.
    return read_bytes(content, charset) if charset else content.decode("raw-unicode-escape")


def _sender(raw: str) -> tuple[str, str]:
    if raw.count("(") > _MAX_PARENTHESES:
        return "", ""
    name, address = parseaddr(re.sub(r"[\r\n]+", " ", raw))
    address = address.lower()
    return read_header(name)[:_MAX_NAME_CHARS], address if _ADDRESS.fullmatch(address) else ""


def _is_automatic(
    headers: dict[str, str], message: Message, address: str, own: Collection[str]
) -> bool:
    """By RFC 3834, RFC 3464, and what programs older than these write."""
    declared = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    return (
        declared != "no"
        or headers.get("precedence", "").strip().lower() in _BULK
        or headers.get("return-path", "").strip() == "<>"
        or any(key in headers for key in _AUTOMATIC)
        or message.get_content_type() == "multipart/report"
        or bool(_MACHINES.match(address))
        or address in own
    )


def _number(message_id: str, raw: bytes) -> str:
    """A digest: an identifier may hold its sender's name, and is as long as its sender likes."""
    told = message_id.strip().encode("utf-8", "surrogateescape")
    return hashlib.sha256(told or raw).hexdigest()[:40]


def _sent_at(raw: str, arrived_at: datetime) -> datetime:
    try:
        sent = parsedate_to_datetime(raw)
        sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
        return sent if EARLIEST <= sent <= arrived_at else arrived_at
    except (ValueError, TypeError, IndexError, OverflowError):
        return arrived_at


def _words(part: Message) -> str:
    """The text of a part and of those within it; a mail that was attached to it is a file."""
    if not part.is_multipart():
        return _text(part)
    if part.get_content_maintype() == "message":
        return ""
    within = [(inner.get_content_type(), _words(inner)) for inner in _inner(part)]
    written = [(kind, text) for kind, text in within if text.strip()]
    if part.get_content_type() == "multipart/alternative":
        written.sort(key=lambda one: one[0] != "text/plain")
        written = written[:1]
    return "\n".join(text for _, text in written)


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _text(part: Message) -> str:
    reads = _READERS.get(_kind(part))
    if reads is None or _is_file(part):
        return ""
    text = read_bytes(_content(part), str(part.get_param("charset", ""))).removeprefix("\ufeff")
    return reads(part, text.replace("\r\n", "\n").replace("\r", "\n"))


def _kind(part: Message) -> str:
    """What a part claims to be; parts that were announced and did not come are plain text."""
    return "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type()


def _plain(part: Message, text: str) -> str:
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    # RFC 3676: a line that ends with a space goes on in the next.
    joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    return re.sub(r"(?<!^--) \n(?!>)", joint, text, flags=re.MULTILINE)


def _html(part: Message, text: str) -> str:
    return html_to_text(text)


_READERS: dict[str, Callable[[Message, str], str]] = {"text/plain": _plain, "text/html": _html}


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _files(message: Message) -> Iterator[MailFile]:
    waiting, count = [message], 0
    while waiting and count < MAX_FILES:
        part = waiting.pop(0)
        if part.get_content_maintype() == "message":
            inner = _inner(part)
            content = inner[0].as_bytes() if inner else _content(part)
            yield MailFile(_file_name(part) or "转发的邮件.eml", "message/rfc822", content)
        elif part.is_multipart():
            waiting[:0] = _inner(part)
            continue
        elif _is_file(part) or _kind(part) not in _READERS:
            yield MailFile(_file_name(part) or "附件", part.get_content_type(), _content(part))
        else:
            continue
        count += 1


def _file_name(part: Message) -> str:
    """The name without any folder, whichever system's."""
    name = read_header((part.get_filename() or "")[:_MAX_HEADER_CHARS])
    return re.split(r"[/\\]", name)[-1].lstrip(".")[-_MAX_FILE_NAME_CHARS:]
