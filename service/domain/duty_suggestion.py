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
class SettledTopic:
    """What became of the settled matters on a topic.

    ``ended`` tells how many ended at each department ("" for none), ``returned_count`` how many of
    them all were ever sent back, rightly or not.
    """

    ended: Mapping[str, int]
    returned_count: int

    @property
    def settled_count(self) -> int:
        """How many there are."""
        return sum(self.ended.values())

    @property
    def usual_end(self) -> str:
        """The department at which most of them end, "" where that is not certain.

        Certain is more than half, with 95 % by Wilson's interval and of ``FEWEST_SETTLED`` or
        more: the interval of any other department then lies below a half.
        """
        if self.settled_count < FEWEST_SETTLED:
            return ""
        department = _most(self.ended)
        share = wilson_interval(self.ended[department], self.settled_count)[0]
        return department if share > _HALF and department not in _NOBODY else ""

    @property
    def may_start_elsewhere(self) -> bool:
        """Whether most can have gone first to another department than to their usual end.

        That follows from the counts alone, and spares reading histories where it cannot be.
        """
        first, *others = sorted(self.ended.values(), reverse=True)
        return 2 * self.returned_count >= first - max(others, default=0)


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


def suggest_duty(
    topic: str, settled: SettledTopic, returns: Sequence[SettledReturn], ruled: str
) -> DutySuggestion | None:
    """What the settled matters on a topic suggest, None where nothing.

    Parameters
    ----------
    topic
        Its code.
    settled
        How they ended.
    returns
        Those of them that a department rightly sent back.
    ruled
        The department that the rules give the topic to, "" where they give it to none: then it
        goes to the one that most of them were sent to first, of several the first by name.
    """
    department = settled.usual_end
    current = ruled or _usual_start(settled, returns)
    back = [one for one in returns if current in one.returned_by]
    if not department or current == department or not back:
        return None
    speaking = sorted((one for one in back if one.department == department), key=_newest_first)
    return DutySuggestion(
        topic=topic,
        current=current,
        department=department,
        settled_count=settled.settled_count,
        returned_count=len(back),
        ended_count=settled.ended[department],
        matters=tuple((one.matter_id, one.number) for one in speaking[:MOST_MATTERS]),
    )


def _usual_start(settled: SettledTopic, returns: Sequence[SettledReturn]) -> str:
    started = Counter(settled.ended)
    started.subtract(one.department for one in returns)
    started.update(one.returned_by[0] for one in returns)
    return _most(started)


def _most(counts: Mapping[str, int]) -> str:
    """What is counted most often, of several the first by name; "" of nothing."""
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _newest_first(one: SettledReturn) -> int:
    return -one.matter_id
