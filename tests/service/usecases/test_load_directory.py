from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from service.domain.organisation import Activity, Organisation
from service.storage import tables
from service.usecases.context import Context
from service.usecases.load_directory import load_directory, save_directory
from tests.makers import a_member, a_small_organisation, a_studio
from tests.service.usecases.books import rows

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
        departments=(replace(small.departments[0], aliases=("建设局", "住房局"), duties="管房子"),),
    )


def test_a_directory_comes_back_as_it_was_in_its_order(context: Context) -> None:
    save_directory(context.database, full_organisation(), [ACTIVITY])
    assert load_directory(context.database) == full_organisation()
    (kept,) = rows(context, tables.activity)
    assert kept["details"] == {
        "subject": "路灯", "members": ["T1-M1"], "people_served": 30, "result": "已修好",
    }  # fmt: skip


def test_a_new_directory_takes_the_place_of_the_old(context: Context) -> None:
    save_directory(context.database, full_organisation(), [ACTIVITY])
    save_directory(context.database, a_small_organisation(), [])
    assert load_directory(context.database) == a_small_organisation()
    assert rows(context, tables.activity) == []


def test_where_none_was_saved_the_directory_is_empty(context: Context) -> None:
    assert load_directory(context.database) == Organisation()


def test_a_directory_that_fails_leaves_the_old_one_whole(context: Context) -> None:
    save_directory(context.database, full_organisation(), [ACTIVITY])
    broken = replace(a_small_organisation(), members=(a_member("T1", "甲"), a_member("T1", "甲")))
    with pytest.raises(IntegrityError):
        save_directory(context.database, broken, [])
    assert load_directory(context.database) == full_organisation()
    assert len(rows(context, tables.activity)) == 1
