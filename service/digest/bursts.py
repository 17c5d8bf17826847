"""突增: counts of a few days that are more than their own history allows.

Each evening, for each topic, place, pair of both and department, and for each of ``WINDOWS`` days
up to that evening: its share of all messages before is known as a gamma distribution (older days
count less, so that a trend is followed; a pair of few messages leans on the shares of its topic
and of its place). Given how many messages came in these days at all, its count is then negative
binomial: weekdays, holidays and whatever else moves all messages cancel, and small numbers are
exact. Of all tests of an evening those are kept of which at most the share ``FALSE_RATE`` is
expected to be false: Benjamini and Hochberg's step-up procedure, in Heyse's form for counts, which
adds up for each test the chance that it can come so low at all.

Sources: Noufaily and others (2013) on surveillance of counts; West and Harrison (1997) on
discounting; Heyse (2011), "A false discovery rate procedure for categorical data".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from service.digest.daily import Cells, DailyCounts, Grid, Subject, lay_grid
from service.digest.tail import Floats, tail_table, upper_tail

WINDOWS = (1, 2, 3, 5, 7)  # days
GUARD_DAYS = 7  # the newest days are no history: what begins to rise must not hide itself
HALF_LIFE_DAYS = 90.0
LONGEST_HISTORY_DAYS = 365
LEAST_HISTORY_DAYS = 28
LEAST_HISTORY_MESSAGES = 100
LEAST_COUNT = 3
FALSE_RATE = 0.05
QUIET_DAYS = 7  # what falls silent for longer is another burst when it comes again

_PAIR_STRENGTH = 300.0  # for how many messages a pair's expected share counts
_MARGIN_STRENGTH = 20.0  # for how many messages equal shares of a margin count
_LARGE_MEAN = 10.0
_LIMIT = 0.001  # no p-value above it is kept
_FLOOR = 1e-10
_NEGLIGIBLE = 1e-7

_Ints = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Burst:
    """A topic, a place, a pair of both or a department with more messages than expected.

    ``subject`` is (topic, place, department), "" for what it is not about. ``count`` messages came
    from ``since`` to ``day`` where ``expected`` were: the window and the evening on which it was
    the least probable. ``found_on`` is the first evening that told it, ``told_until`` the last.
    """

    subject: Subject
    found_on: date
    since: date
    day: date
    count: int
    expected: float
    p_value: float
    told_until: date


@dataclass(frozen=True, slots=True)
class _Tests:
    """The tests of one evening: one for each cell and window whose chance is not negligible."""

    cell: _Ints
    window: _Ints
    count: Floats
    shape: Floats
    odds: Floats

    @property
    def mean(self) -> Floats:
        return self.shape * self.odds


def find_bursts(
    counts: DailyCounts, first: date, last: date, known_since: date | None = None
) -> tuple[Burst, ...]:
    """The bursts of the evenings from ``first`` to ``last``.

    Parameters
    ----------
    counts : DailyCounts
        Of these days and of the days before; up to ``LONGEST_HISTORY_DAYS`` are of use.
    first, last : date
        The first and the last evening. Evenings with less than ``LEAST_HISTORY_DAYS`` days or
        ``LEAST_HISTORY_MESSAGES`` messages of history tell nothing.
    known_since : date, optional
        Since when days without messages are known to have had none; by default since the first
        day with one.

    Returns
    -------
    tuple of Burst
        By the evening that told them first, on one evening by the subject. One that goes on, with
        no more than ``QUIET_DAYS`` days between its evenings, is one burst.
    """
    known_since = known_since or counts.first_day
    if known_since is None:
        return ()
    longest = min(LONGEST_HISTORY_DAYS, (first - date.min).days)
    begin = max(known_since, first - timedelta(days=longest))
    day = max(first, begin + timedelta(days=LEAST_HISTORY_DAYS + GUARD_DAYS))
    if day > last:
        return ()
    grid = lay_grid(counts, begin, last)
    found: dict[Subject, list[Burst]] = {}
    while day <= last:
        for burst in _tell(grid, begin, day):
            _join(found.setdefault(burst.subject, []), burst)
        day += timedelta(days=1)
    told = (burst for bursts in found.values() for burst in bursts)
    return tuple(sorted(told, key=lambda burst: (burst.found_on, burst.subject)))


def _join(told: list[Burst], burst: Burst) -> None:
    """Add what an evening tells to the bursts of its subject; the newest one may go on."""
    newest = told[-1] if told else None
    if newest is None or burst.found_on - newest.told_until > timedelta(days=QUIET_DAYS):
        told.append(burst)
        return
    strongest = min((newest, burst), key=lambda one: one.p_value)
    told[-1] = replace(strongest, found_on=newest.found_on, told_until=burst.found_on)


def _tell(grid: Grid, begin: date, evening: date) -> list[Burst]:
    """The bursts that one evening tells, at most one of each subject."""
    day_count = (evening - begin).days
    if grid.pairs[: day_count - GUARD_DAYS + 1].sum() < LEAST_HISTORY_MESSAGES:
        return []
    tests = _lay_tests(grid, day_count)
    p_values, limit = _judge(tests)
    strongest: dict[int, int] = {}
    for at in np.flatnonzero(p_values <= limit):
        best = strongest.setdefault(int(tests.cell[at]), int(at))
        if p_values[at] < p_values[best]:
            strongest[int(tests.cell[at])] = int(at)
    return [
        Burst(
            grid.subject(cell),
            evening,
            evening - timedelta(days=int(tests.window[at]) - 1),
            evening,
            int(tests.count[at]),
            float(tests.mean[at]),
            float(p_values[at]),
            evening,
        )
        for cell, at in sorted(strongest.items())
    ]


def _lay_tests(grid: Grid, evening: int) -> _Tests:
    """Every cell against its share before, over every window; what cannot matter is left out."""
    known = evening - GUARD_DAYS + 1  # how many days are history
    discount = 0.5 ** (np.arange(known)[::-1] / HALF_LIFE_DAYS)
    shapes, totals = _shares(grid, discount)
    is_named = grid.named()
    parts = []
    for window in WINDOWS:
        watched = slice(evening - window + 1, evening + 1)
        counts = _cells(grid, grid.pairs[watched].sum(axis=0), watched)
        odds = grid.by_topic[watched].sum() / totals
        # Markov's bound of the chance of LEAST_COUNT by the third factorial moment.
        reach = shapes * (shapes + 1) * (shapes + 2) / 6 * odds**LEAST_COUNT
        matters = (counts >= LEAST_COUNT) | ((reach > _NEGLIGIBLE) & (odds > 0))
        at = np.flatnonzero(matters & is_named)
        parts.append(_Tests(at, np.full(len(at), window), counts[at], shapes[at], odds[at]))
    return _Tests(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("cell", "window", "count", "shape", "odds")
        )
    )


def _cells(grid: Grid, by_pair: Floats, days: slice) -> Floats:
    """The counts of some days for all cells: the whole grid of pairs, then the margins."""
    pairs = np.zeros(len(grid.topics) * len(grid.places))
    pairs[grid.seen] = by_pair
    margins = (grid.by_topic, grid.by_place, grid.by_department)
    return np.concatenate([pairs, *(margin[days].sum(axis=0) for margin in margins)])


def _shares(grid: Grid, discount: Floats) -> tuple[Floats, Floats]:
    """What is known of each cell's share: so many messages of so many, both discounted."""
    known = len(discount)
    shapes, totals = [], []
    for margin in (grid.by_topic, grid.by_place, grid.by_department):
        counts, width = discount @ margin[:known], max(margin.shape[1], 1)
        shapes.append(counts + _MARGIN_STRENGTH / width)
        totals.append(counts.sum() + _MARGIN_STRENGTH)
    topic, place = (shape / total for shape, total in zip(shapes[:2], totals[:2], strict=True))
    pairs = _PAIR_STRENGTH * np.outer(topic, place).ravel()
    by_pair = discount @ grid.pairs[:known]
    pairs[grid.seen] += by_pair
    sizes = [len(pairs), *map(len, shapes)]
    return (
        np.concatenate([pairs, *shapes]),
        np.repeat([by_pair.sum() + _PAIR_STRENGTH, *totals], sizes),
    )


def _judge(tests: _Tests) -> tuple[Floats, float]:
    """The p-value of each test, and the largest that is kept (-1.0 where none is)."""
    p_values = np.ones(len(tests.count))
    is_large = tests.mean > _LARGE_MEAN
    is_asked = is_large & (tests.count > tests.mean)
    p_values[is_asked] = upper_tail(*_of(tests, is_asked))
    # Counts below LEAST_COUNT tell nothing, so the table may begin there.
    table = tail_table(tests.shape[~is_large], tests.odds[~is_large], _FLOOR)
    count = np.minimum(tests.count[~is_large].astype(np.intp), len(table) - 1)
    exact = table[count, np.arange(len(count))]
    p_values[~is_large] = np.where(count >= LEAST_COUNT, exact, 1.0)
    return p_values, _step_up_limit(p_values, tests.cell, table[LEAST_COUNT:], is_large.sum())


def _of(tests: _Tests, which: Cells) -> list[Floats]:
    return [tests.count[which], tests.shape[which], tests.odds[which]]


def _step_up_limit(p_values: Floats, cell: _Ints, table: Floats, large_count: int) -> float:
    """The largest p-value at which no more than ``FALSE_RATE`` of what is kept is expected false.

    ``table`` has the tails that each of the small counts can take, the largest first; a test adds
    to what is expected its largest tail that is not above the limit. Large counts come as low as
    the limit itself.
    """
    low = np.flatnonzero(p_values <= _LIMIT)
    low = low[np.argsort(p_values[low], kind="stable")]
    limit, kept = -1.0, set[int]()
    for at, expected in zip(low, _expected(table, p_values[low]), strict=True):
        kept.add(int(cell[at]))
        p_value = float(p_values[at])
        if float(expected) + large_count * p_value <= FALSE_RATE * len(kept):
            limit = p_value
    return limit


def _expected(table: Floats, limits: Floats) -> Floats:
    """What the small counts add up to at each limit; the limits ascend.

    From one tail of a test to the next is a step; those of its tails that a limit reaches add up
    to the largest of them. Steps are put where they are reached first, which needs no sorting.
    """
    if not len(limits):
        return np.zeros(0)
    flat, width = table.ravel(), table.shape[1]
    reached = np.flatnonzero((flat > 0) & (flat <= limits[-1]))
    after = reached + width
    has_next = after < len(flat)
    steps = flat[reached]
    steps[has_next] -= flat[after[has_next]]
    first = np.searchsorted(limits, flat[reached], side="left")
    return np.cumsum(np.bincount(first, weights=steps, minlength=len(limits)))
