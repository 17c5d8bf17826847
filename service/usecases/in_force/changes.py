"""Changes: who changed what an administrator lays down, when, and what became other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from service.domain.provision import ProvisionKind
from service.domain.reminder_policy import DAYS_ZH
from service.domain.retention import PERIODS
from service.domain.review_policy import QUESTIONS_ZH
from service.storage.organisation.provisions import read_laid
from service.usecases.context import Context

HISTORY = 20
_SAME = "内容未变"
_NAMED = 10
_OF_WISHES = frozenset({ProvisionKind.REVIEW, ProvisionKind.JOINING})
_NOTHING_ASKED: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """A change. ``what`` tells in Chinese what became other; empty of a first provision, but of
    one that asks for something where nothing was asked for.
    """

    at: datetime
    actor: str
    what: tuple[str, ...]


def list_changes(context: Context, kind: ProvisionKind) -> list[Change]:
    """The changes of a kind of provision, the newest first, at most ``HISTORY``."""
    with context.database.reading() as connection:
        laid = read_laid(connection, kind, HISTORY + 1)
    tell = _TELL[kind]
    changes = [
        Change(new.at, new.actor, tuple(tell(old.content, new.content)) or (_SAME,))
        for new, old in pairwise(laid)
    ]
    if 0 < len(laid) <= HISTORY:
        first = laid[-1]
        told = tell(_NOTHING_ASKED, first.content) if kind in _OF_WISHES else ()
        changes.append(Change(first.at, first.actor, tuple(told)))
    return changes


def _of_rules(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    before, after = ({rule["name"]: rule for rule in rules} for rules in (old, new))
    yield from _named(before, after)
    if [name for name in after if name in before] != [name for name in before if name in after]:
        yield "次序有变"


def _of_words(old: list[tuple[str, Any]], new: list[tuple[str, Any]]) -> Iterator[str]:
    return _named(dict(old), dict(new))


def _of_calendar(old: list[list[Any]], new: list[list[Any]]) -> Iterator[str]:
    return _named({day: rest for day, *rest in old}, {day: rest for day, *rest in new})


def _named(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for word, names in (
        ("新增", [name for name in after if name not in before]),
        ("修改", [name for name in after if name in before and before[name] != after[name]]),
        ("删去", [name for name in before if name not in after]),
    ):
        if names:
            yield f"{word}：{'、'.join(names[:_NAMED])}{_rest(len(names))}"


def _rest(count: int) -> str:
    return f" 等 {count} 项" if count > _NAMED else ""


def _of_review(old: dict[str, float], new: dict[str, float]) -> Iterator[str]:
    for question, name in QUESTIONS_ZH.items():
        before, after = (wanted.get(question) for wanted in (old, new))
        if before != after:
            yield f"{name}：{_precision(before)} → {_precision(after)}"


def _of_joining(old: dict[str, float], new: dict[str, float]) -> Iterator[str]:
    before, after = (wanted.get("precision") for wanted in (old, new))
    if before != after:
        yield f"并案：{_precision(before, '按设置')} → {_precision(after, '按设置')}"


def _of_reminders(old: dict[str, int], new: dict[str, int]) -> Iterator[str]:
    for name, days_zh in DAYS_ZH.items():
        if old[name] != new[name]:
            yield f"{days_zh}：{old[name]} → {new[name]}"


def _of_retention(old: dict[str, int], new: dict[str, int]) -> Iterator[str]:
    for name, bounds in PERIODS.items():
        if old[name] != new[name]:
            yield f"{bounds.label_zh}：{old[name]} → {new[name]}"


def _precision(wanted: float | None, without: str = "不要求") -> str:
    return without if wanted is None else f"{wanted * 100:g}%"


_TELL: dict[ProvisionKind, Callable[[Any, Any], Iterator[str]]] = {
    ProvisionKind.RULES: _of_rules,
    ProvisionKind.REVIEW: _of_review,
    ProvisionKind.JOINING: _of_joining,
    ProvisionKind.WORDS: _of_words,
    ProvisionKind.WORD_DRAFT: _of_words,
    ProvisionKind.CALENDAR: _of_calendar,
    ProvisionKind.REMINDERS: _of_reminders,
    ProvisionKind.RETENTION: _of_retention,
}
