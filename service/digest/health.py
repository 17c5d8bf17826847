"""模型运行: what the model decides alone, how often people correct it, and whether it drifts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.digest.compare import Base
from service.digest.counts import Figure
from service.digest.judged_facts import (
    CheckedMessage,
    Head,
    JudgedFacts,
    JudgedMessage,
    OpenedMatter,
)
from service.digest.overdue import MatterFigure
from service.digest.periods import Period

CONFIDENCE_STEPS = 10
# Below it a shift is slight, whatever a test says: Siddiqi, Credit risk scorecards, 2006.
SLIGHT_SHIFT = 0.1
LEAST_MESSAGES = 50  # fewer on one side say nothing of shares


@dataclass(frozen=True, slots=True)
class HeadFigure:
    """Of the messages that people looked at, those on which the model was wrong in this."""

    head: Head
    corrected: Figure


@dataclass(frozen=True, slots=True)
class HealthOfPeriod:
    """What one period says of the model.

    ``alone`` are those of the ``opened`` matters that went out without a person's look;
    ``checked`` the messages on which a person decided in the period.
    """

    period: Period
    opened: MatterFigure
    alone: MatterFigure
    checked: Figure
    heads: tuple[HeadFigure, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the period's shares lie from those of the periods before it.

    ``index`` is the population stability index; ``limit`` what chance alone exceeds in 5 % of
    periods, at least ``SLIGHT_SHIFT``. Both are None where there are too few messages.
    """

    name: str
    index: float | None
    limit: float | None
    message_ids: tuple[int, ...]

    @property
    def is_shift(self) -> bool:
        """Whether the shares moved by more than chance and by more than slightly."""
        return self.index is not None and self.limit is not None and self.index > self.limit


@dataclass(frozen=True, slots=True)
class VersionFigure:
    """A model and the period's messages that it judged."""

    version: str
    messages: Figure


@dataclass(frozen=True, slots=True)
class Health:
    """``periods`` run from this one to the earliest known; ``drifts`` compare it with them."""

    periods: tuple[HealthOfPeriod, ...]
    drifts: tuple[Drift, ...]
    versions: tuple[VersionFigure, ...]


def examine(facts: JudgedFacts, base: Base) -> Health:
    """What the facts say of the model in the period and in those before that are known."""
    known = base.periods[: base.known_count]
    current = [one for one in facts.judged if base.period.has(one.sent_on)]
    before = [one for one in facts.judged if any(each.has(one.sent_on) for each in known)]
    return Health(
        tuple(_of_period(facts, period) for period in (base.period, *known)),
        (
            _drift("主题分布", current, before, lambda one: one.topic_l1),
            _drift("判断把握", current, before, lambda one: str(confidence_step(one.confidence))),
        ),
        _versions(current),
    )


def _of_period(facts: JudgedFacts, period: Period) -> HealthOfPeriod:
    opened = [one for one in facts.opened if period.has(one.on)]
    checked = [one for one in facts.checked if period.has(one.on)]
    return HealthOfPeriod(
        period,
        _matters(opened),
        _matters(one for one in opened if not one.is_reviewed),
        _messages(checked),
        tuple(HeadFigure(head, _messages(c for c in checked if head in c.wrong)) for head in Head),
    )


def _matters(opened: Iterable[OpenedMatter]) -> MatterFigure:
    ids = tuple(sorted({one.matter_id for one in opened}))
    return MatterFigure(len(ids), ids)


def _messages(found: Iterable[CheckedMessage | JudgedMessage]) -> Figure:
    ids = tuple(sorted({one.message_id for one in found}))
    return Figure(len(ids), ids)


def confidence_step(confidence: float) -> int:
    """In which tenth a probability lies, 0 to 9."""
    return min(CONFIDENCE_STEPS - 1, max(0, int(confidence * CONFIDENCE_STEPS)))


def _drift(
    name: str,
    current: Sequence[JudgedMessage],
    before: Sequence[JudgedMessage],
    key: Callable[[JudgedMessage], str],
) -> Drift:
    ids = _messages(current).message_ids
    if min(len(current), len(before)) < LEAST_MESSAGES:
        return Drift(name, None, None, ids)
    now, then = Counter(map(key, current)), Counter(map(key, before))
    count = len(now.keys() | then.keys())
    limit = chi_square_limit(count - 1) * (1 / len(current) + 1 / len(before))
    return Drift(name, stability_index(now, then), max(limit, SLIGHT_SHIFT), ids)


def stability_index(now: Counter[str], then: Counter[str]) -> float:
    """The population stability index Σ (p − q) ln(p / q) of two counts.

    Half a message is added to every key, so that one that a side lacks does not make it infinite.
    """
    keys = sorted(now.keys() | then.keys())
    own, other = now.total() + len(keys) / 2, then.total() + len(keys) / 2
    shares = [((now[key] + 0.5) / own, (then[key] + 0.5) / other) for key in keys]
    return math.fsum((p - q) * math.log(p / q) for p, q in shares)


def chi_square_limit(freedom: int) -> float:
    """The 95 % quantile of chi-square (Wilson and Hilferty's approximation), 0 for no freedom.

    Divided by the harmonic sample size it bounds the index of unchanged shares (Yurdakul and
    Naranjo, Statistical properties of the population stability index, 2020).
    """
    if freedom < 1:
        return 0.0
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + 1.6448536269514722 * math.sqrt(part)) ** 3)


def _versions(current: Sequence[JudgedMessage]) -> tuple[VersionFigure, ...]:
    versions = sorted({one.version for one in current})
    found = [
        VersionFigure(version, _messages(one for one in current if one.version == version))
        for version in versions
    ]
    return tuple(sorted(found, key=lambda one: (-one.messages.value, one.version)))
