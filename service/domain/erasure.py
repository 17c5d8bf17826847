"""删除: a citizen's message is erased by law; what is left tells only that it was."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from service.domain.history import entry_digest
from service.domain.labels import Labelled

MAX_ERASURE_REASON_CHARS = 500
ERASED_ZH = "来信已依法删除"


class ErasureGround(Labelled):
    """Why the law demands it (Personal Information Protection Law of the PRC, article 47)."""

    FULFILLED = "fulfilled", "处理目的已实现、无法实现或不再必要"
    EXPIRED = "expired", "保存期限已届满"
    WITHDRAWN = "withdrawn", "来信人撤回同意"
    UNLAWFUL = "unlawful", "违反法律、行政法规或约定处理个人信息"
    ORDERED = "ordered", "法律、行政法规规定的其他情形"


def redacted(message_id: int) -> dict[str, object]:
    """What stands in an entry of a history in place of an erased message's words."""
    return {"erased": message_id, "changes": [ERASED_ZH]}


def redaction_mac(
    key: bytes,
    before: bytes,
    digest: bytes,
    matter_id: int,
    number: int,
    at: datetime,
    actor: str,
    kind: str,
    details: Mapping[str, object],
) -> bytes:
    """HMAC-SHA256 (32 bytes) that stands for an entry whose details were redacted.

    The entry's own digest was made of what is no more. This one says under a key outside the
    database that it was so, and binds what is left to the entries before and behind it.

    Parameters
    ----------
    before
        The digest of the entry before it, ``NOTHING`` for the first.
    digest
        The entry's digest, as it was made.
    details
        What is left of its details.
    """
    left = entry_digest(digest, matter_id, number, at, actor, kind, details)
    return hmac.digest(key, b"redacted" + before + digest + left, hashlib.sha256)
