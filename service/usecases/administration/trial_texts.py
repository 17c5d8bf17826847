"""A trial of rules in words: its changes as rows of a file, its counts as lines."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TextIO

from service.intake.rule_rows import BOM
from service.usecases.administration.try_rules import RuleChange, Trial

CHANGE_COLUMNS = ("留言", "事项", "项目", "原来", "改为", "规则")
_SHOWN = 10


def change_cells(change: RuleChange) -> tuple[str, ...]:
    """The cells of a change, in the order of the columns."""
    return (
        *(str(change.message_id), change.matter_number, change.what),
        *(change.before, change.after, change.rule),
    )


def told(change: RuleChange) -> str:
    """A change as a line."""
    return (
        f"{change.matter_number}（留言 {change.message_id}）{change.what}："
        f"{change.before} → {change.after}（规则“{change.rule}”）"
    )


def change_writer(stream: TextIO) -> Callable[[RuleChange], None]:
    """Writes the header of a CSV file to an open stream; what it gives writes a row each."""
    stream.write(BOM)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CHANGE_COLUMNS)

    def write(change: RuleChange) -> None:
        writer.writerow(change_cells(change))

    return write


def trial_lines(trial: Trial) -> Iterator[str]:
    """What a draft would do on the whole."""
    yield (
        f"试运行 {trial.message_count} 件留言：{trial.changed_messages} 件会变，"
        f"共 {trial.change_count} 项；未作任何更改"
    )
    for name, count in trial.reached.items():
        yield f"规则“{name}”：适用 {count} 件，决定工作室或承办单位 {trial.deciding[name]} 件"
    yield f"没有规则适用：{trial.unreached} 件"
    if trial.unreached:
        yield f"　其中主题：{_most(trial.topics)}"
        yield f"　其中地点：{_most(trial.places)}"


def _most(counts: Counter[str]) -> str:
    return "、".join(f"{name} {count}" for name, count in counts.most_common(_SHOWN))
