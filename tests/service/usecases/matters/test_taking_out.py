"""One message is taken out of a matter that it joined wrongly."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.pair_state import PairState
from service.domain.relation import Relation
from service.errors import IllegalMoveError, InvalidInputError, MergedError, NotFoundError
from service.storage import tables
from service.storage.matters.matter_pairs import NewPair, suggest_pairs
from service.storage.tables import metadata
from service.usecases.context import Context
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters, split_matter
from service.usecases.matters.similar_matters import list_similar
from service.usecases.matters.taking_out import take_out
from tests.service.usecases.books import check_books, rows
from tests.service.usecases.matters.test_merging_exactly import (
    CLERK,
    HOLE,
    LAMPS,
    MEALS,
    WATER,
    apart,
    take_in,
)

__all__ = ["apart"]


@pytest.fixture
def lamps(apart: Context) -> int:
    """A matter of the messages 1 and 2; the message 3 is on another."""
    matter_id = take_in(apart, LAMPS, 1)
    assert take_in(apart, LAMPS, 2) == matter_id
    take_in(apart, MEALS, 3)
    return matter_id


def test_a_message_taken_out_opens_a_matter_of_its_own(apart: Context, lamps: int) -> None:
    own = take_out(apart, lamps, 2, CLERK, "另一条巷子")
    file = show_matter(apart, own)
    assert [demand.message.id for demand in file.demands] == [2]
    assert file.opened.relation is Relation.FIRST
    assert file.opened.because == ()
    assert show_matter(apart, lamps).matter.message_count == 1
    told = [show_matter(apart, one).events[-1] for one in (lamps, own)]
    assert [event.kind_zh for event in told] == ["移出来信"] * 2
    assert told[0].detail == f"另立 {file.matter.number}；另一条巷子"
    check_books(apart)


def test_that_the_two_differ_is_remembered(apart: Context, lamps: int) -> None:
    own = take_out(apart, lamps, 2, CLERK)
    with apart.database.transaction() as connection:
        suggest_pairs(connection, [NewPair(lamps, own, 0.9, ())])
    assert list_similar(apart, own) == ()
    (pair,) = rows(apart, tables.matter_pair)
    assert (pair["state"], pair["decided_by"]) == (PairState.REFUSED.value, CLERK)


def test_what_resembles_it_finds_it(apart: Context, lamps: int) -> None:
    own = take_out(apart, lamps, 2, CLERK)
    assert {row["matter_id"] for row in rows(apart, tables.exemplar)} == {lamps, own, 2}
    assert take_in(apart, LAMPS, 4) in (lamps, own)
    check_books(apart)


def test_without_a_model_it_works_too(by_hand: Context) -> None:
    one, other = take_in(by_hand, LAMPS, 1), take_in(by_hand, MEALS, 2)
    take_in(by_hand, WATER, 3)
    merge_matters(by_hand, other, one, CLERK)
    with pytest.raises(InvalidInputError, match="可以拆分该事项"):
        take_out(by_hand, one, 2, CLERK)
    assert rows(by_hand, tables.exemplar) == []


def test_it_is_undone_by_merging_back(apart: Context, lamps: int) -> None:
    own = take_out(apart, lamps, 2, CLERK)
    merge_matters(apart, own, lamps, CLERK, "是同一处")
    file = show_matter(apart, lamps)
    assert [demand.relation for demand in file.demands] == [Relation.FIRST, Relation.COPY]
    assert show_matter(apart, own).matter.id == lamps
    check_books(apart)


def test_what_was_taken_out_since_a_merge_stays_out(apart: Context, lamps: int) -> None:
    meals = 2
    merge_matters(apart, lamps, meals, CLERK)
    own = take_out(apart, meals, 2, CLERK)
    split_matter(apart, lamps, CLERK)
    assert [d.message.id for d in show_matter(apart, lamps).demands] == [1]
    assert [d.message.id for d in show_matter(apart, own).demands] == [2]
    assert show_matter(apart, lamps).matter.copy_count == 0
    check_books(apart)


def test_first_messages_stay_where_they_are(apart: Context, lamps: int) -> None:
    meals = 2
    number = show_matter(apart, lamps).matter.number
    with pytest.raises(InvalidInputError, match="首件不能移出"):
        take_out(apart, lamps, 1, CLERK)
    merge_matters(apart, lamps, meals, CLERK)
    with pytest.raises(InvalidInputError, match=f"并入的 {number} 的首件"):
        take_out(apart, meals, 1, CLERK)
    with pytest.raises(MergedError):
        take_out(apart, lamps, 2, CLERK)
    check_books(apart)


@pytest.mark.parametrize("missing", [3, 0, -1, 99, 2**63])
def test_what_is_not_there_is_not_found(apart: Context, lamps: int, missing: int) -> None:
    with pytest.raises(NotFoundError):
        take_out(apart, lamps, missing, CLERK)
    with pytest.raises(NotFoundError):
        take_out(apart, missing + 100, 2, CLERK)
    with pytest.raises(InvalidInputError):
        take_out(apart, lamps, 2, CLERK, "长" * 501)


numbers = st.integers(1, 6)
steps = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "split", "out", "arrive"]), numbers, numbers),
    max_size=14,
)


@given(chosen=steps)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_keeps_every_message_in_one_matter(
    apart: Context, chosen: list[tuple[str, int, int]]
) -> None:
    with apart.database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    texts = (LAMPS, MEALS, LAMPS, WATER, HOLE, LAMPS)
    for sender, text in enumerate(texts):
        take_in(apart, text, sender % 3)
    for step, one, other in chosen:
        try:
            if step == "merge":
                merge_matters(apart, one, other, CLERK)
            elif step == "split":
                split_matter(apart, one, CLERK)
            elif step == "out":
                take_out(apart, one, other, CLERK)
            else:
                take_in(apart, texts[one - 1], other)
        except (InvalidInputError, IllegalMoveError, MergedError, NotFoundError):
            pass
        check_books(apart)
