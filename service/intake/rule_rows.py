"""办理规则 as rows of a table: read, checked as a whole, and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from service.domain.channel import Channel
from service.domain.kind import Kind
from service.domain.standing_rule import SenderKind, StandingRule
from service.errors import RulesError
from service.intake.organisation_entries import (
    AnyLabelled,
    Complaints,
    Entry,
    read_entries,
    read_entries_of_text,
)
from service.intake.rule_checks import MAX_RULES, KnownNames, check, raise_if_any, rule_cells

_ADDED = ("主题", "类型", "工作室", "会办单位")  # a file from before may lack them
COLUMNS = (
    *("名称", "词语", "除非", "地点", "渠道", "来信人"),
    *("承办单位", "复核", "不予受理", "紧急", "提示", *_ADDED),
)
BOM = "\ufeff"  # without it a spreadsheet takes the file for GBK


def read_rules_file(path: Path, known: KnownNames) -> tuple[StandingRule, ...]:
    """The rules of a CSV file; see ``check_rules`` for what is refused.

    Raises
    ------
    RulesError
        The file cannot be read, or a row is wrong; the detail names each with its row.
    """
    complaints = Complaints()
    return _finish(read_entries(path, COLUMNS, complaints, _ADDED), known, complaints)


def read_rules_text(text: str, known: KnownNames) -> tuple[StandingRule, ...]:
    """The same for the text of such a file. Raises as ``read_rules_file``."""
    complaints = Complaints()
    entries = read_entries_of_text("规则", text, COLUMNS, complaints, _ADDED)
    return _finish(entries, known, complaints)


def _finish(
    entries: Iterable[Entry], known: KnownNames, complaints: Complaints
) -> tuple[StandingRule, ...]:
    read = [(_read(entry), entry.complain) for entry in entries]
    check(read, known)
    raise_if_any(complaints.lines)
    if len(read) > MAX_RULES:
        raise RulesError(f"共 {len(read)} 条，不能超过 {MAX_RULES} 条")
    return tuple(rule for rule, _ in read)


def _read(entry: Entry) -> StandingRule:
    return StandingRule(
        name=entry.needed("名称"),
        words=entry.many("词语"),
        unless=entry.many("除非"),
        places=entry.many("地点"),
        channels=tuple(_labelled(entry, "渠道", Channel)),
        sender=entry.label("来信人", SenderKind) if entry.text("来信人") else SenderKind.ANYONE,
        department=entry.text("承办单位"),
        needs_review=entry.mark("复核"),
        refusal=entry.text("不予受理"),
        is_urgent=entry.mark("紧急"),
        advice=entry.text("提示"),
        topics=entry.topics("主题"),
        kinds=tuple(_labelled(entry, "类型", Kind)),
        studio=entry.code("工作室"),
        helping=entry.many("会办单位"),
    )


def _labelled(entry: Entry, column: str, labels: type[AnyLabelled]) -> Iterator[AnyLabelled]:
    """The values that a cell lists by their Chinese labels."""
    for label in entry.many(column):
        try:
            yield labels.from_label(label)
        except ValueError:
            known = "、".join(each.label_zh for each in labels)
            entry.complain(f"“{column}”应为 {known}，而不是“{label}”")


def write_rules_text(rules: Iterable[StandingRule]) -> str:
    """Rules as the text of a CSV file, which ``read_rules_text`` reads again."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(rule_cells, rules))
    return stream.getvalue()
