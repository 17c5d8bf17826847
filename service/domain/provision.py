"""规定: what an administrator laid down. The newest of a kind is in force, all earlier are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.labels import Labelled


class ProvisionKind(Labelled):
    """What can be laid down."""

    RULES = "rules", "办理规则"
    REVIEW = "review", "复核要求"
    JOINING = "joining", "并案要求"
    WORDS = "words", "词典"
    WORD_DRAFT = "word_draft", "词典草稿"
    CALENDAR = "calendar", "放假安排"
    REMINDERS = "reminders", "催办要求"
    RETENTION = "retention", "保存期限"
    DECLINED_DUTIES = "declined_duties", "不采纳的职责目录建议"


@dataclass(frozen=True, slots=True)
class Laid:
    """Who laid something down, when (aware), and what, in JSON types."""

    at: datetime
    actor: str
    content: Any


@dataclass(frozen=True, slots=True)
class NoticedDay:
    """A day of a year's notice (放假安排): of rest, or of work in exchange 调休."""

    day: date
    is_working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Word:
    """词: one to know beside jieba's dictionary; ``frequency`` None takes what jieba suggests."""

    text: str
    frequency: int | None = None
