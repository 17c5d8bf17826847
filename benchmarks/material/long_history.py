"""Ten years of a county's messages, written straight into the tables, for measuring digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from service.storage import tables
from service.storage.rows import insert_rows
from service.usecases.context import Context

LAST_WEEK = "2026-W09"
END = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)  # the evening of the last Sunday
DAYS, SEED, BATCH = 3_650, 2_026, 20_000
VOICES_A_MATTER = 2
OPEN_DAYS = 60  # what is older was closed, but for a few


def write_history(context: Context, message_count: int) -> None:
    """Write messages, two to a matter, their histories' first entries and judgements."""
    random = Random(SEED)
    for start in range(0, message_count // VOICES_A_MATTER, BATCH):
        numbers = range(start + 1, min(start + BATCH, message_count // VOICES_A_MATTER) + 1)
        matters = [_matter(context, random, number) for number in numbers]
        voices = [(one, _id(one, n)) for one in matters for n in range(VOICES_A_MATTER)]
        batch: dict[Any, list[dict[str, Any]]] = {
            tables.matter: matters,
            tables.message: [_message(one, id) for one, id in voices],
            tables.demand: [_demand(one, id) for one, id in voices],
            tables.classification: [_judgement(one, id, random) for one, id in voices],
            tables.event: [_entry(one) for one in matters],
        }
        with context.database.transaction() as connection:
            for table, rows in batch.items():
                insert_rows(connection, table, rows)


def _id(matter: dict[str, Any], voice: int) -> int:
    return int((matter["id"] - 1) * VOICES_A_MATTER + voice + 1)


def _matter(context: Context, random: Random, number: int) -> dict[str, Any]:
    """A matter as a row: old ones are closed, one in a thousand lies still."""
    organisation = context.triage.organisation
    studio = random.choice(organisation.studios)
    opened_at = END - timedelta(minutes=random.randrange(DAYS * 24 * 60))
    is_open = (END - opened_at).days < OPEN_DAYS * random.random() or random.random() < 0.001
    closed_at = min(END, opened_at + timedelta(days=random.randrange(1, 30)))
    return {
        "id": number,
        "number": f"H-{number:07d}",
        "title": f"第{number}件：{random.choice('路水电气房车学医')}边的事",
        "status": "assigned" if is_open else "closed",
        "topic": random.choice(context.triage.taxonomy.codes(2)),
        "department": random.choice(organisation.departments).name,
        "kind": random.choice(("complaint", "help", "question", "suggestion")),
        "is_urgent": random.random() < 0.03,
        "place": f"第{int(random.paretovariate(0.7)) % 400}村",
        "committee": studio.committee,
        "studio": studio.code,
        "members": [studio.convener],
        "because": ["地点：来信写到的村"],
        "runners_up": [],
        "opened_at": opened_at,
        "last_message_at": opened_at,
        "due_at": opened_at + timedelta(days=21),
        "closed_at": None if is_open else closed_at,
        "message_count": VOICES_A_MATTER,
        "copy_count": 0,
    }


def _message(matter: dict[str, Any], number: int) -> dict[str, Any]:
    sent_at = matter["opened_at"]
    text = f"我们村第{number % 997}组的这件事一直没有人来管，盼望早日解决。" * 4
    return {
        "id": number,
        "receipt": f"R{number:012d}",
        "source": "made",
        "external_id": str(number),
        "digest": b"",
        "channel": "web",
        "sender_id": None,
        "title": matter["title"],
        "text": text,
        "masked_title": matter["title"],
        "masked_text": text,
        "sent_at": sent_at,
        "sent_on": (sent_at + timedelta(hours=8)).date(),
        "received_at": sent_at,
        "like_count": number % 5,
        "dislike_count": 0,
    }


def _demand(matter: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "message_id": number,
        "matter_id": matter["id"],
        "relation": "first" if number % VOICES_A_MATTER else "voice",
        "same_probability": 1.0,
        "because": [],
    }


def _judgement(matter: dict[str, Any], number: int, random: Random) -> dict[str, Any]:
    sure = 0.5 + random.random() / 2
    return {
        "message_id": number,
        "decided_by": "model",
        "decided_at": matter["opened_at"],
        "model_version": "made",
        "topic": matter["topic"],
        "department": matter["department"],
        "kind": matter["kind"],
        "is_urgent": matter["is_urgent"],
        "details": {
            "topic_l1": [matter["topic"][:2], sure, []],
            "topic": [matter["topic"], sure, []],
            "department": [matter["department"], sure, []],
            "kind": [matter["kind"], sure, []],
            "urgent_probability": 0.1,
            "review": [],
        },
    }


def _entry(matter: dict[str, Any]) -> dict[str, Any]:
    return {
        "matter_id": matter["id"],
        "at": matter["opened_at"],
        "actor": "system",
        "kind": "routed",
        "details": {},
        "number": 1,
    }
