"""A directory is kept as it is, and another takes its place as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from service.domain.organisation import (
    Activity,
    Department,
    DepartmentLevel,
    Organisation,
    Shift,
)
from service.domain.sector import Sector
from service.storage import tables
from service.storage.database import Connection
from service.storage.organisation.directory import (
    read_activities,
    read_directory,
    replace_directory,
)
from tests.makers import a_member, a_small_organisation, a_studio

ACTIVITY = Activity("A1", "T1", "微协商", date(2026, 3, 1), "路灯", ("T1-M1",), 30, "已修好")
AWAY = {"absent_from": date(2026, 3, 1), "absent_to": date(2026, 3, 9), "deputy": "T2-M1"}


def full_organisation() -> Organisation:
    small = a_small_organisation()
    first, second = small.members
    return replace(
        small,
        studios=(
            a_studio("T2", "乙室", topics=("教育文体/教育收费",), sector="教育界"),
            a_studio("T1", "甲室", areas=("庄里镇", "到贤镇"), deputies=("T1-M1",), capacity=9),
        ),
        members=(replace(first, **AWAY, is_shown=True), second),
        departments=(
            replace(small.departments[0], aliases=("建设局", "住房局"), duties="管房子"),
            Department("镇政府", level=DepartmentLevel.TOWNSHIP, division="610528101"),
        ),
        sectors=(Sector("FP", "农业界"), Sector("FP", "教育界")),
        shifts=(
            Shift("T2", "T2-M1", date(2026, 3, 2), date(2026, 3, 6), (1, 5), "09:00-11:30"),
            Shift("T1", "T1-M1", date(2026, 3, 2), date(2026, 3, 2)),
        ),
    )


def test_a_directory_comes_back_as_it_was_in_its_order(connection: Connection) -> None:
    replace_directory(connection, full_organisation(), [ACTIVITY])
    assert read_directory(connection) == full_organisation()
    assert read_activities(connection) == (ACTIVITY,)
    kept = connection.execute(tables.activity.select()).one()
    assert kept.details == {
        "subject": "路灯", "members": ["T1-M1"], "people_served": 30, "result": "已修好",
    }  # fmt: skip


def test_a_new_directory_takes_the_place_of_the_old(connection: Connection) -> None:
    replace_directory(connection, full_organisation(), [ACTIVITY])
    replace_directory(connection, a_small_organisation(), [])
    assert read_directory(connection) == a_small_organisation()
    assert read_activities(connection) == ()


def test_where_none_was_saved_the_directory_is_empty(connection: Connection) -> None:
    assert read_directory(connection) == Organisation()


def test_a_department_of_an_older_version_has_no_level(connection: Connection) -> None:
    row = {"name": "甲局", "details": {"aliases": ["甲"], "duties": ""}, "position": 0}
    connection.execute(tables.department.insert(), row)
    assert read_directory(connection).departments == (Department("甲局", ("甲",)),)


def test_a_directory_that_fails_leaves_the_old_one_whole(connection: Connection) -> None:
    replace_directory(connection, full_organisation(), [ACTIVITY])
    broken = replace(a_small_organisation(), members=(a_member("T1", "甲"), a_member("T1", "甲")))
    with pytest.raises(IntegrityError), connection.begin_nested():
        replace_directory(connection, broken, [])
    assert read_directory(connection) == full_organisation()
    assert read_activities(connection) == (ACTIVITY,)
