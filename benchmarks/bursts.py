"""How surely a burst of messages is found, and how often one is told where there is none.

Usage: ``python benchmarks/bursts.py DATA [--trials 200] [--seeds 11 12 13]``, the folder of the
shared data. The stream is imported by the product into a fresh database whose directory has a
studio for each division that occurs (``A市``, ``A3区``); topics, places are those of the matters,
and copies count nothing, as in a digest. The days of the stream are permuted (each with all its
messages), so that nothing rises but by chance; then k copies of messages of one second-level topic
and place are put into three days in a row. Found is what an evening tells of this very pair from
the first of them until two days after the last. The pair is drawn as often as there are messages
of it (``by_message``) or each alike (``by_pair``, of the pairs of at least k messages). Alarms a
week are all bursts (of pairs, topics and places) told in the permuted stream with nothing put in;
``alone`` is the same with each message drawn to a day of its own. Intervals are 95 %, by bootstrap.
Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from service.cli.context import begin_context, open_context
from service.digest.bursts import QUIET_DAYS, find_bursts
from service.digest.daily import DailyCounts
from service.digest.rising import is_counted
from service.domain.digest_scope import WHOLE_COUNTY
from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Organisation,
    OrganisationBook,
    Studio,
    StudioKind,
)
from service.intake.messages import ReadOptions
from service.usecases.administration.organisation import save_book
from service.usecases.digests.digest_facts.messages import read_messages
from service.usecases.intake.import_file import import_file

SIZES = (5, 10, 20)
SPAN_DAYS, LATE_DAYS = 3, 2
WARM_UP_DAYS = 60
RESAMPLES = 2_000
FIRST, LAST = date(2019, 1, 1), date(2020, 1, 8)
# Divisions of the stream bear a letter and a number in place of their names.
CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z](?:市|[0-9]{1,2}[市县区])")

Event = tuple[date, str, str]


def read_events(stream: Path) -> list[Event]:
    """(day, topic, place) of the stream's messages, as a digest counts them."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"MINQING_HOME": home, "MINQING_DATABASE_URL": ""}
        book = OrganisationBook(make_organisation(stream.read_text("utf-8-sig")))
        save_book(begin_context(), book, "benchmark")
        context = open_context()  # which knows the places of the directory
        rejects = Path(home) / "rejects.csv"
        import_file(context, stream, "stream", ReadOptions(context.now()), rejects_path=rejects)
        with context.database.reading() as connection:
            messages = read_messages(connection, FIRST, LAST, WHOLE_COUNTY)
    return sorted((one.sent_on, one.topic, one.place) for one in messages if is_counted(one))


def make_organisation(text: str) -> Organisation:
    """A committee, and a studio for each division that the text names."""
    return Organisation(
        committees=(Committee("C", "市政协", CommitteeLevel.CITY, "", ""),),
        studios=tuple(
            Studio(code, f"{code}委员工作室", StudioKind.AREA, "C", (code,))
            for code in sorted(set(CODE.findall(text)))
        ),
    )


def permuted(events: Sequence[Event], random: np.random.Generator) -> list[Event]:
    """The same days in another order."""
    order = random.permutation((LAST - FIRST).days + 1)
    return [
        (FIRST + timedelta(days=int(order[(day - FIRST).days])), topic, place)
        for day, topic, place in events
    ]


def scattered(events: Sequence[Event], random: np.random.Generator) -> list[Event]:
    """Each message on the day of another."""
    days = random.permutation([day.toordinal() for day, _, _ in events])
    return [
        (date.fromordinal(int(day)), topic, place)
        for day, (_, topic, place) in zip(days, events, strict=True)
    ]


def is_found(
    events: Sequence[Event], pair: tuple[str, str], k: int, draw: np.random.Generator
) -> bool:
    """Put k messages of ``pair`` into three days; is the pair told in time?"""
    days = permuted(events, draw)
    begin = FIRST + timedelta(days=int(draw.integers(WARM_UP_DAYS, (LAST - FIRST).days - 6)))
    put = sorted(begin + timedelta(days=int(at)) for at in draw.integers(0, SPAN_DAYS, k))
    counts = Counter([*days, *((day, *pair) for day in put)])
    told = find_bursts(DailyCounts(counts), put[0], put[-1] + timedelta(days=LATE_DAYS))
    return any(burst.subject == (*pair, "") for burst in told)


def alarms(events: Sequence[Event]) -> list[int]:
    """How many bursts are told first in each week after the warm-up."""
    begin = FIRST + timedelta(days=WARM_UP_DAYS)
    told = find_bursts(DailyCounts(Counter(events)), begin, LAST)
    weeks = Counter((burst.found_on - begin).days // QUIET_DAYS for burst in told)
    return [weeks[week] for week in range((LAST - begin).days // 7)]


def with_interval(values: Sequence[float]) -> dict[str, float]:
    """Their mean and its 95 % bootstrap interval."""
    held, random = np.array(values, float), np.random.default_rng(0)
    means = held[random.integers(0, len(held), (RESAMPLES, len(held)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return {"mean": round(held.mean(), 3), "low": round(low, 3), "high": round(high, 3)}


def detection(events: list[Event], trials: int, seeds: Sequence[int], by_pair: bool) -> object:
    """The share of trials in which the burst is found, for each k."""
    events_of_pairs = [event for event in events if all(event[1:])]
    sizes = Counter((topic, place) for _, topic, place in events_of_pairs)
    found: dict[str, object] = {}
    for k in SIZES:
        hits = []
        pairs = sorted(pair for pair, size in sizes.items() if size >= k)
        for seed in seeds:
            draw = np.random.default_rng([seed, k, by_pair])
            for _ in range(trials):
                pair = (
                    pairs[int(draw.integers(len(pairs)))]
                    if by_pair
                    else events_of_pairs[int(draw.integers(len(events_of_pairs)))][1:]
                )
                hits.append(is_found(events, pair, k, draw))
        found[str(k)] = with_interval(hits)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    asked = parser.parse_args()
    events = read_events(asked.data / "stream.csv")
    quiet = {
        name: with_interval(
            [
                count
                for seed in asked.seeds
                for count in alarms(change(events, np.random.default_rng(seed)))
            ]
        )
        for name, change in (("days", permuted), ("alone", scattered))
    }
    print(
        json.dumps(
            {
                "messages": len(events),
                "with_place": sum(bool(place) for *_, place in events),
                "trials": asked.trials,
                "seeds": asked.seeds,
                "alarms_a_week": quiet,
                "found_by_message": detection(events, asked.trials, asked.seeds, by_pair=False),
                "found_by_pair": detection(events, asked.trials, asked.seeds, by_pair=True),
            }
        )
    )


if __name__ == "__main__":
    main()
