"""The history of a matter: entries that each hold the digest of all before them.

A changed, missing or exchanged entry no longer fits the digests behind it (Haber and Stornetta,
How to time-stamp a digital document, 1991).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

NOTHING = bytes(32)  # what the first entry of a matter follows
RECUSED = "recused"  # the kind of an entry: a message made members parties to the matter
# Made once: it writes every entry, and no entry holds itself.
_PLAIN = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)


def entry_digest(
    before: bytes,
    matter_id: int,
    number: int,
    at: datetime,
    actor: str,
    kind: str,
    details: Mapping[str, object],
    salt: bytes | None = None,
) -> bytes:
    """SHA-256 (32 bytes) of an entry and of what it follows.

    Parameters
    ----------
    before
        The digest of the entry before it, ``NOTHING`` for the first.
    number
        Its place in the matter's history, from 1.
    at
        An aware time.
    details
        What can be written as JSON.
    salt
        Random bytes that are kept with the entry: once they are deleted, nobody can tell from
        the digest whether a guess at its details is right. None of an entry older than salts.
    """
    told = [matter_id, number, at.astimezone(UTC).isoformat(), actor, kind, details]
    plain = _PLAIN.encode(told)
    return hashlib.sha256(before + (salt or b"") + plain.encode("utf-8", "surrogatepass")).digest()
