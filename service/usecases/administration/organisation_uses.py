"""What must not go: rows that an open matter or a rule in force refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.domain.organisation import Organisation
from service.domain.organisation_change import ChangeAction, RowChange
from service.storage.database import Connection
from service.storage.organisation.directory_uses import MatterUses, read_open_uses
from service.storage.organisation.provisions import read_rules
from service.usecases.context import Context

_SHOWN = 5


def still_needed(
    context: Context,
    connection: Connection,
    changes: Iterable[RowChange],
    after: Organisation,
) -> list[str]:
    """Errors for what the changes remove though somebody needs it, with the matters' numbers."""
    removed = {
        (change.sheet, change.code): change.name
        for change in changes
        if change.action is ChangeAction.REMOVED
    }
    return [
        *_by_matters(removed, read_open_uses(connection) if removed else ()),
        *_by_rules(context, connection, after),
    ]


def _by_matters(removed: dict[tuple[str, str], str], uses: Iterable[MatterUses]) -> Iterator[str]:
    numbers: dict[tuple[str, str], list[str]] = {}
    for use in uses:
        for row in _rows(use):
            if row in removed:
                numbers.setdefault(row, []).append(use.number)
    for (sheet, code), found in numbers.items():
        shown = "、".join(found[:_SHOWN]) + ("等" if len(found) > _SHOWN else "")
        name = removed[sheet, code]
        called = f"“{code}”" if name in ("", code) else f"“{code}”（{name}）"
        yield (
            f"{sheet}{called}不能删去：还有 {len(found)} 件未办结的事项用到（{shown}），"
            "请先改派或办结"
        )


def _rows(use: MatterUses) -> Iterator[tuple[str, str]]:
    yield "政协", use.committee
    yield "工作室", use.studio
    yield "承办单位", use.department
    yield from (("委员", code) for code in use.members)


def _by_rules(context: Context, connection: Connection, after: Organisation) -> Iterator[str]:
    """Without departments there is nothing that a rule could name yet."""
    known = {department.name for department in after.departments}
    laid = read_rules(connection)
    for rule in context.triage.rules.rules if laid is None else laid:
        for name in filter(None, (rule.department, *rule.helping)):
            if known and name not in known:
                yield (
                    f"承办单位“{name}”不在名录中，而办理规则“{rule.name}”建议由它承办，"
                    "请保留它，或先改这条规则"
                )
        if rule.studio and rule.studio not in after.studio_by_code:
            yield (
                f"工作室“{rule.studio}”不在组织目录中，而办理规则“{rule.name}”指定由它承接，"
                "请保留它，或先改这条规则"
            )
