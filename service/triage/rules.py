"""Rules: what an administrator laid down for messages like this one, beside the model's view."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import ahocorasick

from classifier.clean import clean
from classifier.places import Place
from classifier.reading import Reading
from service.domain.classification import Classification
from service.domain.message import IncomingMessage
from service.domain.standing_rule import Applied, Ruling, SenderKind, StandingRule
from service.triage.directory import area_names

_SHOWN_WORDS = 5


class RuleBook:
    """Knows which rules apply to a message. Made once for a set of rules, never changed.

    Parameters
    ----------
    rules
        In their order.
    """

    def __init__(self, rules: tuple[StandingRule, ...]) -> None:
        self.rules = rules
        self._words = [frozenset(map(as_found, rule.words)) for rule in rules]
        self._unless = [frozenset(map(as_found, rule.unless)) for rule in rules]
        self._automaton = ahocorasick.Automaton()
        for word in frozenset().union(*self._words, *self._unless):
            if word:
                self._automaton.add_word(word, word)
        self._automaton.make_automaton()

    def rule_on(self, incoming: IncomingMessage, reading: Reading, place: Place) -> Ruling | None:
        """What the rules say of a message; None where none applies.

        Parameters
        ----------
        incoming, reading
            The message, and as it was read.
        place
            Where it is about.
        """
        found = self._found(reading.whole)
        applied = tuple(self._applied(found, incoming, place))
        return Ruling(applied) if applied else None

    def _found(self, text: str) -> dict[str, None]:
        """The words of all rules that stand in a plain text, in the order of their ends."""
        # An automaton without a word cannot be searched.
        hits = self._automaton.iter(text) if len(self._automaton) else ()
        return dict.fromkeys(word for _, word in hits)

    def _applied(
        self, found: dict[str, None], incoming: IncomingMessage, place: Place
    ) -> Iterator[Applied]:
        for rule, words, unless in zip(self.rules, self._words, self._unless, strict=True):
            met = [word for word in found if word in words]
            if words and (not met or not unless.isdisjoint(found)):
                continue
            if _is_about(rule, place) and _came_so(rule, incoming):
                yield Applied(rule, _because(rule, met, incoming, place))


def as_found(word: str) -> str:
    """A word of a rule in the form in which texts are searched for it."""
    return clean(word).plain.strip()


def _is_about(rule: StandingRule, place: Place) -> bool:
    if not rule.places:
        return True
    names = area_names(place)
    return any(
        wanted in names or (wanted.isdigit() and place.code.startswith(wanted))
        for wanted in rule.places
    )


def _came_so(rule: StandingRule, incoming: IncomingMessage) -> bool:
    if rule.channels and incoming.channel not in rule.channels:
        return False
    if rule.sender is SenderKind.ANYONE:
        return True
    return incoming.sender.is_anonymous == (rule.sender is SenderKind.ANONYMOUS)


def _because(rule: StandingRule, met: list[str], incoming: IncomingMessage, place: Place) -> str:
    parts = [f"文中有“{'”“'.join(met[:_SHOWN_WORDS])}”"] if met else []
    if rule.places:
        parts.append(f"地点为{place.name}")
    if rule.channels:
        parts.append(f"渠道为{incoming.channel.label_zh}")
    if rule.sender is not SenderKind.ANYONE:
        parts.append(f"来信人{rule.sender.label_zh}")
    return "，".join(parts)


@lru_cache(maxsize=8)
def make_rule_book(rules: tuple[StandingRule, ...]) -> RuleBook:
    """The rule book of these rules; the same one for the same rules."""
    return RuleBook(rules)


NO_RULES = RuleBook(())


def ruling_lines(ruling: Ruling) -> tuple[str, ...]:
    """What each rule says, in Chinese, a line each."""
    return tuple(_line(applied) for applied in ruling.applied)


def _line(applied: Applied) -> str:
    rule = applied.rule
    said = [
        f"建议由{rule.department}承办" if rule.department else "",
        "要求复核" if rule.needs_review else "",
        f"可能不予受理：{rule.refusal}" if rule.refusal else "",
        "按紧急办理" if rule.is_urgent else "",
        rule.advice,
    ]
    return f"规则“{rule.name}”（{applied.because}）：{'；'.join(filter(None, said))}"


def ruling_reasons(ruling: Ruling | None, classification: Classification | None) -> tuple[str, ...]:
    """Why a person should look because of the rules: they ask for it, or the model says other.

    ``classification`` is the model's; where there is none, nothing disagrees with the rules.
    """
    if ruling is None:
        return ()
    asked = [
        f"规则“{a.rule.name}”要求复核" if not a.rule.refusal else _refused(a)
        for a in ruling.applied
        if a.rule.needs_review or a.rule.refusal
    ]
    return (*asked, *(_disagreements(ruling, classification) if classification else ()))


def _refused(applied: Applied) -> str:
    return f"规则“{applied.rule.name}”提示可能不予受理：{applied.rule.refusal}"


def _disagreements(ruling: Ruling, classification: Classification) -> Iterator[str]:
    if ruling.is_urgent and not classification.is_urgent:
        yield "规则判为紧急，模型判为不紧急，已按紧急办理"
    judged = classification.department.label
    if ruling.department and ruling.department != judged:
        yield f"规则建议由{ruling.department}承办，模型判断为{judged}"
