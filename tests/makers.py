"""Makers that many tests share: a small organisation, messages, a clock. All texts are invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage, SenderDetails
from service.domain.order import Order
from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Department,
    Member,
    Organisation,
    Studio,
    StudioKind,
)
from service.domain.path import Move
from service.usecases.casework.casework import move_matter
from service.usecases.casework.proofs import Presented
from service.usecases.context import Context

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=SHANGHAI)
DEPARTMENTS = (
    "住建局",
    "教育局",
    "公安局",
    "城管局",
    "水利局",
    "卫健局",
    "街道乡镇",
    "交通运输局",
    "市场监管局",
    "农业农村局",
)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **lapse: float) -> None:
        """Move on by a ``timedelta``'s parts."""
        self.at += timedelta(**lapse)


def a_studio(code: str, name: str, **changes: Any) -> Studio:
    plain = Studio(code, name, StudioKind.AREA, "FP", convener=f"{code}-M1")
    return replace(plain, **changes)


def a_member(studio: str, name: str, *specialties: str) -> Member:
    return Member(
        code=f"{studio}-M1",
        name=name,
        committee="FP",
        level=CommitteeLevel.COUNTY,
        sector="农业界",
        specialties=specialties,
        studios=(studio,),
    )


def a_small_organisation() -> Organisation:
    """A county's committee with two studios, a member each, and a few departments."""
    return Organisation(
        committees=(Committee("FP", "富平县政协", CommitteeLevel.COUNTY, "", "610528"),),
        studios=(
            a_studio("T1", "庄里镇委员工作室", areas=("庄里镇",)),
            a_studio("T2", "教育界委员工作室", kind=StudioKind.SECTOR, topics=("教育文体",)),
        ),
        members=(a_member("T1", "甲委员", "城乡建设"), a_member("T2", "乙委员", "教育文体")),
        departments=tuple(Department(name) for name in DEPARTMENTS),
    )


def a_message(text: str = "庄里镇三合村的路灯坏了半个月。", **changes: Any) -> IncomingMessage:
    """A message by a known sender, sent an hour ago."""
    plain = IncomingMessage(
        title="路灯不亮",
        text=text,
        sent_at=NOW - timedelta(hours=1),
        channel=Channel.WEB,
        source="test",
        sender=SenderDetails("陈某", "19900001111"),
    )
    return replace(plain, **changes)


def shown(receipt: str, proof: str = "1111") -> Presented:
    """A receipt, and the end of the phone of ``a_message``'s sender."""
    return Presented(receipt, proof)


def dispatch_matter(context: Context, matter_id: int, account: str) -> None:
    """Send a matter out."""
    move_matter(context, matter_id, Order(Move.DISPATCH), account)


def close_matter(context: Context, matter_id: int, account: str, note: str) -> None:
    """Close a matter with a word on how it ended."""
    move_matter(context, matter_id, Order(Move.CLOSE, note=note), account)
