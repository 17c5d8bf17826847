"""What comes in at the same time is done together, and each hears of its own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, Lock

import pytest

from service.errors import DatabaseUnavailableError, InvalidInputError
from service.usecases.context import Context
from service.usecases.gathering import _MANY, MOST, Gathering, _Turn
from service.usecases.intake.receive import receive_message
from tests.makers import a_message
from tests.service.usecases.books import check_books


class Door:
    """Stands still at the first item until it is opened, so that others gather behind it."""

    def __init__(self) -> None:
        self.is_entered, self.is_open = Event(), Event()
        self.done: list[list[int]] = []
        self.at_work = Lock()

    def __call__(self, items: Sequence[int]) -> list[int]:
        assert self.at_work.acquire(blocking=False)  # one at a time
        try:
            self.is_entered.set()
            assert self.is_open.wait(60)
            if any(item % 10 == 3 for item in items):
                raise InvalidInputError(f"{len(items)}")
            self.done.append(list(items))
            return [-item for item in items]
        finally:
            self.at_work.release()


def gather(count: int) -> tuple[Door, list[Future[int]]]:
    door: Door = Door()
    gathering: Gathering[int, int] = Gathering()
    with ThreadPoolExecutor(count) as pool:
        first = pool.submit(gathering.do, 0, door)
        door.is_entered.wait(60)
        others = [pool.submit(gathering.do, item, door) for item in range(1, count)]
        while len(gathering._waiting) < count - 1:
            pass
        door.is_open.set()
        wait([first, *others])
    return door, [first, *others]


def after_many() -> tuple[Door, Gathering[int, int]]:
    """An open door, and a gathering that did many together just now."""
    door, gathering = Door(), Gathering[int, int]()
    door.is_open.set()
    gathering._last_count = _MANY
    return door, gathering


def test_those_that_wait_are_done_together_in_their_order() -> None:
    door, all_ = gather(3)
    assert [one.result() for one in all_] == [0, -1, -2]
    assert [len(items) for items in door.done] == [1, 2]


def test_after_many_it_is_waited_for_those_that_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door, gathering = after_many()
    others: list[Future[int]] = []

    def come_meanwhile(seconds: float) -> None:
        if len(others) < _MANY:
            others.append(gathering.submit(len(others) + 4, door))

    monkeypatch.setattr(gathering._are_enough, "wait", come_meanwhile)
    gathering.do(1, door)
    wait(others)
    assert [len(items) for items in door.done] == [1 + _MANY]


def test_nobody_waits_for_ever_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    _, gathering = after_many()
    pauses: list[float] = []

    def come_meanwhile(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) < 100:
            gathering._waiting.append(_Turn(len(pauses), list))

    monkeypatch.setattr(gathering._are_enough, "wait", come_meanwhile)
    assert gathering.do(0, lambda items: items) == 0
    assert len(pauses) < 20


def test_as_many_as_can_be_done_together_are_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door, gathering = after_many()
    monkeypatch.setattr("service.usecases.gathering._PAUSE_SECONDS", 60)
    others = [gathering.submit(10 * item, door) for item in range(MOST)]
    wait(others, 30)
    assert [len(items) for items in door.done] == [MOST]


def test_of_very_many_some_at_a_time() -> None:
    door: Door = Door()
    door.is_open.set()
    gathering: Gathering[int, int] = Gathering()
    with ThreadPoolExecutor(3 * MOST) as pool:
        results = list(pool.map(lambda n: gathering.do(n * 10, door), range(20 * MOST)))
    assert results == [-n * 10 for n in range(20 * MOST)]
    assert max(map(len, door.done)) <= MOST
    assert sorted(n for items in door.done for n in items) == [n * 10 for n in range(20 * MOST)]


def test_what_is_wrong_with_one_is_told_to_it_alone() -> None:
    door, all_ = gather(6)
    good = [one.result() for place, one in enumerate(all_) if place != 3]
    assert good == [0, -1, -2, -4, -5]
    with pytest.raises(InvalidInputError, match="1"):
        all_[3].result()
    assert door.done == [[0], [1], [2], [4], [5]]


def test_those_that_come_later_know_best_how_it_is_done() -> None:
    door: Door = Door()
    gathering: Gathering[int, int] = Gathering()
    first = gathering.submit(0, door)
    door.is_entered.wait(60)
    others = [gathering.submit(1, door), gathering.submit(2, lambda items: [9 for _ in items])]
    door.is_open.set()
    assert [one.result(60) for one in (first, *others)] == [0, 9, 9]


def test_what_nobody_waits_for_any_more_is_not_done() -> None:
    door: Door = Door()
    gathering: Gathering[int, int] = Gathering()
    first = gathering.submit(0, door)
    door.is_entered.wait(60)
    others = [gathering.submit(item, door) for item in (1, 2, 4)]
    assert others[1].cancel()
    door.is_open.set()
    assert [one.result(60) for one in (first, others[0], others[2])] == [0, -1, -4]
    assert not first.cancel()  # too late
    assert door.done == [[0], [1, 4]]


def test_where_the_process_ends_everybody_hears_it() -> None:
    gathering: Gathering[int, int] = Gathering()
    gathering._worker.shutdown()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            gathering.submit(1, list)


def test_that_the_database_is_away_is_told_to_all_at_once() -> None:
    calls: list[int] = []
    entered, opened = Event(), Event()

    def away(items: Sequence[int]) -> list[int]:
        calls.append(len(items))
        entered.set()
        assert opened.wait(60)
        raise DatabaseUnavailableError

    gathering: Gathering[int, int] = Gathering()
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(gathering.do, 0, away)
        entered.wait(60)
        others = [pool.submit(gathering.do, item, away) for item in range(1, 5)]
        while len(gathering._waiting) < 4:
            pass
        opened.set()
        for one in (first, *others):
            with pytest.raises(DatabaseUnavailableError):
                one.result()
    assert calls == [1, 4]


def test_many_at_once_get_their_own_receipts_and_the_same_one_twice_the_same(
    context: Context,
) -> None:
    texts = [f"{number}号楼的电梯坏了{number}天。" for number in range(12)]
    messages = [a_message(text, external_id=text) for text in texts] * 2
    with ThreadPoolExecutor(8) as pool:
        received = list(pool.map(lambda one: receive_message(context, one), messages))
    assert len({one.receipt for one in received}) == len(texts)
    assert sum(one.is_new for one in received) == len(texts)
    for first, again in zip(received[:12], received[12:], strict=True):
        assert (first.receipt, first.matter_id) == (again.receipt, again.matter_id)
        assert first.is_new != again.is_new
    check_books(context)


def test_a_message_that_cannot_be_stored_holds_up_nobody(context: Context) -> None:
    good = [a_message(f"{n}号楼停水。", external_id=str(n)) for n in range(6)]
    bad = a_message("路灯\ud800坏了", external_id="bad")

    def take_in(message: object) -> object:
        try:
            return receive_message(context, message)  # type: ignore[arg-type]
        except InvalidInputError as error:
            return error

    with ThreadPoolExecutor(7) as pool:
        results = list(pool.map(take_in, [*good[:3], bad, *good[3:]]))
    assert isinstance(results.pop(3), InvalidInputError)
    assert len({one.receipt for one in results}) == 6  # type: ignore[attr-defined]
    check_books(context)
