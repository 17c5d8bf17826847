"""职责目录建议: a topic whose matters end at another department than the one they go to first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST_SETTLED = 5
MOST_MATTERS = 20  # that are named
_HALF = 0.5
_Z = 1.959964  # the 97.5 % quantile of the normal distribution
_NOBODY = frozenset({"", "其他"})  # what no topic can be given to


@dataclass(frozen=True, slots=True)
class SettledReturn:
    """A settled matter that departments sent back: those, in their order, and where it ended."""

    matter_id: int
    number: str
    returned_by: tuple[str, ...]
    department: str


@dataclass(frozen=True, slots=True)
class DutySuggestion:
    """That a topic (its code) should go to ``department`` and no longer to ``current``.

    Of ``settled_count`` settled matters on the topic ``current`` rightly sent ``returned_count``
    back, and ``ended_count`` ended at ``department``. ``matters`` are ids and numbers of the newest
    that did both, at most ``MOST_MATTERS``. ``rule`` names the rule by which the topic goes to
    ``current``, "" where none does.
    """

    topic: str
    current: str
    department: str
    settled_count: int
    returned_count: int
    ended_count: int
    matters: tuple[tuple[int, str], ...]
    rule: str = ""


def wilson_interval(count: int, total: int) -> tuple[float, float]:
    """Between which shares (0–1) the true one lies with 95 %, ``count`` of ``total`` (≥ 1) seen.

    Wilson's score interval (Wilson, 1927, "Probable inference, the law of succession, and
    statistical inference"), which also holds for few.
    """
    square = _Z * _Z
    middle = (count + square / 2) / (total + square)
    reach = _Z / (total + square) * sqrt(count * (total - count) / total + square / 4)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def find_usual_end(ended: Mapping[str, int]) -> str:
    """The department at which most matters on a topic end, "" where that is not certain.

    Certain is more than half, with 95 % by Wilson's interval and of ``FEWEST_SETTLED`` or more:
    the interval of any other department then lies below a half.

    Parameters
    ----------
    ended
        How many settled matters ended at each department, "" for none.
    """
    settled_count = sum(ended.values())
    if settled_count < FEWEST_SETTLED:
        return ""
    department, count = min(ended.items(), key=lambda item: (-item[1], item[0]))
    is_certain = wilson_interval(count, settled_count)[0] > _HALF
    return department if is_certain and department not in _NOBODY else ""


def suggest_duty(
    topic: str, ended: Mapping[str, int], returns: Sequence[SettledReturn], ruled: str
) -> DutySuggestion | None:
    """What the settled matters on a topic suggest, None where nothing.

    Parameters
    ----------
    topic
        Its code.
    ended
        How many of them ended at each department, "" for none.
    returns
        Those of them that a department rightly sent back.
    ruled
        The department that the rules give the topic to, "" where they give it to none: then it
        goes to the one that most of them were sent to first, of several the first by name.
    """
    department = find_usual_end(ended)
    current = ruled or _usual_start(ended, returns)
    back = [one for one in returns if current in one.returned_by]
    if not department or current == department or not back:
        return None
    speaking = sorted((one for one in back if one.department == department), key=_newest_first)
    return DutySuggestion(
        topic=topic,
        current=current,
        department=department,
        settled_count=sum(ended.values()),
        returned_count=len(back),
        ended_count=ended[department],
        matters=tuple((one.matter_id, one.number) for one in speaking[:MOST_MATTERS]),
    )


def _usual_start(ended: Mapping[str, int], returns: Sequence[SettledReturn]) -> str:
    started = Counter(ended)
    started.subtract(one.department for one in returns)
    started.update(one.returned_by[0] for one in returns)
    return min(started.items(), key=lambda item: (-item[1], item[0]), default=("", 0))[0]


def _newest_first(one: SettledReturn) -> int:
    return -one.matter_id
