"""附件: a file that comes with a message, kept sealed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.domain.labels import Labelled

ACCEPTED_ZH = "JPEG、PNG、GIF、WebP 图片，PDF，Word（.docx），Excel（.xlsx），电子邮件（.eml）"


class AttachmentKind(Labelled):
    """What an attachment is kept as; its value is the end of its name."""

    JPEG = "jpg", "图片"
    PNG = "png", "图片"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 表格"
    EML = "eml", "电子邮件"


class Uploaded(Protocol):
    """A file as it was handed in: nothing of it is trusted. Its content may be read when asked."""

    @property
    def name(self) -> str:
        """As whoever sent it calls it."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def content(self) -> bytes:
        """All of it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was handed in, in memory."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file of a known kind, made anew without what could act or tell of whoever made it."""

    name: str
    kind: AttachmentKind
    content: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored attachment; ``number`` counts from 1 within its message, ``size`` is in bytes."""

    id: int
    message_id: int
    number: int
    kind: AttachmentKind
    name: str
    size: int
    attached_at: datetime
