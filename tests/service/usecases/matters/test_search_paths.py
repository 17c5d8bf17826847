"""Search among few messages finds what search among all finds, whatever is asked for."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from classifier.spans import Span
from service.domain.access import WHOLE, Scope, ScopeKind
from service.domain.status import MatterStatus
from service.storage.matters.matters import change_matter
from service.storage.search import document_walk as walk_module
from service.storage.search import few_documents as few_module
from service.storage.tables import matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters import search as module
from service.usecases.matters.merging import merge_matters, split_matter
from service.usecases.matters.parting import confirm_parts
from service.usecases.matters.search import SearchFilter, search
from tests.makers import NOW, a_message
from tests.service.usecases.books import rows

LIMITS = {"all": (-1, -1), "few messages": (10**6, 10**6), "few matters": (-1, 10**6)}
DEPARTMENTS, STUDIOS, TOPICS = (
    ("城管局", "水利局", "教育局"),
    ("T1", "T2"),
    ("0102", "0103", "1402"),
)
STATUSES = MatterStatus.ASSIGNED.value, MatterStatus.HANDLING.value
TYPED = "路灯", "食堂", "路灯 -食堂", "“食堂的饭菜”"
_HALVES = "东巷的路灯坏了半个月没人修。", "小学食堂的饭菜里吃出虫子。"


def fill(context: Context, random: Random) -> None:
    """Matters of all kinds: alone, in parts, parts of others, and split off again."""
    text = "".join(_HALVES)
    messages = [
        a_message(
            f"第{n}号：{text if n % 3 else _HALVES[0]}",
            external_id=str(n),
            title="",
            sent_at=NOW - timedelta(days=random.randrange(40)),
        )
        for n in range(30)
    ]
    received = receive_messages(context, messages)
    for each, one in zip(received, messages, strict=True):
        middle = one.text.find(_HALVES[1])
        if middle > 0 and random.random() < 0.5:
            spans = [Span(0, middle), Span(middle, len(one.text))]
            confirm_parts(context, each.message_id, spans, "clerk")
    with context.database.transaction() as connection:
        for row in rows(context, matter):
            change_matter(connection, row["id"], **labels(random))
    alone = [row["id"] for row in rows(context, matter) if row["merged_into"] is None]
    random.shuffle(alone)
    for first, second in zip(alone[:8:2], alone[1:8:2], strict=True):
        merge_matters(context, first, second, "clerk")
        if random.random() < 0.5:
            split_matter(context, first, "clerk")


def labels(random: Random) -> dict[str, object]:
    return {
        "department": random.choice(DEPARTMENTS),
        "helping": random.sample(DEPARTMENTS, random.randrange(2)),
        "studio": random.choice(STUDIOS),
        "topic": random.choice(TOPICS),
        "is_urgent": random.random() < 0.5,
        "status": random.choice(STATUSES),
    }


def a_filter(random: Random) -> SearchFilter:
    def maybe(*values: str) -> str:
        return random.choice(values) if random.random() < 0.25 else ""

    scope = random.choice(
        [
            WHOLE,
            Scope(ScopeKind.DEPARTMENT, frozenset(random.sample(DEPARTMENTS, 2))),
            Scope(ScopeKind.STUDIO, frozenset({random.choice(STUDIOS)})),
            Scope(ScopeKind.STUDIO, frozenset()),
        ]
    )
    day = (NOW - timedelta(days=random.randrange(40))).date()
    return SearchFilter(
        department=maybe(*DEPARTMENTS),
        studio=maybe(*STUDIOS),
        topic=maybe("01", *TOPICS),
        status=maybe(*STATUSES),
        since=day if random.random() < 0.3 else None,
        scope=scope,
    )


def pages(context: Context, typed: str, wanted: SearchFilter) -> list[int]:
    ids: list[int] = []
    cursor = ""
    while True:
        page = search(context, typed, wanted, cursor, limit=3)
        ids += [each.message_id for each in page.hits]
        cursor = page.next_cursor
        if not cursor:
            return ids


def test_each_way_finds_the_same(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(7)
    fill(context, random)
    monkeypatch.setattr(module, "_AT_FIRST", 1)
    monkeypatch.setattr(module, "_MOST_KEYS", 5)
    found_count = 0
    for _ in range(25):
        wanted, typed = a_filter(random), random.choice(TYPED)
        monkeypatch.setattr(walk_module, "_LOOKED_INTO", random.choice([1, 3, 200]))
        monkeypatch.setattr(walk_module, "_MANY_HAVE", random.choice([1, 32]))
        found: dict[str, list[int]] = {}
        for way, (few, few_matters) in LIMITS.items():
            monkeypatch.setattr(few_module, "FEW", few)
            monkeypatch.setattr(few_module, "FEW_MATTERS", few_matters)
            found[way] = pages(context, typed, wanted)
        assert found["few messages"] == found["all"], (typed, wanted)
        assert found["few matters"] == found["all"], (typed, wanted)
        found_count += bool(found["all"])
    assert found_count > 5
