"""办理规则 as rows of a table: read, checked as a whole, and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from classifier.clean import clean
from service.domain.channel import Channel
from service.domain.standing_rule import SenderKind, StandingRule
from service.errors import RulesError
from service.intake.organisation_entries import (
    Complaints,
    Entry,
    read_entries,
    read_entries_of_text,
)

COLUMNS = (
    "名称",
    "词语",
    "除非",
    "地点",
    "渠道",
    "来信人",
    "承办单位",
    "复核",
    "不予受理",
    "紧急",
    "提示",
)
BOM = "\ufeff"  # without it a spreadsheet takes the file for GBK
MAX_RULES = 500
_MAX_NAME_CHARS, _MAX_SAID_CHARS, _MAX_PARTS = 60, 500, 200
_WORD_CHARS = range(2, 31)
_FORMULA_STARTS = ("=", "+", "-", "@")
_SHOWN_ERRORS = 50
_BETWEEN = ";"

Complain = Callable[[str], None]
Departments = Collection[str] | None  # None where there is no directory to name them yet


def read_rules_file(path: Path, departments: Departments) -> tuple[StandingRule, ...]:
    """The rules of a CSV file; see ``check_rules`` for what is refused.

    Raises
    ------
    RulesError
        The file cannot be read, or a row is wrong; the detail names each with its row.
    """
    complaints = Complaints()
    return _finish(read_entries(path, COLUMNS, complaints), departments, complaints)


def read_rules_text(text: str, departments: Departments) -> tuple[StandingRule, ...]:
    """The same for the text of such a file. Raises as ``read_rules_file``."""
    complaints = Complaints()
    entries = read_entries_of_text("规则", text, COLUMNS, complaints)
    return _finish(entries, departments, complaints)


def _finish(
    entries: Iterable[Entry], departments: Departments, complaints: Complaints
) -> tuple[StandingRule, ...]:
    read = [(_read(entry), entry.complain) for entry in entries]
    check(read, departments)
    _raise_if_any(complaints.lines)
    if len(read) > MAX_RULES:
        raise RulesError(f"共 {len(read)} 条，不能超过 {MAX_RULES} 条")
    return tuple(rule for rule, _ in read)


def _raise_if_any(errors: Sequence[str]) -> None:
    if errors:
        more = [f"……共 {len(errors)} 处"] if len(errors) > _SHOWN_ERRORS else []
        raise RulesError("\n".join([*errors[:_SHOWN_ERRORS], *more]))


def _read(entry: Entry) -> StandingRule:
    return StandingRule(
        name=entry.needed("名称"),
        words=entry.many("词语"),
        unless=entry.many("除非"),
        places=entry.many("地点"),
        channels=_channels(entry),
        sender=entry.label("来信人", SenderKind) if entry.text("来信人") else SenderKind.ANYONE,
        department=entry.text("承办单位"),
        needs_review=entry.mark("复核"),
        refusal=entry.text("不予受理"),
        is_urgent=entry.mark("紧急"),
        advice=entry.text("提示"),
    )


def _channels(entry: Entry) -> tuple[Channel, ...]:
    found = []
    for label in entry.many("渠道"):
        try:
            found.append(Channel.from_label(label))
        except ValueError:
            known = "、".join(channel.label_zh for channel in Channel)
            entry.complain(f"“渠道”应为 {known}，而不是“{label}”")
    return tuple(found)


def check_rules(rules: Sequence[StandingRule], departments: Departments) -> None:
    """Let rules pass that can be put in force.

    Each has a name of its own, a condition, an outcome, words of 2–30 characters, and names a
    department of the directory; there are at most ``MAX_RULES``.

    Raises
    ------
    RulesError
        One is wrong; the detail names each error with its rule's place from 1.
    """
    errors: list[str] = []
    if len(rules) > MAX_RULES:
        raise RulesError(f"共 {len(rules)} 条，不能超过 {MAX_RULES} 条")
    numbered = [(rule, _complainer(errors, number)) for number, rule in enumerate(rules, start=1)]
    check(numbered, departments)
    _raise_if_any(errors)


def _complainer(errors: list[str], number: int) -> Complain:
    return lambda what: errors.append(f"第 {number} 条：{what}")


def check(rules: Iterable[tuple[StandingRule, Complain]], departments: Departments) -> None:
    """Complain of all that is wrong with rules."""
    seen: set[str] = set()
    for rule, complain in rules:
        for what in _faults(rule, departments):
            complain(what)
        if rule.name in seen:
            complain(f"名称“{rule.name}”重复")
        seen.add(rule.name)


def _faults(rule: StandingRule, departments: Departments) -> Iterator[str]:
    if not rule.has_condition:
        yield "没有条件：词语、地点、渠道、来信人至少写一项"
    if not rule.has_outcome:
        yield "没有结果：承办单位、复核、不予受理、紧急、提示至少写一项"
    if rule.department and departments is not None and rule.department not in departments:
        yield f"承办单位“{rule.department}”不在名录中"
    if len(rule.name) > _MAX_NAME_CHARS:
        yield f"名称不超过 {_MAX_NAME_CHARS} 字"
    for said in (rule.refusal, rule.advice):
        if len(said) > _MAX_SAID_CHARS:
            yield f"不予受理的理由和提示各不超过 {_MAX_SAID_CHARS} 字"
    for parts in (rule.words, rule.unless, rule.places):
        if len(parts) > _MAX_PARTS:
            yield f"词语、除非、地点各不超过 {_MAX_PARTS} 个"
    yield from _word_faults(rule)
    yield from _sign_faults(rule)


def _word_faults(rule: StandingRule) -> Iterator[str]:
    for word in (*rule.words, *rule.unless):
        if len(clean(word).plain.strip()) not in _WORD_CHARS:
            yield f"词语“{word[:40]}”应为 {_WORD_CHARS[0]} 至 {_WORD_CHARS[-1]} 字"
    if rule.unless and not rule.words:
        yield "写了“除非”而没有写“词语”"


def _sign_faults(rule: StandingRule) -> Iterator[str]:
    cells = _cells(rule)
    if not all(cell.isprintable() for cell in cells):
        yield "含有不可见字符"
    # A spreadsheet would take such a cell for a formula.
    if any(cell.startswith(_FORMULA_STARTS) for cell in cells):
        yield f"内容不能以 {' '.join(_FORMULA_STARTS)} 开头"
    if any(sign in part for part in (*rule.words, *rule.unless, *rule.places) for sign in ";；"):
        yield "词语和地点中不能有分号"


def write_rules_text(rules: Iterable[StandingRule]) -> str:
    """Rules as the text of a CSV file, which ``read_rules_text`` reads again."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, rules))
    return stream.getvalue()


def _cells(rule: StandingRule) -> tuple[str, ...]:
    is_anyone = rule.sender is SenderKind.ANYONE
    return (
        rule.name,
        _BETWEEN.join(rule.words),
        _BETWEEN.join(rule.unless),
        _BETWEEN.join(rule.places),
        _BETWEEN.join(channel.label_zh for channel in rule.channels),
        "" if is_anyone else rule.sender.label_zh,
        rule.department,
        "是" if rule.needs_review else "",
        rule.refusal,
        "是" if rule.is_urgent else "",
        rule.advice,
    )
