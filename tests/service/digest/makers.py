"""Makers of facts for the digest's tests; every text here is invented."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from service.digest import Digest, Facts, MatterFact, MessageFact, Names, build_digest, parse_period
from service.digest.quotes import Text
from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.domain.status import MatterStatus

WEEK = parse_period("2019-W28")
CUT = datetime(2019, 7, 15, 8, 30, tzinfo=SHANGHAI)
NAMES = Names(
    topics={
        "01": "城乡建设",
        "04": "环境保护",
        "06": "交通运输",
        "14": "教育文体",
        "0110": "城乡建设／住房保障与房地产",
        "0102": "城乡建设／城市建设和市政管理",
        "0401": "环境保护／环保管理",
        "0601": "交通运输／道路交通管理",
        "1401": "教育文体／基础教育",
    },
    studios={"S1": "庄里镇委员工作室", "S2": "教育界别委员工作室"},
    committees={"C1": "富平县政协"},
)


def a_message(id: int, **changes: Any) -> MessageFact:
    """A message of the week's first day, anonymous unless told."""
    return replace(MessageFact(id=id, sent_on=WEEK.first_day), **changes)


def a_matter(id: int, **changes: Any) -> MatterFact:
    """A matter opened on the week's first day, due after it."""
    opened = datetime(2019, 7, 8, 9, tzinfo=SHANGHAI)
    plain = MatterFact(
        id=id,
        number=f"2019-{id:05d}",
        title=f"第{id}件事",
        status=MatterStatus.ASSIGNED,
        topic="0110",
        department="住建局",
        place="庄里镇",
        studio="S1",
        opened_at=opened,
        due_at=opened + timedelta(days=21),
    )
    return replace(plain, **changes)


def some_facts(
    messages: tuple[MessageFact, ...] = (),
    matters: tuple[MatterFact, ...] = (),
    cut_at: datetime = CUT,
    known_since: date | None = date(2018, 1, 1),
) -> Facts:
    """Facts with a long history behind them unless told."""
    return Facts(messages, matters, cut_at, known_since)


def a_digest(*messages: MessageFact, matters: tuple[MatterFact, ...] = ()) -> Digest:
    """The digest of the week of these facts."""
    return build_digest(WEEK, some_facts(messages, matters), NAMES)


def read_facts(path: Path) -> Facts:
    """The facts of a golden case."""
    record = json.loads(path.read_text(encoding="utf-8"))
    since = record["known_since"]
    return Facts(
        tuple(_message(one) for one in record["messages"]),
        tuple(_matter(one) for one in record["matters"]),
        datetime.fromisoformat(record["cut_at"]),
        date.fromisoformat(since) if since else None,
    )


def read_texts(path: Path) -> list[Text]:
    """The masked texts of a golden case."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return [Text(**one) for one in record["texts"]]


def _message(record: dict[str, Any]) -> MessageFact:
    known = {
        "sent_on": date.fromisoformat(record["sent_on"]),
        "kind": Kind(record["kind"]) if record.get("kind") else None,
        "channel": Channel(record.get("channel", "web")),
        "relation": Relation(record.get("relation", "first")),
    }
    return MessageFact(**(record | known))


def _matter(record: dict[str, Any]) -> MatterFact:
    closed = record.get("closed_at")
    known = {
        "status": MatterStatus(record["status"]),
        "opened_at": datetime.fromisoformat(record["opened_at"]),
        "due_at": datetime.fromisoformat(record["due_at"]),
        "closed_at": datetime.fromisoformat(closed) if closed else None,
    }
    return MatterFact(**(record | known))
