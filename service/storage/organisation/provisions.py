"""Provisions: what an administrator laid down. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from service.domain.channel import Channel
from service.domain.kind import Kind
from service.domain.provision import Laid, NoticedDay, ProvisionKind, Word
from service.domain.reminder_policy import ReminderPolicy
from service.domain.retention import RetentionPolicy
from service.domain.review_policy import ReviewPolicy
from service.domain.standing_rule import SenderKind, StandingRule
from service.storage.tables import provision

_MANY = ("words", "unless", "places", "topics", "helping")
_PLAIN = ("name", "studio", "department", "needs_review", "refusal", "is_urgent", "advice")
# What a rule could not have when the first ones were stored.
_ADDED: Mapping[str, Any] = {"topics": (), "helping": (), "kinds": (), "studio": ""}
# Made once: they are asked with every message.
_NEWEST_OF = select(provision.c.content).where(
    provision.c.id
    == select(func.max(provision.c.id))
    .where(provision.c.kind == bindparam("kind"))
    .scalar_subquery()
)
_NEWEST = select(provision.c.kind, provision.c.content).where(
    provision.c.id.in_(
        select(func.max(provision.c.id))
        .where(provision.c.kind.in_(bindparam("kinds", expanding=True)))
        .group_by(provision.c.kind)
    )
)


def read_rules_and_policy(
    connection: Connection,
) -> tuple[tuple[StandingRule, ...] | None, ReviewPolicy]:
    """The rules in force (None where none were ever laid down) and the review policy."""
    rules, policy = _newest_of(connection, ProvisionKind.RULES, ProvisionKind.REVIEW)
    return _as_rules(rules), _as_policy(policy)


def read_rules(connection: Connection) -> tuple[StandingRule, ...] | None:
    """The rules in force; None where none were ever laid down."""
    return _as_rules(_newest(connection, ProvisionKind.RULES))


def read_review_policy(connection: Connection) -> ReviewPolicy:
    """The review policy in force; that of the model where none was ever laid down."""
    return _as_policy(_newest(connection, ProvisionKind.REVIEW))


def _as_rules(content: Any) -> tuple[StandingRule, ...] | None:
    return None if content is None else tuple(rule_from_json(item) for item in content)


def _as_policy(content: Any) -> ReviewPolicy:
    return ReviewPolicy(**(content or {}))


def read_join_precision(connection: Connection) -> float | None:
    """The precision wanted of what joins by itself; None where none was asked for."""
    return _as_precision(_newest(connection, ProvisionKind.JOINING))


def read_joining(connection: Connection) -> tuple[tuple[NoticedDay, ...], float | None]:
    """What a message that joins needs to know: the days of notices, and the precision wanted."""
    days, precision = _newest_of(connection, ProvisionKind.CALENDAR, ProvisionKind.JOINING)
    return _as_days(days), _as_precision(precision)


def _as_precision(content: Any) -> float | None:
    return (content or {}).get("precision")


def read_reminder_policy(connection: Connection) -> ReminderPolicy:
    """The reminder policy in force; the usual one where none was ever laid down."""
    return ReminderPolicy(**(_newest(connection, ProvisionKind.REMINDERS) or {}))


def read_retention_policy(connection: Connection) -> RetentionPolicy:
    """The periods in force; the usual ones where none were ever laid down."""
    return RetentionPolicy(**(_newest(connection, ProvisionKind.RETENTION) or {}))


def read_words(connection: Connection, kind: ProvisionKind) -> tuple[Word, ...] | None:
    """The words published, or their draft; None where there never was one."""
    content = _newest(connection, kind)
    return None if content is None else tuple(Word(text, count) for text, count in content)


def read_noticed_days(connection: Connection) -> tuple[NoticedDay, ...]:
    """The days of the notices that were loaded, ascending."""
    return _as_days(_newest(connection, ProvisionKind.CALENDAR))


def _as_days(content: Any) -> tuple[NoticedDay, ...]:
    return tuple(
        NoticedDay(date.fromisoformat(day), works, name) for day, works, name in content or ()
    )


def read_declined_duties(connection: Connection) -> dict[tuple[str, str], int]:
    """Suggestions 职责目录建议 that were declined: topic and department → matters settled then."""
    content = _newest(connection, ProvisionKind.DECLINED_DUTIES) or ()
    return {(topic, department): count for topic, department, count in content}


def _newest(connection: Connection, kind: ProvisionKind) -> Any:
    return connection.execute(_NEWEST_OF, {"kind": kind.value}).scalar()


def _newest_of(connection: Connection, *kinds: ProvisionKind) -> list[Any]:
    """The newest of each of these kinds, in their order; None where there is none."""
    rows = connection.execute(_NEWEST, {"kinds": [kind.value for kind in kinds]})
    found = {row.kind: row.content for row in rows}
    return [found.get(kind.value) for kind in kinds]


def read_laid(connection: Connection, kind: ProvisionKind, limit: int) -> list[Laid]:
    """Provisions of a kind with who laid them down and when, the newest first."""
    query = (
        select(provision.c.at, provision.c.actor, provision.c.content)
        .where(provision.c.kind == kind.value)
        .order_by(provision.c.id.desc())
        .limit(limit)
    )
    return [Laid(row.at, row.actor, row.content) for row in connection.execute(query)]


def insert_rules(
    connection: Connection, rules: tuple[StandingRule, ...], at: datetime, actor: str
) -> None:
    """Put rules in force."""
    content = [rule_as_json(rule) for rule in rules]
    _insert(connection, ProvisionKind.RULES, content, at, actor)


def insert_review_policy(
    connection: Connection, policy: ReviewPolicy, at: datetime, actor: str
) -> None:
    """Put a review policy in force."""
    _insert(connection, ProvisionKind.REVIEW, policy.wanted, at, actor)


def insert_join_precision(
    connection: Connection, precision: float | None, at: datetime, actor: str
) -> None:
    """Ask for a precision of what joins by itself, or for none."""
    content = {} if precision is None else {"precision": precision}
    _insert(connection, ProvisionKind.JOINING, content, at, actor)


def insert_reminder_policy(
    connection: Connection, policy: ReminderPolicy, at: datetime, actor: str
) -> None:
    """Put a reminder policy in force."""
    _insert(connection, ProvisionKind.REMINDERS, asdict(policy), at, actor)


def insert_retention_policy(
    connection: Connection, policy: RetentionPolicy, at: datetime, actor: str
) -> None:
    """Put periods in force."""
    _insert(connection, ProvisionKind.RETENTION, asdict(policy), at, actor)


def insert_words(
    connection: Connection,
    kind: ProvisionKind,
    words: tuple[Word, ...],
    at: datetime,
    actor: str,
) -> None:
    """Publish words, or keep a draft of them."""
    _insert(connection, kind, [[word.text, word.frequency] for word in words], at, actor)


def insert_noticed_days(
    connection: Connection, days: Iterable[NoticedDay], at: datetime, actor: str
) -> None:
    """Put the days of notices in force, all of them in the place of those before."""
    content = [[one.day.isoformat(), one.is_working, one.name] for one in days]
    _insert(connection, ProvisionKind.CALENDAR, content, at, actor)


def insert_declined_duties(
    connection: Connection, declined: Mapping[tuple[str, str], int], at: datetime, actor: str
) -> None:
    """Remember declined suggestions, all of them in the place of those before."""
    content = [[*which, count] for which, count in sorted(declined.items())]
    _insert(connection, ProvisionKind.DECLINED_DUTIES, content, at, actor)


def _insert(
    connection: Connection, kind: ProvisionKind, content: object, at: datetime, actor: str
) -> None:
    row = {"kind": kind.value, "at": at, "actor": actor, "content": content}
    connection.execute(insert(provision), row)


def rule_as_json(rule: StandingRule) -> dict[str, object]:
    """A rule as it is stored."""
    plain: dict[str, object] = {name: getattr(rule, name) for name in _PLAIN}
    return {
        **plain,
        **{name: list(getattr(rule, name)) for name in _MANY},
        "channels": [channel.value for channel in rule.channels],
        "kinds": [kind.value for kind in rule.kinds],
        "sender": rule.sender.value,
    }


def rule_from_json(stored: Mapping[str, Any]) -> StandingRule:
    """The rule that ``rule_as_json`` stored."""
    stored = {**_ADDED, **stored}
    plain: dict[str, Any] = {name: stored[name] for name in _PLAIN}
    many: dict[str, Any] = {name: tuple(stored[name]) for name in _MANY}
    return StandingRule(
        **plain,
        **many,
        channels=tuple(Channel(value) for value in stored["channels"]),
        kinds=tuple(Kind(value) for value in stored["kinds"]),
        sender=SenderKind(stored["sender"]),
    )
