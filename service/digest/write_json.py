"""The digest as JSON: every figure with its ids, every message with what it was counted by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from service.digest.counts import Dimension, key_of, sender_numbers
from service.digest.facts import MessageFact
from service.digest.hot import HEAT_ZH
from service.digest.json_document import SCHEMA
from service.digest.materials import CRITERIA_ZH
from service.digest.periods import Period
from service.digest.report import Digest
from service.digest.tables import name_of
from service.domain.labels import Labelled

_SECTIONS = (
    "overview",
    "hot",
    "rising",
    "fresh",
    "new_words",
    "risen_words",
    "season",
    "overdue",
    "stuck",
    "work",
    "health",
    "tables",
    "materials",
)


def write_json(digest: Digest) -> bytes:
    """UTF-8 JSON, keys in a fixed order, as ``DigestDocument`` describes it."""
    numbers = sender_numbers(digest.messages)
    document = {
        "schema": SCHEMA,
        "title": digest.title,
        "scope": {"kind": digest.scope.kind.value, "key": digest.scope.key},
        "issuer": digest.issuer,
        "head": plain(digest.head),
        "cut_at": digest.cut_at.isoformat(),
        "period": plain(digest.period),
        "obstacle": digest.obstacle,
        "heat_formula": HEAT_ZH,
        "material_criteria": CRITERIA_ZH,
        **{section: plain(getattr(digest, section)) for section in _SECTIONS},
        "messages": [message_record(one, numbers, digest) for one in digest.messages],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    # Keys are given as they are stored: a lone surrogate in one becomes a JSON escape.
    return text.encode(errors="backslashreplace")


def plain(value: object) -> Any:
    """Any part of a digest as JSON's own types; an enumeration as its value."""
    if isinstance(value, Period):
        return {
            "code": value.code,
            "label": value.label_zh,
            "first_day": value.first_day.isoformat(),
            "last_day": value.last_day.isoformat(),
        }
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def message_record(
    message: MessageFact, numbers: Mapping[int, int], digest: Digest
) -> dict[str, Any]:
    """What a message was counted by; its sender as a number of this document only."""
    return {
        "id": message.id,
        "sent_on": message.sent_on.isoformat(),
        "matter_id": message.matter_id,
        "sender": None if message.sender_key is None else numbers[message.sender_key],
        "relation": message.relation.value,
        **{one.value: key_of(one)(message) for one in Dimension},
        "names": {one.value: name_of(one, key_of(one)(message), digest.names) for one in Dimension},
        "like_count": message.like_count,
        "dislike_count": message.dislike_count,
        "is_urgent": message.is_urgent,
        "needs_review": message.needs_review,
    }
