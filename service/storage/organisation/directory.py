"""The directory: committees, studios, members, departments, sectors, shifts and activities."""

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
    DepartmentLevel,
    Member,
    Organisation,
    Shift,
    Studio,
    StudioKind,
)
from service.domain.sector import Sector
from service.storage.tables import (
    activity,
    committee,
    department,
    member,
    sector,
    shift,
    studio,
)


def replace_directory(
    connection: Connection, organisation: Organisation, activities: Sequence[Activity]
) -> None:
    """Put a new directory in the place of the old one."""
    for table in (activity, shift, sector, member, studio, committee, department):
        connection.execute(delete(table))
    _insert(connection, committee, (_committee_row(item) for item in organisation.committees))
    _insert(connection, studio, (_studio_row(item) for item in organisation.studios))
    _insert(connection, member, (_member_row(item) for item in organisation.members))
    _insert(connection, department, (_department_row(item) for item in organisation.departments))
    _insert(connection, sector, (asdict(item) for item in organisation.sectors))
    _insert(connection, shift, (asdict(item) for item in organisation.shifts))
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
    details = asdict(item)
    name = details.pop("name")
    return {"name": name, "details": {**details, "level": item.level.value if item.level else ""}}


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
        departments=tuple(_as_department(row) for row in rows(department)),
        sectors=tuple(Sector(row.committee, row.name) for row in rows(sector)),
        shifts=tuple(_as_shift(row) for row in rows(shift)),
    )


def read_activities(connection: Connection) -> tuple[Activity, ...]:
    """What the studios did, by day."""
    query = select(activity).order_by(activity.c.held_on, activity.c.code)
    return tuple(
        Activity(row.code, row.studio, row.kind, row.held_on, **_with_tuples(row.details))
        for row in connection.execute(query)
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


def _as_department(row: Any) -> Department:
    details = _with_tuples(row.details)
    level = details.pop("level", "")  # a directory of an older version tells none
    return Department(name=row.name, level=DepartmentLevel(level) if level else None, **details)


def _as_shift(row: Any) -> Shift:
    weekdays = tuple(row.weekdays)
    return Shift(row.studio, row.member, row.first_day, row.last_day, weekdays, row.hours)
