"""留言: what one person sent once. Its text is never altered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.channel import Channel


@dataclass(frozen=True, slots=True)
class SenderDetails:
    """What a message says of who sent it; kept sealed, apart from the message."""

    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Whether nothing is known of the sender."""
        return not (self.name or self.phone or self.email)


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message at the door, checked but not yet stored.

    ``sent_at`` is aware; ``external_id`` is the number it bears in ``source``, or "".
    ``consent_version`` is that of the text its sender was told and agreed to, "" where nobody
    says so; ``taken_by`` the account that wrote it down on the sender's behalf, or "".
    """

    title: str
    text: str
    sent_at: datetime
    channel: Channel
    source: str
    external_id: str = ""
    sender: SenderDetails = SenderDetails()
    like_count: int = 0
    dislike_count: int = 0
    consent_version: str = ""
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message, as ``IncomingMessage``. ``sender_id`` is None for an anonymous one.

    ``part_of`` is the id of the message that it is a confirmed part of, None of a whole one.
    """

    id: int
    receipt: str
    title: str
    text: str
    sent_at: datetime
    received_at: datetime
    channel: Channel
    source: str
    external_id: str
    sender_id: int | None
    like_count: int
    dislike_count: int
    part_of: int | None = None
    consent_version: str = ""
    taken_by: str = ""
