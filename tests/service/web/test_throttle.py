"""The throttle: so often and no more, each caller for itself, in bounded memory."""

from __future__ import annotations

from threading import Thread

import pytest

from service.errors import TooManyRequestsError
from service.web.throttle import Throttle, throttle_of


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def passed(throttle: Throttle, caller: str, times: int) -> int:
    """How many of so many requests at once are let through."""
    count = 0
    for _ in range(times):
        try:
            throttle.check(caller)
        except TooManyRequestsError:
            continue
        count += 1
    return count


def test_a_burst_passes_and_then_so_many_a_minute() -> None:
    watch = Watch()
    throttle = Throttle(burst=3, per_minute=6, clock=watch)
    assert passed(throttle, "10.0.0.1", 5) == 3
    watch.seconds += 9.9
    assert passed(throttle, "10.0.0.1", 5) == 0
    watch.seconds += 0.2
    assert passed(throttle, "10.0.0.1", 5) == 1
    watch.seconds += 3600
    assert passed(throttle, "10.0.0.1", 5) == 3


def test_further_ones_are_waited_for_and_told() -> None:
    watch = Watch()
    throttle = Throttle(burst=6, per_minute=6, clock=watch)
    throttle.check("10.0.0.1")
    throttle.count("10.0.0.1", 11)
    with pytest.raises(TooManyRequestsError) as refused:
        throttle.check("10.0.0.1")
    assert refused.value.retry_seconds == 70
    watch.seconds += 70
    assert passed(throttle, "10.0.0.1", 2) == 1


@pytest.mark.hostile
def test_many_at_once_do_not_each_stand_for_many() -> None:
    throttle = Throttle(burst=60, per_minute=60, clock=Watch())
    assert passed(throttle, "10.0.0.1", 100) == 60
    throttle.count("10.0.0.1", 499)
    with pytest.raises(TooManyRequestsError) as refused:
        throttle.count("10.0.0.1", 499)
    assert refused.value.retry_seconds == 500


def test_without_a_limit_nobody_is_stopped() -> None:
    throttle = throttle_of(0)
    throttle.count("10.0.0.1", 10**9)
    assert passed(throttle, "10.0.0.1", 1_000) == 1_000


def test_callers_do_not_hold_each_other_up() -> None:
    throttle = Throttle(burst=1, per_minute=1, clock=Watch())
    assert [passed(throttle, f"10.0.0.{n}", 2) for n in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("", ""),
    ],
)
def test_one_household_counts_as_one(one: str, other: str) -> None:
    throttle = Throttle(burst=1, per_minute=1, clock=Watch())
    assert (passed(throttle, one, 1), passed(throttle, other, 1)) == (1, 0)


def test_other_networks_and_names_are_others() -> None:
    throttle = Throttle(burst=1, per_minute=1, clock=Watch())
    for caller in ("2001:db8::1", "2001:db8:0:1::1", "testclient", "::ffff:10.0.0.2"):
        assert passed(throttle, caller, 2) == 1


def test_memory_is_bounded() -> None:
    throttle = Throttle(burst=1, per_minute=1, clock=Watch())
    for number in range(10_500):
        throttle.check(str(number))
    assert len(throttle._callers) == 10_000
    assert passed(throttle, "10499", 1) == 0
    assert passed(throttle, "0", 1) == 1


def test_many_threads_get_no_more_than_one() -> None:
    throttle = Throttle(burst=50, per_minute=1, clock=Watch())
    counts: list[int] = []
    threads = [Thread(target=lambda: counts.append(passed(throttle, "x", 40))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 50
