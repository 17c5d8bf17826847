"""Receptions: a studio takes messages in on the spot, and they are its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.channel import Channel
from service.domain.message import SenderDetails
from service.domain.organisation import Committee, CommitteeLevel
from service.errors import IllegalMoveError, InvalidInputError, NotFoundError
from service.storage import tables
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.intake.receptions import (
    MAX_PLACE_CHARS,
    MAX_RESULT_CHARS,
    close_reception,
    list_receptions,
    open_reception,
    receive_at,
)
from service.usecases.matters.matter_file import show_matter
from tests.makers import Clock, a_member, a_message
from tests.service.usecases.books import check_books, rows

DAY = date(2026, 3, 4)
VISIT = a_message(channel=Channel.VISIT)


@pytest.fixture
def reception(context: Context) -> int:
    return open_reception(context, "T2", DAY, "镇政府一楼", ("T2-M1",), "王科")


def test_what_is_taken_in_goes_to_the_studio_that_receives(
    context: Context, reception: int
) -> None:
    taken = receive_at(context, reception, VISIT, "王科")
    file = show_matter(context, taken.received.matter_id)
    assert (taken.is_given, file.assignment.studio) == (True, "T2")
    (one,) = list_receptions(context)
    assert (one.message_count, one.people_count, one.closed_at) == (1, 1, None)
    check_books(context)


def test_messages_and_people_are_counted_apart(context: Context, reception: int) -> None:
    for number, sender in enumerate((VISIT.sender, VISIT.sender, SenderDetails(), SenderDetails())):
        text = f"{number}号楼的电梯坏了。"
        receive_at(context, reception, a_message(text, sender=sender), "王科")
    (one,) = list_receptions(context, "T2")
    assert (one.message_count, one.people_count) == (4, 3)
    assert list_receptions(context, "T1") == []


def test_the_same_message_again_is_counted_once(context: Context, reception: int) -> None:
    receive_at(context, reception, VISIT, "王科")
    again = receive_at(context, reception, VISIT, "王科")
    assert not again.received.is_new
    assert len(rows(context, tables.reception_message)) == 1


def test_a_voice_stays_with_the_studio_that_has_the_matter(
    context: Context, reception: int
) -> None:
    (first,) = receive_messages(context, [a_message()])
    taken = receive_at(context, reception, a_message(sender=SenderDetails("李四光")), "王科")
    assert taken.received.matter_id == first.matter_id
    assert not taken.is_given
    assert list_receptions(context)[0].message_count == 1


def test_a_closed_reception_takes_nothing_more(context: Context, reception: int) -> None:
    close_reception(context, reception, "登记诉求一件")
    with pytest.raises(IllegalMoveError, match="已经结束"):
        receive_at(context, reception, VISIT, "王科")
    with pytest.raises(IllegalMoveError, match="已经结束"):
        close_reception(context, reception, "再来")
    assert rows(context, tables.message) == []
    assert list_receptions(context)[0].result == "登记诉求一件"


def test_a_reception_of_a_day_to_come_takes_nothing_yet(context: Context, clock: Clock) -> None:
    planned = open_reception(context, "T2", DAY + timedelta(days=1), "镇政府一楼", (), "王科")
    with pytest.raises(IllegalMoveError, match="还没有到"):
        receive_at(context, planned, VISIT, "王科")
    assert rows(context, tables.message) == []
    clock.at += timedelta(days=1)
    assert receive_at(context, planned, VISIT, "王科").received.is_new


def test_members_of_another_county_are_not_at_it(context: Context) -> None:
    """Those of the city above it may be."""
    small = context.triage.organisation
    levels = CommitteeLevel.CITY, CommitteeLevel.COUNTY
    city, far = (
        Committee(code, name, level, parent, "")
        for code, name, level, parent in (
            ("SHI", "某市政协", levels[0], ""),
            ("YUAN", "远县政协", levels[1], "SHI"),
        )
    )
    own = replace(small.committees[0], parent="SHI")
    others = [
        replace(a_member("", name), code=name, committee=committee, studios=())
        for name, committee in (("市里的", "SHI"), ("远处的", "YUAN"))
    ]
    larger = replace(small, committees=(own, city, far), members=(*small.members, *others))
    here = replace(context, triage=replace(context.triage, organisation=larger))
    with pytest.raises(InvalidInputError, match="远处的委员不属于"):
        open_reception(here, "T1", DAY, "", ("T1-M1", "远处的"), "王科")
    assert open_reception(here, "T1", DAY, "", ("T1-M1", "T2-M1", "市里的"), "王科")


@pytest.mark.parametrize(
    ("studio", "place", "members"),
    [
        ("", "", ()),
        ("T9", "", ()),
        ("T1", "长" * (MAX_PLACE_CHARS + 1), ()),
        ("T1", "", ("没有",)),
        ("T1", "", ("T1-M1",) * 51),
    ],
)
def test_a_wrong_reception_is_not_opened(
    context: Context, studio: str, place: str, members: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInputError):
        open_reception(context, studio, DAY, place, members, "王科")
    assert list_receptions(context) == []


@pytest.mark.parametrize("missing", [0, -1, 999, 2**63])
def test_what_is_not_there_is_not_found(context: Context, missing: int) -> None:
    for act in (
        lambda: receive_at(context, missing, VISIT, "王科"),
        lambda: close_reception(context, missing, "好"),
    ):
        with pytest.raises(NotFoundError):
            act()


@pytest.mark.parametrize("result", ["", " ", "长" * (MAX_RESULT_CHARS + 1)])
def test_closing_needs_a_word(context: Context, reception: int, result: str) -> None:
    with pytest.raises(InvalidInputError):
        close_reception(context, reception, result)
