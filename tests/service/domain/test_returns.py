"""Which returns of a matter the desk accepted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.path import Move, ReturnReason
from service.domain.returns import MOVES_ON_RETURNS, MadeMove, accepted_returns

_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
_OURS_NOT = ReturnReason.NOT_OURS.value
_DEPARTMENTS = ("水利局", "住建局", "教育局")


def made(*moves: Move | str) -> list[MadeMove]:
    """Moves a minute apart; a department's name is its return as not its duty."""
    return [
        MadeMove(Move.RETURN, "张科", at, _OURS_NOT, move)
        if isinstance(move, str)
        else MadeMove(move, "王科", at)
        for at, move in ((_AT + timedelta(minutes=n), move) for n, move in enumerate(moves))
    ]


@pytest.mark.parametrize(
    ("moves", "lead", "accepted"),
    [
        ((), "水利局", ()),
        ((Move.DISPATCH,), "水利局", ()),
        ((Move.DISPATCH, "水利局"), "水利局", ()),
        ((Move.DISPATCH, "水利局", Move.UPHOLD), "水利局", ()),
        ((Move.DISPATCH, "水利局", Move.DISPATCH), "住建局", ("水利局",)),
        ((Move.DISPATCH, "水利局", Move.DISPATCH), "水利局", ()),
        ((Move.DISPATCH, "水利局", Move.HAND_UP), "水利局", ("水利局",)),
        ((Move.DISPATCH, "水利局", Move.HAND_DOWN), "", ("水利局",)),
        ((Move.DISPATCH, "水利局", Move.HAND_UP, Move.DISPATCH), "水利局", ()),
        ((Move.DISPATCH, "水利局", Move.REFUSE), "水利局", ()),
        ((Move.DISPATCH, "水利局", Move.REFUSE, Move.DISPATCH), "住建局", ()),
        (
            (Move.DISPATCH, "水利局", Move.DISPATCH, "住建局", Move.DISPATCH),
            "教育局",
            ("水利局", "住建局"),
        ),
        (
            (Move.DISPATCH, "水利局", Move.DISPATCH, "住建局", Move.DISPATCH),
            "水利局",
            ("住建局",),
        ),
        (
            (Move.DISPATCH, "水利局", Move.DISPATCH, "住建局", Move.UPHOLD),
            "住建局",
            ("水利局",),
        ),
        ((Move.DISPATCH, "", Move.DISPATCH), "住建局", ()),
    ],
)
def test_what_the_desk_accepted(
    moves: tuple[Move | str, ...], lead: str, accepted: tuple[str, ...]
) -> None:
    assert tuple(one.department for one in accepted_returns(made(*moves), lead)) == accepted


@pytest.mark.parametrize("reason", ["", "other", "other_area", "nonsense"])
def test_only_a_return_as_not_its_duty_counts(reason: str) -> None:
    moves = [
        MadeMove(Move.RETURN, "张科", _AT, reason, "水利局"),
        MadeMove(Move.DISPATCH, "王科", _AT),
    ]
    assert accepted_returns(moves, "住建局") == ()


def test_who_accepted_it_and_when_is_told() -> None:
    (found,) = accepted_returns(made("水利局", Move.DISPATCH), "住建局")
    assert (found.actor, found.at) == ("王科", _AT + timedelta(minutes=1))


_MOVES = st.lists(st.sampled_from([*Move, *_DEPARTMENTS]), max_size=12)


@given(_MOVES, st.sampled_from(["", *_DEPARTMENTS]))
def test_each_is_one_that_returned_it_and_moves_aside_change_nothing(
    moves: list[Move | str], lead: str
) -> None:
    found = accepted_returns(made(*moves), lead)
    names = [one.department for one in found]
    assert set(names) <= set(moves)
    assert len(set(names)) == len(names)
    bearing = [one for one in made(*moves) if one.move in MOVES_ON_RETURNS]
    assert accepted_returns(bearing, lead) == found
