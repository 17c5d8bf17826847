from collections import Counter
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from service.digest.bursts import QUIET_DAYS, Burst, find_bursts
from service.digest.daily import DailyCounts, count_daily

FIRST = date(2019, 1, 1)
DAYS = 120
TOPICS = ("0110", "0401", "0601", "1401", "1305")
PLACES = ("庄里镇", "淡村镇", "宫里镇", "梅家坪镇")
EVENING = FIRST + timedelta(days=100)

Cell = tuple[date, str, str]


def a_stream(seed: int, daily: float = 8.0) -> Counter[Cell]:
    """Messages whose topics and places never change, with quiet weekends and a growing volume."""
    random = np.random.default_rng(seed)
    counts: Counter[Cell] = Counter()
    for at in range(DAYS):
        day = FIRST + timedelta(days=at)
        mean = daily * (0.4 if day.weekday() > 4 else 1.0) * (1 + at / DAYS)
        for _ in range(random.poisson(mean)):
            topic = TOPICS[min(random.geometric(0.4) - 1, len(TOPICS) - 1)]
            place = PLACES[min(random.geometric(0.4) - 1, len(PLACES) - 1)]
            counts[day, topic, place] += 1
    return counts


def with_burst(counts: Counter[Cell], size: int) -> DailyCounts:
    put = {(EVENING - timedelta(days=at), "1401", "宫里镇"): size // 2 for at in range(2)}
    return DailyCounts(counts + Counter(put))


def told(counts: DailyCounts) -> tuple[Burst, ...]:
    return find_bursts(counts, EVENING, EVENING + timedelta(days=2))


def test_what_was_put_in_is_found_with_its_days() -> None:
    [burst] = [one for one in told(with_burst(a_stream(1), 12)) if all(one.subject[:2])]
    assert burst.subject == ("1401", "宫里镇", "")
    assert burst.found_on == EVENING
    assert burst.since == EVENING - timedelta(days=1)
    assert burst.count >= 12 > 5 > burst.expected


def test_days_on_which_all_comes_four_times_as_often_raise_nothing() -> None:
    found = []
    for seed in range(20, 26):
        counts, more = a_stream(seed), a_stream(seed + 100, daily=24.0)
        for cell in more:
            if cell[0] > EVENING - timedelta(days=2):
                counts[cell] += more[cell]
        found += told(DailyCounts(counts))
    assert len(found) <= 2  # of 18 evenings


def test_where_nothing_rises_few_evenings_tell_anything() -> None:
    begin, last = FIRST + timedelta(days=40), FIRST + timedelta(days=DAYS - 1)
    found = [find_bursts(DailyCounts(a_stream(seed)), begin, last) for seed in range(10, 16)]
    evenings = 6 * (last - begin).days
    assert sum(map(len, found)) <= 0.1 * evenings


def test_a_burst_that_goes_on_is_one() -> None:
    counts = a_stream(3)
    for at in range(12):
        counts[EVENING + timedelta(days=at), "1401", "宫里镇"] += 5
    found = find_bursts(DailyCounts(counts), EVENING, EVENING + timedelta(days=12))
    assert len([one for one in found if one.subject == ("1401", "宫里镇", "")]) == 1


def test_one_that_comes_again_after_a_silence_is_another() -> None:
    counts = a_stream(4, daily=4)
    late = EVENING + timedelta(days=2 * QUIET_DAYS + 2)
    for day in (EVENING, late):
        counts[day, "1401", "梅家坪镇"] += 9
    found = find_bursts(DailyCounts(counts), EVENING, late)
    days = [one.found_on for one in found if one.subject == ("1401", "梅家坪镇", "")]
    assert days == [EVENING, late]


def test_a_short_or_thin_history_tells_nothing() -> None:
    young = {cell: n for cell, n in a_stream(5).items() if cell[0] > EVENING - timedelta(days=30)}
    assert told(with_burst(Counter(young), 30)) == ()
    assert told(with_burst(a_stream(5, daily=0.3), 30)) == ()
    assert told(DailyCounts()) == ()


def test_unknown_topics_and_places_are_counted_but_not_told() -> None:
    counts = a_stream(6)
    counts[EVENING, "", ""] += 40
    counts[EVENING, "", "庄里镇"] += 1
    assert all(any(one.subject) for one in told(DailyCounts(counts)))


def test_a_department_rises_too() -> None:
    pieces = [(day, topic, place, "住建局", n) for (day, topic, place), n in a_stream(7).items()]
    pieces += [
        (FIRST + timedelta(days=at), "0110", "庄里镇", "环保局", 1) for at in range(0, 90, 9)
    ]
    pieces.append((EVENING, "0110", "庄里镇", "环保局", 15))
    found = told(count_daily(pieces))
    assert ("", "", "环保局") in {one.subject for one in found}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), st.randoms())
def test_the_order_of_the_counts_changes_nothing(seed: int, random: object) -> None:
    held = list(with_burst(a_stream(seed), 10).pairs.items())
    random.shuffle(held)  # type: ignore[attr-defined]
    assert told(DailyCounts(dict(held))) == told(with_burst(a_stream(seed), 10))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50))
def test_what_is_told_can_be_counted_again(seed: int) -> None:
    counts = with_burst(a_stream(seed), 14)
    for burst in told(counts):
        topic, place, _ = burst.subject
        again = sum(
            n
            for (day, held_topic, held_place), n in counts.pairs.items()
            if burst.since <= day <= burst.day
            and topic in ("", held_topic)
            and place in ("", held_place)
        )
        assert again == burst.count
        assert 0 <= burst.p_value < 0.001
        assert burst.count > burst.expected
