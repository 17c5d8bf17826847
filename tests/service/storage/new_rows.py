"""Rows to store, made short. All texts are invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.domain.assignment import Assignment
from service.domain.classification import Classification, Verdict
from service.domain.receipt import new_receipt
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.storage.matters.matters import NewDemand, NewMatter
from service.storage.messages.messages import NewMessage
from tests.makers import NOW, a_message

ASSIGNMENT = Assignment("T1", ("T1-M1",), "住建局", ("地点",), ("T2",))


def a_matter(number: int, **changes: Any) -> NewMatter:
    plain = NewMatter(
        id=number,
        number=f"2026-{number:06d}",
        title=f"第{number}件",
        status=MatterStatus.ASSIGNED,
        topic="0102",
        department="住建局",
        kind="help",
        is_urgent=False,
        place="庄里镇",
        committee="FP",
        assignment=ASSIGNMENT,
        opened_at=NOW,
        last_message_at=NOW,
        due_at=NOW,
    )
    return replace(plain, **changes)


def a_new_message(number: int, sender_id: int | None = None, **changes: Any) -> NewMessage:
    incoming = a_message(f"第{number}封信。", **changes)
    key = (incoming.source, incoming.external_id or str(number), b"")
    return NewMessage(number, new_receipt(), key, incoming, sender_id, "题", "文", NOW)


def a_demand(message: int, matter: int, relation: Relation = Relation.FIRST) -> NewDemand:
    return NewDemand(message, matter, relation, 0.5, ("因为",))


def a_classification(decided_by: str = "model") -> Classification:
    return Classification(
        topic_l1=Verdict("01", 0.9, (("14", 0.05),)),
        topic=Verdict("0102", 0.8, (("0101", 0.1), ("1402", 0.05))),
        department=Verdict("住建局", 0.7),
        kind=Verdict("help", 0.6, (("report", 0.2),)),
        is_urgent=True,
        urgent_probability=0.75,
        review=("主题把握不足", "文字太少"),
        model_version="v1",
        decided_by=decided_by,
    )
