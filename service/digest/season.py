"""未诉先办: what came up in former years in the weeks that now lie ahead.

Each second-level topic, at all places and at each, is held against its own share of the messages
of all other days: given its count in the former years' weeks and its count elsewhere, the first is
binomial with these weeks' share of all messages (the exact conditional test of two Poisson rates).
Benjamini and Hochberg's step-up procedure keeps of all these tests the share ``FALSE_RATE`` false.
What was out of the ordinary in one of several years only was an incident of that year, no season.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from service.digest.compare import FALSE_RATE, step_up_limit
from service.digest.counts import Dimension, Figure, Tally, tally
from service.digest.daily import Cells, DailyCounts
from service.digest.facts import Facts, MessageFact, Names
from service.digest.periods import Period, show_day
from service.digest.rising import daily_counts, first_needed, is_counted
from service.digest.tables import name_of
from service.digest.tail import Floats, upper_tail
from service.digest.texts import fit

COMING_DAYS = 28
YEAR_DAYS = 364  # whole weeks, so that weekdays lie on weekdays
MOST_YEARS = 3
LEAST_MESSAGES = 100  # of the former years' weeks and of the other days
LEAST_COUNT = 3
LEAST_PEOPLE = 2
MOST_TOLD = 10
_FEW_PLACES = 2

Span = tuple[date, date]
TopicPlace = tuple[str, str]  # a place of "" stands for all places
_NOTHING = Tally(Figure(0), Figure(0), Figure(0))


@dataclass(frozen=True, slots=True)
class Seasonal:
    """A topic at a place ("": everywhere) that came up in these weeks of former years.

    ``count`` are its messages in these weeks as counted for the test (of very many an even share),
    ``usual`` how many it had by its share on other days. ``tally`` counts all of them, ``by_year``
    in each span; ``departments`` are those that have the matters, the busiest first. These three
    are empty until the messages were read, and ``usual`` is then of all.
    """

    topic: str
    topic_name: str
    place: str
    count: int
    usual: float
    p_value: float
    tally: Tally = _NOTHING
    by_year: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is about, e.g. ``城乡建设／供热（庄里镇）``."""
        return f"{self.topic_name}（{self.place}）" if self.place else self.topic_name


@dataclass(frozen=True, slots=True)
class Season:
    """What came up at this season; ``obstacle`` says in Chinese why nothing is looked for.

    ``spans`` are first and last day of the former years' weeks, the nearest first; ``first_day``
    and ``last_day`` the weeks ahead.
    """

    obstacle: str
    first_day: date
    last_day: date
    spans: tuple[Span, ...]
    topics: tuple[Seasonal, ...]


def find_season(period: Period, facts: Facts, names: Names) -> Season:
    """What exceeded its own share in the former years' weeks, without its messages.

    Parameters
    ----------
    period
        Of the digest; the weeks ahead begin on the day after its last.
    facts
        The messages of the period's window, and the history before them, in any order.
    names
        Names of topics.
    """
    first = period.last_day + timedelta(days=1)
    last = period.last_day + timedelta(days=COMING_DAYS)
    spans = former_spans(period, facts.known_since)
    if not spans:
        return Season(_unknown(facts.known_since), first, last, (), ())
    begin = first_needed(period)
    counted = (one for one in facts.messages if is_counted(one) and begin <= one.sent_on)
    counts = daily_counts((one for one in counted if one.sent_on <= period.last_day), facts.history)
    parts = _by_span(counts, spans)
    totals = [sum(n for (_, place), n in part.items() if not place) for part in parts]
    if min(sum(totals[:-1]), totals[-1]) < LEAST_MESSAGES:
        few = f"往年同期或其他日子的留言不足{LEAST_MESSAGES}条，不判断往年同期多发的问题"
        return Season(few, first, last, spans, ())
    return Season("", first, last, spans, _tell(_lay_tests(parts, totals), names))


def former_spans(period: Period, known_since: date | None) -> tuple[Span, ...]:
    """The weeks ahead as they were in the former years that the data cover whole."""
    if known_since is None:
        return ()
    reach = min(MOST_YEARS, (period.last_day - date.min).days // YEAR_DAYS)
    begins = (
        period.last_day - timedelta(days=YEAR_DAYS * back - 1) for back in range(1, reach + 1)
    )
    return tuple(
        (begin, begin + timedelta(days=COMING_DAYS - 1)) for begin in begins if known_since <= begin
    )


def _unknown(known_since: date | None) -> str:
    since = f"自{show_day(known_since)}起有留言" if known_since else "尚无留言"
    return f"系统{since}，没有往年同期的数据，不判断往年同期多发的问题"


@dataclass(frozen=True, slots=True)
class _Tests:
    """One test for each subject: how many in the former years' weeks, by its share how many else.

    ``is_regular`` tells whether it was above its share in at least two years, where two are known.
    """

    subjects: tuple[TopicPlace, ...]
    count: Floats
    usual: Floats
    p_value: Floats
    is_regular: Cells


def _lay_tests(parts: Sequence[Counter[TopicPlace]], totals: Sequence[int]) -> _Tests:
    """Every named topic, everywhere and at each place; the sparsest are left out."""
    seen = Counter[TopicPlace]()
    for part in parts:
        seen.update(part)
    subjects = tuple(sorted(each for each in seen if each[0] and seen[each] >= LEAST_COUNT))
    held = np.array([[part[each] for each in subjects] for part in parts], np.float64)
    inside, outside = held[:-1], held[-1]
    odds = np.array(totals[:-1]) / totals[-1]
    expected = np.outer(odds, outside)
    count = inside.sum(axis=0)
    return _Tests(
        subjects,
        count,
        expected.sum(axis=0),
        # The binomial tail, given both counts, as that of a negative binomial count.
        upper_tail(count, outside + 1, np.full(len(subjects), odds.sum())),
        (inside > expected).sum(axis=0) >= min(2, len(inside)),
    )


def _by_span(counts: DailyCounts, spans: Sequence[Span]) -> list[Counter[TopicPlace]]:
    """The counts of each topic, everywhere and at each place: within each span, then elsewhere."""
    parts: list[Counter[TopicPlace]] = [Counter() for _ in range(len(spans) + 1)]
    for (day, topic, place), count in counts.pairs.items():
        at = next((n for n, span in enumerate(spans) if _has(span, day)), len(spans))
        parts[at][topic, ""] += count
        if place:
            parts[at][topic, place] += count
    return parts


def _has(span: Span, day: date) -> bool:
    return span[0] <= day <= span[1]


def _tell(tests: _Tests, names: Names) -> tuple[Seasonal, ...]:
    """What the procedure keeps, the least probable first.

    A topic is told either of all places or of single ones: of these where the ``_FEW_PLACES`` of
    most excess hold half of the topic's.
    """
    limit = step_up_limit(tests.p_value.tolist(), FALSE_RATE)
    is_kept = (tests.p_value <= limit) & tests.is_regular & (tests.count >= LEAST_COUNT)
    excess = tests.count - tests.usual
    everywhere: dict[str, int] = {}
    at_places: defaultdict[str, list[int]] = defaultdict(list)
    for at in sorted(np.flatnonzero(is_kept).tolist(), key=lambda at: -excess[at]):
        topic, place = tests.subjects[at]
        if place:
            at_places[topic].append(at)
        else:
            everywhere[topic] = at
    told: list[int] = []
    for topic in everywhere.keys() | at_places.keys():
        places = at_places[topic]
        whole = everywhere.get(topic)
        is_of_few = whole is None or 2 * sum(excess[places[:_FEW_PLACES]]) >= excess[whole]
        told += places if whole is None or is_of_few else [whole]
    told.sort(key=lambda at: (tests.p_value[at], tests.subjects[at]))
    return tuple(_seasonal(tests, at, names) for at in told[:MOST_TOLD])


def _seasonal(tests: _Tests, at: int, names: Names) -> Seasonal:
    topic, place = tests.subjects[at]
    return Seasonal(
        topic,
        name_of(Dimension.TOPIC, topic, names),
        place,
        int(tests.count[at]),
        float(tests.usual[at]),
        float(tests.p_value[at]),
    )


def with_messages(season: Season, messages: Iterable[MessageFact]) -> Season:
    """The season with the figures of these messages, of the former years' weeks, in any order.

    What fewer than ``LEAST_PEOPLE`` people wrote about is left out.
    """
    held: defaultdict[TopicPlace, list[MessageFact]] = defaultdict(list)
    for one in messages:
        if is_counted(one):
            held[one.topic, ""].append(one)
            if one.place:
                held[one.topic, one.place].append(one)
    told = (_filled(each, held[each.topic, each.place], season.spans) for each in season.topics)
    topics = (each for each in told if each.tally.people.value >= LEAST_PEOPLE)
    return replace(season, topics=tuple(topics))


def _filled(seasonal: Seasonal, messages: Sequence[MessageFact], spans: Sequence[Span]) -> Seasonal:
    within = [one for one in messages if any(_has(span, one.sent_on) for span in spans)]
    busy = Counter(fit(one.department) for one in within if fit(one.department))
    return replace(
        seasonal,
        place=fit(seasonal.place),
        usual=seasonal.usual * len(within) / seasonal.count,
        tally=tally(within),
        by_year=tuple(sum(_has(span, one.sent_on) for one in within) for span in spans),
        departments=tuple(sorted(busy, key=lambda name: (-busy[name], name))),
    )
