"""What happens in a prefecture on a working day, and when: assumptions, not counts.

A prefecture of some 4 million people, whose studios, website and hotline hand everything to one
installation. One message for each 3,300 people: 1,200 a day, 55 % by the hotline's and other
systems' programs, the others by the citizens' own form, which asks twice what is open already
while it is filled in. Ten times as many look-ups of receipts, one in five with the page before
it. The hours are those of a hotline: least at 4, most at 10, less at noon, a tail in the evening.

The desk works from 8:30 to 12 and from 14 to 17:30. All log in between 7 and 8:30; clerks look
at the queue, and dispatch what is to be reviewed; departments' liaisons take the next matter that
is theirs, sign for it, start, have their answer checked and draft it; a clerk approves it, the
studio's convener signs it. Of those who look up an answer one in three rates it. Clerks search. A
digest is made at 8, a backup at 2:30 and at 22:30; webhooks tell another system of each answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

MESSAGES, LOOK_UPS_A_MESSAGE = 1_200, 10
BY_FORM, DRAFTS_A_FORM, REPEATED = 0.45, 2, 0.02
PAGE_FIRST, RATES = 0.2, 1 / 3
CLERK_TURNS, LIAISON_TURNS, SEARCHES, QUEUE_LOOKS = 600, 600, 300, 600
HOURS = (6, 4, 3, 2, 2, 4, 10, 22, 55, 90, 100, 80, 50, 55, 80, 85, 80, 60, 45, 45, 45, 40, 25, 12)
OFFICE = ((8.5, 12.0), (14.0, 17.5))
LOG_IN_FROM, LOG_IN_UNTIL = 7.0, 8.5
DIGEST_AT, BACKUPS_AT = 8.0, (2.5, 22.5)

FORM, PROGRAM, LOOK_UP = "form", "program", "look_up"
CLERK, LIAISON, SEARCH, QUEUE = "clerk", "liaison", "search", "queue"
LOG_IN, DIGEST, BACKUP = "log_in", "digest", "backup"


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """What begins at an hour of the day (0–24, with fractions)."""

    hour: float
    kind: str


def plan_day(share: float, staff_count: int, seed: int) -> list[Event]:
    """All that begins by itself, in its order.

    Parameters
    ----------
    share
        Of the volumes above: 1 for the whole prefecture.
    staff_count
        How many log in.
    """
    draw = Random(seed)
    form_count = int(MESSAGES * BY_FORM * share)
    counts = {
        FORM: form_count,
        PROGRAM: int(MESSAGES * share) - form_count,
        LOOK_UP: int(MESSAGES * LOOK_UPS_A_MESSAGE * share),
    }
    at_the_desk = {
        CLERK: CLERK_TURNS,
        LIAISON: LIAISON_TURNS,
        SEARCH: SEARCHES,
        QUEUE: QUEUE_LOOKS,
    }
    events = [Event(hour, kind) for kind, n in counts.items() for hour in _all_day(n, draw)]
    for kind, count in at_the_desk.items():
        events += [Event(hour, kind) for hour in _in_the_office(int(count * share), draw)]
    log_ins = (draw.uniform(LOG_IN_FROM, LOG_IN_UNTIL) for _ in range(staff_count))
    events += [Event(hour, LOG_IN) for hour in log_ins]
    events += [Event(DIGEST_AT, DIGEST), *(Event(hour, BACKUP) for hour in BACKUPS_AT)]
    return sorted(events)


def _all_day(count: int, draw: Random) -> Iterator[float]:
    hours = draw.choices(range(len(HOURS)), HOURS, k=count)
    return (hour + draw.random() for hour in hours)


def _in_the_office(count: int, draw: Random) -> Iterator[float]:
    spans = draw.choices(OFFICE, [end - begin for begin, end in OFFICE], k=count)
    return (draw.uniform(*span) for span in spans)
