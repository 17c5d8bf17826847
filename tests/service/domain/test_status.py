"""The table of moves, checked move by move."""

from itertools import product

import pytest

from service.domain.status import ALLOWED_MOVES, OPEN_STATUSES, MatterStatus, check_move
from service.errors import IllegalMoveError

TABLE = """
from      received review assigned closed
received  -        yes    yes      -
review    -        -      yes      yes
assigned  -        yes    -        yes
closed    -        yes    -        -
"""


def moves() -> dict[tuple[MatterStatus, MatterStatus], bool]:
    header, *lines = (line.split() for line in TABLE.strip().splitlines())
    return {
        (MatterStatus(line[0]), MatterStatus(target)): cell == "yes"
        for line in lines
        for target, cell in zip(header[1:], line[1:], strict=True)
    }


def test_the_table_speaks_of_every_pair_of_states() -> None:
    assert moves().keys() == set(product(MatterStatus, repeat=2))


@pytest.mark.parametrize(("move", "allowed"), moves().items(), ids=str)
def test_a_move_passes_where_the_table_says_yes(
    move: tuple[MatterStatus, MatterStatus], allowed: bool
) -> None:
    current, target = move
    if allowed:
        check_move(current, target)
        return
    with pytest.raises(IllegalMoveError) as raised:
        check_move(current, target)
    assert raised.value.message == (
        f"事项当前状态不允许此操作：{current.label_zh} → {target.label_zh}"
    )


def test_every_state_can_be_left_and_leads_to_closed() -> None:
    for state in MatterStatus:
        reached = {state}
        while grown := {t for s in reached for t in ALLOWED_MOVES[s]} - reached:
            reached |= grown
        assert ALLOWED_MOVES[state]
        assert MatterStatus.CLOSED in reached


def test_only_closed_is_not_open() -> None:
    assert set(MatterStatus) - OPEN_STATUSES == {MatterStatus.CLOSED}
