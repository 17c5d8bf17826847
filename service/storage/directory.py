"""The directory: committees, studios, members, departments and activities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from service.domain.organisation import (
    Activity,
    Committee,
    CommitteeLevel,
    Department,
    Member,
    Organisation,
    Studio,
    StudioKind,
)
from service.storage.tables import activity, committee, department, member, studio


def replace_directory(
    connection: Connection, organisation: Organisation, activities: Sequence[Activity]
) -> None:
    """Put a new directory in the place of the old one."""
    for table in (activity, member, studio, committee, department):
        connection.execute(delete(table))
    _insert(connection, committee, (_committee_row(item) for item in organisation.committees))
    _insert(connection, studio, (_studio_row(item) for item in organisation.studios))
    _insert(connection, member, (_member_row(item) for item in organisation.members))
    _insert(connection, department, (_department_row(item) for item in organisation.departments))
    if activities:
        connection.execute(insert(activity), [_activity_row(item) for item in activities])


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, object]]) -> None:
    numbered = [{**row, "position": position} for position, row in enumerate(rows)]
    if numbered:
        connection.execute(insert(table), numbered)


def _committee_row(item: Committee) -> dict[str, object]:
    return {**asdict(item), "level": item.level.value}


def _studio_row(item: Studio) -> dict[str, object]:
    details = asdict(item)
    kept = {key: details.pop(key) for key in ("code", "name", "committee")}
    del details["kind"]
    return {**kept, "kind": item.kind.value, "details": details}


def _member_row(item: Member) -> dict[str, object]:
    details = asdict(item)
    kept = {key: details.pop(key) for key in ("code", "name", "committee")}
    details["level"] = item.level.value
    for key in ("absent_from", "absent_to"):
        details[key] = details[key].isoformat() if details[key] else None
    return {**kept, "details": details}


def _department_row(item: Department) -> dict[str, object]:
    return {
        "name": item.name,
        "details": {"aliases": list(item.aliases), "duties": item.duties},
    }


def _activity_row(item: Activity) -> dict[str, object]:
    details = asdict(item)
    kept = {key: details.pop(key) for key in ("code", "studio", "kind", "held_on")}
    return {**kept, "details": details}


def read_directory(connection: Connection) -> Organisation:
    """The directory as the router reads it."""

    def rows(table: Table) -> list[Any]:
        return list(connection.execute(select(table).order_by(table.c.position)))

    return Organisation(
        committees=tuple(
            Committee(row.code, row.name, CommitteeLevel(row.level), row.parent, row.division)
            for row in rows(committee)
        ),
        studios=tuple(_as_studio(row) for row in rows(studio)),
        members=tuple(_as_member(row) for row in rows(member)),
        departments=tuple(
            Department(row.name, tuple(row.details["aliases"]), row.details["duties"])
            for row in rows(department)
        ),
    )


def _with_tuples(details: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in details.items()}


def _as_studio(row: Any) -> Studio:
    details = _with_tuples(row.details)
    return Studio(
        code=row.code,
        name=row.name,
        kind=StudioKind(row.kind),
        committee=row.committee,
        **details,
    )


def _as_member(row: Any) -> Member:
    details = _with_tuples(row.details)
    for key in ("absent_from", "absent_to"):
        details[key] = date.fromisoformat(details[key]) if details[key] else None
    details["level"] = CommitteeLevel(details["level"])
    return Member(code=row.code, name=row.name, committee=row.committee, **details)
