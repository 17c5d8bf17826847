"""The table of moves: what it allows, and that no path loses a matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.path import PATH, Move, Need, Refusal, check_move, moves_from
from service.domain.status import (
    ENDED_STATUSES,
    OPEN_STATUSES,
    SENT_OUT_STATUSES,
    STAGES_ZH,
    MatterStatus,
)
from service.errors import IllegalMoveError

# Row by row: which moves lead out of a state. Written apart from the table that it checks.
OUT = {
    "received": "sent_to_review dispatched supplement_asked refused_to_accept urged handed_up"
    " handed_down",
    "review": "dispatched supplement_asked closed refused_to_accept urged handed_up handed_down",
    "assigned": "sent_to_review signed returned answered closed refused_to_accept extension_asked"
    " extension_granted extension_denied urged handed_up handed_down",
    "signed": "started transferred returned supplement_asked answered closed extension_asked"
    " extension_granted extension_denied urged handed_up handed_down",
    "handling": "transferred returned supplement_asked answered closed extension_asked"
    " extension_granted extension_denied urged handed_up handed_down",
    "transferred": "signed returned answered closed extension_asked extension_granted"
    " extension_denied urged handed_up handed_down",
    "returned": "dispatched return_refused refused_to_accept urged handed_up handed_down",
    "supplement": "supplemented closed refused_to_accept extension_asked extension_granted"
    " extension_denied urged",
    "answered": "closed reopened",
    "closed": "reopened",
    "refused": "reopened",
}


def reached_from(state: MatterStatus) -> set[MatterStatus]:
    reached = {state}
    while (
        grown := {
            target for s in reached for move in moves_from(s) for target in PATH[move].targets
        }
        - reached
    ):
        reached |= grown
    return reached


@pytest.mark.parametrize("state", MatterStatus, ids=str)
def test_the_table_allows_just_these_moves(state: MatterStatus) -> None:
    assert {move.value for move in moves_from(state)} == set(OUT[state.value].split())


@pytest.mark.parametrize("state", MatterStatus, ids=str)
def test_every_state_leads_to_an_end_and_an_end_back(state: MatterStatus) -> None:
    assert reached_from(state) >= ENDED_STATUSES
    assert MatterStatus.HANDLING in reached_from(state)


def test_every_state_can_be_reached_by_a_message_that_comes_in() -> None:
    assert reached_from(MatterStatus.RECEIVED) == set(MatterStatus)


@given(state=st.sampled_from(MatterStatus), move=st.sampled_from(Move))
def test_a_move_passes_just_where_the_table_has_it(state: MatterStatus, move: Move) -> None:
    if state in PATH[move].sources:
        assert check_move(state, move) is PATH[move]
        return
    with pytest.raises(IllegalMoveError) as raised:
        check_move(state, move)
    assert raised.value.detail == f"{state.label_zh}的事项不能{move.label_zh}"


@given(st.lists(st.sampled_from(Move), max_size=60))
def test_no_path_leaves_the_table(path: list[Move]) -> None:
    state = MatterStatus.RECEIVED
    for move in path:
        if move in moves_from(state):
            state = PATH[move].target or state
        assert moves_from(state)


def test_a_move_that_takes_work_away_says_why() -> None:
    for move in (Move.TRANSFER, Move.RETURN, Move.HAND_UP, Move.HAND_DOWN, Move.REOPEN):
        assert Need.NOTE in PATH[move].needs


def test_whoever_is_refused_is_told_where_to_go() -> None:
    assert all(refusal.way_zh.startswith(("请", "如")) for refusal in Refusal)
    assert "110" in Refusal.EMERGENCY.way_zh


def test_each_state_is_open_or_ended_and_has_words_for_the_sender() -> None:
    assert set(MatterStatus) == OPEN_STATUSES | ENDED_STATUSES
    assert not OPEN_STATUSES & ENDED_STATUSES
    assert STAGES_ZH.keys() == set(MatterStatus)
    assert MatterStatus.REFUSED not in SENT_OUT_STATUSES
