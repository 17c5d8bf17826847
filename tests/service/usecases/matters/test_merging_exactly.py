"""What a split gives back, and what stays: with arrivals, decisions and closed matters between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.deadline import deadline
from service.domain.kind import Kind
from service.domain.message import SenderDetails
from service.domain.pair_state import PairState
from service.domain.status import MatterStatus
from service.errors import MergedError, MinqingError
from service.storage import tables
from service.storage.matters.matter_pairs import NewPair, suggest_pairs
from service.storage.rows import take_intake_lock
from service.triage.calendar import is_working_day
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters, settle_matters, split_matter
from service.usecases.matters.queue import QueueFilter, list_queue
from service.usecases.matters.similar_matters import list_similar
from tests.makers import NOW, Clock, a_message, close_matter, dispatch_matter
from tests.service.usecases.books import check_books, rows
from tests.service.usecases.intake.test_receive_at_once import separate, together

LAMPS = "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤。"
MEALS = "中学食堂的饭菜两次吃出虫子，家长要求查一查。"
WATER = "自来水发黄，烧开有沉淀，洗白衣服都染色。"
HOLE = "幸福路口路面塌陷，昨晚有车掉进去。"
CLERK = "王科"


@pytest.fixture
def apart(context: Context) -> Context:
    """A desk where nothing joins by itself but the very same text, and nothing is suggested."""
    return replace(context, triage=replace(context.triage, join_at=1.0, suggest_at=1.1))


def take_in(context: Context, text: str, sender: int = 0, **changes: object) -> int:
    """Hand a message in; the id of its matter."""
    who = SenderDetails(f"某{sender}", f"1990000{sender:04d}")
    return receive_messages(context, [a_message(text, title="", sender=who, **changes)])[
        0
    ].matter_id


def close(context: Context, matter_id: int) -> None:
    if show_matter(context, matter_id).matter.status is MatterStatus.REVIEW:
        dispatch_matter(context, matter_id, CLERK)
    close_matter(context, matter_id, CLERK, "办好了")


def test_only_what_arrived_since_keeps_the_matter_urgent(apart: Context) -> None:
    lamps, hole = take_in(apart, LAMPS, 1), take_in(apart, HOLE, 2)
    before = show_matter(apart, lamps).matter
    merge_matters(apart, hole, lamps, CLERK)
    assert take_in(apart, LAMPS, 3) == lamps  # nothing urgent
    split_matter(apart, hole, CLERK)
    after = show_matter(apart, lamps).matter
    assert (after.is_urgent, after.due_at) == (before.is_urgent, before.due_at)
    assert after.message_count == 2
    check_books(apart)


def test_an_urgent_arrival_keeps_its_own_deadline(apart: Context) -> None:
    lamps = take_in(apart, LAMPS, 1)
    hole = take_in(apart, HOLE, 2, sent_at=NOW - timedelta(days=3))
    merge_matters(apart, hole, lamps, CLERK)
    assert take_in(apart, HOLE, 3) == lamps
    split_matter(apart, hole, CLERK)
    after = show_matter(apart, lamps).matter
    assert after.is_urgent
    assert after.due_at == deadline(NOW - timedelta(hours=1), 2, is_working_day)


def test_what_a_person_decided_since_stands(apart: Context) -> None:
    lamps, hole = take_in(apart, LAMPS), take_in(apart, HOLE)
    merge_matters(apart, hole, lamps, CLERK)
    correction = Correction("1402", "教育局", Kind.QUESTION.value, True, "T2")
    correct_matter(apart, lamps, correction, CLERK)
    decided = show_matter(apart, lamps).matter
    split_matter(apart, hole, CLERK)
    after = show_matter(apart, lamps).matter
    assert (after.is_urgent, after.due_at) == (True, decided.due_at)


def test_a_matter_that_was_answered_asks_for_no_earlier_deadline(
    apart: Context, clock: Clock
) -> None:
    hole = take_in(apart, HOLE)
    close(apart, hole)
    clock.forward(days=60)
    meals = take_in(apart, MEALS, sent_at=clock())
    before = show_matter(apart, meals).matter
    merge_matters(apart, hole, meals, CLERK)
    joined = show_matter(apart, meals).matter
    assert (joined.is_urgent, joined.due_at) == (before.is_urgent, before.due_at)
    split_matter(apart, hole, CLERK)
    assert show_matter(apart, hole).matter.status is MatterStatus.CLOSED
    assert show_matter(apart, meals).matter == before


def test_the_error_names_the_matter_that_holds_the_messages_now(apart: Context) -> None:
    lamps, meals, water = (take_in(apart, text) for text in (LAMPS, MEALS, WATER))
    numbers = {one: show_matter(apart, one).matter.number for one in (lamps, meals, water)}
    merge_matters(apart, lamps, meals, CLERK)
    merge_matters(apart, meals, water, CLERK)
    for act in (
        lambda: close_matter(apart, lamps, CLERK, "好"),
        lambda: dispatch_matter(apart, lamps, CLERK),
        lambda: merge_matters(apart, lamps, water, CLERK),
        lambda: settle_matters(apart, water, lamps, PairState.RELATED, CLERK),
    ):
        with pytest.raises(MergedError, match=f"{numbers[lamps]} 已并入 {numbers[water]}"):
            act()


def suggest(context: Context, one: int, other: int, probability: float) -> None:
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        suggest_pairs(connection, [NewPair(one, other, probability, ("用词相近",))])


def test_the_likeliest_of_several_suggestions_is_kept(apart: Context) -> None:
    lamps, meals = take_in(apart, LAMPS), take_in(apart, MEALS)
    for probability in (0.5, 0.7, 0.6):
        suggest(apart, lamps, meals, probability)
    (found,) = list_similar(apart, meals)
    assert (found.matter_id, found.probability) == (lamps, 0.7)


def test_the_last_decision_between_two_holds(apart: Context, clock: Clock) -> None:
    lamps, meals, water = (take_in(apart, text) for text in (LAMPS, MEALS, WATER))
    settle_matters(apart, lamps, water, PairState.REFUSED, CLERK)
    clock.forward(minutes=1)
    settle_matters(apart, meals, water, PairState.RELATED, CLERK)
    merge_matters(apart, lamps, meals, CLERK)
    assert [one.state for one in list_similar(apart, water)] == [PairState.RELATED]
    suggest(apart, meals, water, 0.9)
    assert [one.state for one in list_similar(apart, water)] == [PairState.RELATED]


def outcome(act: Callable[[], object]) -> Callable[[], str]:
    """What becomes of an act: "done" or the code of its error."""

    def tell() -> str:
        try:
            act()
        except MinqingError as error:
            return error.code
        return "done"

    return tell


def test_a_refusal_and_a_suggestion_at_the_same_moment(apart: Context) -> None:
    lamps, meals = take_in(apart, LAMPS), take_in(apart, MEALS)
    workers = [separate(apart) for _ in range(2)]
    for _ in range(20):
        with apart.database.transaction() as connection:
            connection.execute(tables.matter_pair.delete())
        refuse = outcome(lambda: settle_matters(workers[0], lamps, meals, PairState.REFUSED, CLERK))
        heard = together([refuse, outcome(lambda: suggest(workers[1], lamps, meals, 0.9))])
        assert heard == ["done", "done"]
        assert list_similar(apart, lamps) == ()
    for worker in workers:
        worker.database.close()


def test_four_clerks_merge_in_both_directions(apart: Context) -> None:
    one, other = take_in(apart, LAMPS, 1), take_in(apart, MEALS, 2)
    workers = [separate(apart) for _ in range(4)]
    state = [rows(apart, table) for table in (tables.matter, tables.demand, tables.exemplar)]
    for _ in range(4):
        heard = together(
            [
                outcome(lambda w=worker, a=a, b=b: merge_matters(w, a, b, CLERK))
                for worker, (a, b) in zip(workers, [(one, other), (other, one)] * 2, strict=True)
            ]
        )
        assert Counter(heard) == {"done": 1, MergedError.code: 3}
        (standing,) = list_queue(apart, QueueFilter()).matters
        assert standing.message_count == 2
        split_matter(apart, ({one, other} - {standing.id}).pop(), CLERK)
        after = [rows(apart, table) for table in (tables.matter, tables.demand, tables.exemplar)]
        assert after == state
    for worker in workers:
        worker.database.close()


def test_merges_in_a_circle_at_once_lose_nothing(apart: Context) -> None:
    ids = [take_in(apart, text, place) for place, text in enumerate((LAMPS, MEALS, WATER, HOLE))]
    circle = [(ids[place], ids[(place + 1) % 4]) for place in range(4)]
    heard = together(
        [outcome(lambda a=a, b=b: merge_matters(apart, a, b, CLERK)) for a, b in circle]
    )
    assert set(heard) <= {"done", MergedError.code}
    assert heard.count("done") >= 2
    check_books(apart)


def test_decisions_on_a_matter_while_it_is_merged_wait_or_are_refused(apart: Context) -> None:
    one, other = take_in(apart, LAMPS, 1), take_in(apart, WATER, 2)
    for _ in range(4):
        heard = together(
            [
                outcome(lambda: merge_matters(apart, one, other, CLERK)),
                outcome(lambda: close_matter(apart, one, "李科", "好")),
                outcome(lambda: settle_matters(apart, other, one, PairState.REFUSED, "李科")),
            ]
        )
        assert heard[0] == "done"
        assert set(heard[1:]) <= {"done", MergedError.code, "illegal_move"}
        check_books(apart)
        split_matter(apart, one, CLERK)
