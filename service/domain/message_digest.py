"""The natural key of a message that bears no number of its own."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

from service.domain.message import IncomingMessage


def content_digest(message: IncomingMessage) -> bytes:
    """SHA-256 (32 bytes) of who sent it, when (to the second) and what it says."""
    sent_at = message.sent_at.astimezone(UTC).isoformat(timespec="seconds")
    sender = message.sender
    parts = [sender.name, sender.phone, sent_at, message.title, message.text]
    return hashlib.sha256(json.dumps(parts).encode("ascii")).digest()
