"""办理规则 that can never decide, because an earlier one always does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import eq
from typing import TypeVar

from classifier.judging.taxonomy import Taxonomy
from service.domain.standing_rule import SenderKind, StandingRule
from service.intake.rule_checks import topic_code

Alternative = TypeVar("Alternative")


def idle_rules(rules: Sequence[StandingRule], taxonomy: Taxonomy) -> tuple[str, ...]:
    """A warning, in Chinese, for each studio or department of a rule that never gets anything.

    It is so where every message that a rule applies to meets an earlier one with an outcome of
    the same sort. What follows from several earlier rules together is not looked for.
    """
    return (
        *_idle(rules, taxonomy, "工作室", lambda rule: rule.studio),
        *_idle(rules, taxonomy, "承办单位", lambda rule: rule.department),
    )


def _idle(
    rules: Sequence[StandingRule],
    taxonomy: Taxonomy,
    what: str,
    outcome: Callable[[StandingRule], str],
) -> Iterator[str]:
    deciding = [rule for rule in rules if outcome(rule)]
    for place, rule in enumerate(deciding):
        first = next((e for e in deciding[:place] if covers(e, rule, taxonomy)), None)
        if first is not None:
            yield f"规则“{rule.name}”的{what}用不上：排在前面的“{first.name}”总是先适用"


def covers(first: StandingRule, later: StandingRule, taxonomy: Taxonomy) -> bool:
    """Whether every message that meets the later rule's conditions meets the first one's."""
    topics = [topic_code(topic, taxonomy) for topic in first.topics]
    return (
        _holds(first.words, later.words)
        and set(first.unless) <= set(later.unless)
        and _holds(first.channels, later.channels)
        and _holds(first.kinds, later.kinds)
        and _holds(first.places, later.places, _is_within)
        and _holds(topics, [topic_code(t, taxonomy) for t in later.topics], _is_within)
        and first.sender in (SenderKind.ANYONE, later.sender)
    )


def _is_within(part: str, whole: str) -> bool:
    return part == whole or (whole.isdigit() and part.startswith(whole))


def _holds(
    first: Sequence[Alternative],
    later: Sequence[Alternative],
    is_within: Callable[[Alternative, Alternative], bool] = eq,
) -> bool:
    """Whether a list of alternatives lets pass all that the later one does; an empty one does."""
    if not first:
        return True
    return bool(later) and all(any(is_within(one, whole) for whole in first) for one in later)
