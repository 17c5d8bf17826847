"""Signatures by the Standard Webhooks convention (standardwebhooks.com, 1.0)."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

_SECRET_BYTES = 32
_PREFIX = "whsec_"


def draw_secret() -> bytes:
    """A new random secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def show_secret(secret: bytes) -> str:
    """A secret as it is handed out, ``whsec_…``."""
    return _PREFIX + base64.b64encode(secret).decode()


def sign(event_id: str, at: datetime, body: bytes, known: Sequence[bytes]) -> dict[str, str]:
    """The headers that let a receiver know who sent a body, and when.

    Parameters
    ----------
    event_id
        The same for each try of one event.
    known
        The secrets that the receiver may know, the newest first; each signs.
    """
    timestamp = str(int(at.timestamp()))
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    signatures = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in known)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }
