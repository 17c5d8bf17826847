"""Try rules: what a draft would decide otherwise over the messages that are stored.

Nothing is changed. Words are looked for as at arrival, in the words as they came; the topic and
the kind are those in force now, a person's where one decided; the place is read anew. The studio
is compared with the one that the matter has now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from classifier.reading.places import NOWHERE
from classifier.text.clean import clean
from service.domain.channel import Channel
from service.domain.classification import Classification
from service.domain.relation import Relation
from service.domain.standing_rule import Ruling, StandingRule
from service.intake.rule_checks import check_rules
from service.storage.archive.replay import read_to_replay
from service.storage.database import Connection
from service.storage.messages.classifications import read_latest_classifications
from service.triage.pipeline import Triage
from service.triage.route import RouteRequest
from service.triage.rules import RuleBook, Subject, make_rule_book
from service.usecases.administration.rules import known_names
from service.usecases.context import Context
from service.usecases.in_force.provisions import read_provisions

BATCH = 500
_NO, _YES = "否", "是"
_NONE = "无"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One decision that would be another: of which message, what, from what to what.

    ``rule`` names the rule of the draft that decides, or the one in force that no longer does.
    """

    message_id: int
    matter_number: str
    what: str
    before: str
    after: str
    rule: str


@dataclass(slots=True)
class Trial:
    """What became of a draft: counts of messages.

    ``reached`` counts by the name of each rule the messages it applies to, ``deciding`` those
    whose studio or department it decides. Of the messages that no rule applies to ``unreached``
    tells how many, ``topics`` and ``places`` what they are about.
    """

    message_count: int = 0
    change_count: int = 0
    changed_messages: int = 0
    unreached: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    deciding: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class FirstChanges:
    """Keeps the first ``limit`` changes and lets the others pass."""

    limit: int
    changes: list[RuleChange] = field(default_factory=list)

    def note(self, change: RuleChange) -> None:
        """Keep a change while there is room."""
        if len(self.changes) < self.limit:
            self.changes.append(change)


@dataclass(frozen=True, slots=True)
class _Case:
    """A stored message as it is tried on."""

    row: Any
    subject: Subject


def try_rules(
    context: Context,
    draft: tuple[StandingRule, ...],
    on_change: Callable[[RuleChange], None],
    since: date | None = None,
) -> Trial:
    """Replay a draft over the stored messages, those sent from a day on.

    Parameters
    ----------
    context
        Its directory and model judge.
    draft
        Rules in their order, checked as if they were to be put in force.
    on_change
        Is told each decision that would change, in the order of the messages; few are held in
        memory at a time, however many messages there are.
    since
        The first day; None for all.

    Raises
    ------
    RulesError
        A rule is wrong.
    """
    check_rules(draft, known_names(context))
    with context.database.reading() as connection:
        triage = read_provisions(connection).in_force(context.triage)
    book = make_rule_book(draft, triage.taxonomy)
    trial = Trial(reached=Counter({rule.name: 0 for rule in draft}))
    for case in _cases(context, triage, since):
        ruling = book.rule_on(case.subject)
        _count(trial, triage, case, ruling)
        changes = list(_changes(triage, case, triage.rules, ruling))
        trial.change_count += len(changes)
        trial.changed_messages += bool(changes)
        for change in changes:
            on_change(change)
    return trial


def _cases(context: Context, triage: Triage, since: date | None) -> Iterator[_Case]:
    last = 0
    while batch := _read(context, last, since):
        rows, judged = batch
        for row in rows:
            yield _Case(row, _subject(triage, row, judged.get(row.id)))
        last = rows[-1].id


def _read(
    context: Context, after: int, since: date | None
) -> tuple[list[Any], Mapping[int, Classification]] | None:
    with context.database.reading() as connection:
        return _read_part(connection, after, since)


def _read_part(
    connection: Connection, after: int, since: date | None
) -> tuple[list[Any], Mapping[int, Classification]] | None:
    rows = list(read_to_replay(connection, after, since, BATCH))
    if not rows:
        return None
    return rows, read_latest_classifications(connection, [row.id for row in rows])


def _subject(triage: Triage, row: Any, judged: Classification | None) -> Subject:
    whole = f"{clean(row.title).plain}\n{clean(row.text).plain}"
    places = triage.gazetteer.find(whole)
    return Subject(
        whole=whole,
        place=triage.gazetteer.resolve(places) if places else NOWHERE,
        channel=Channel(row.channel),
        is_anonymous=row.sender_id is None,
        classification=judged,
    )


def _count(trial: Trial, triage: Triage, case: _Case, ruling: Ruling | None) -> None:
    trial.message_count += 1
    if ruling is None:
        trial.unreached += 1
        judged = case.subject.classification
        topic = judged.topic.label[:4] if judged else ""
        trial.topics["/".join(triage.taxonomy.names.get(topic, ())) or "未分类"] += 1
        trial.places[case.subject.place.name or "没有写明地点"] += 1
        return
    trial.reached.update(applied.rule.name for applied in ruling.applied)
    first = (*ruling.for_studio[:1], *ruling.for_department[:1])
    trial.deciding.update({applied.rule.name for applied in first})


def _changes(
    triage: Triage, case: _Case, in_force: RuleBook, after: Ruling | None
) -> Iterator[RuleChange]:
    before = in_force.rule_on(case.subject)
    found = [*_studio_change(triage, case, before, after)]
    for what, tell in _TOLD.items():
        was, would_be = tell(before), tell(after)
        if was != would_be:
            found.append((what, was, would_be))
    for what, was, would_be in found:
        rule = _speaker(what, after) or _speaker(what, before)
        yield RuleChange(case.row.id, case.row.number, what, was, would_be, rule)


_STUDIO, _DEPARTMENT, _REVIEW, _URGENT = "工作室", "承办单位", "复核", "紧急"


def _departments(ruling: Ruling | None) -> str:
    if ruling is None or not ruling.department:
        return _NONE
    helping = f"（会办{'、'.join(ruling.helping)}）" if ruling.helping else ""
    return f"{ruling.department}{helping}"


_TOLD: Mapping[str, Callable[[Ruling | None], str]] = {
    _DEPARTMENT: _departments,
    _REVIEW: lambda ruling: _YES if ruling and ruling.needs_review else _NO,
    _URGENT: lambda ruling: _YES if ruling and ruling.is_urgent else _NO,
}


def _speaker(what: str, ruling: Ruling | None) -> str:
    """The name of the rule that decides something, "" where none does."""
    if ruling is None:
        return ""
    speaks: Mapping[str, Callable[[StandingRule], object]] = {
        _STUDIO: lambda rule: rule.studio,
        _DEPARTMENT: lambda rule: rule.department,
        _REVIEW: lambda rule: rule.needs_review or rule.refusal,
        _URGENT: lambda rule: rule.is_urgent,
    }
    return next((a.rule.name for a in ruling.applied if speaks[what](a.rule)), "")


def _studio_change(
    triage: Triage, case: _Case, before: Ruling | None, after: Ruling | None
) -> Iterator[tuple[str, str, str]]:
    """Only a message that opened its matter decides who gets it."""
    was_ruled, is_ruled = (ruling.studio if ruling else "" for ruling in (before, after))
    if case.row.relation != Relation.FIRST.value or was_ruled == is_ruled:
        return
    would_be = is_ruled or _by_scores(triage, case)
    if would_be != case.row.studio:
        yield _STUDIO, case.row.studio or _NONE, would_be or _NONE


def _by_scores(triage: Triage, case: _Case) -> str:
    """The studio that the router chooses where no rule does, whatever the workload."""
    request = RouteRequest(
        place=case.subject.place,
        text=case.subject.whole,
        classification=case.subject.classification,
        sent_on=case.row.sent_on,
        sender_name="",
    )
    return triage.router.route(request, {}).studio
