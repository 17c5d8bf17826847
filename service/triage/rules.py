"""Rules: what an administrator laid down for messages like this one, beside the model's view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from classifier.judging.taxonomy import Taxonomy
from classifier.reading.places import Place
from classifier.text.clean import clean
from classifier.text.spots import PairFinder
from service.domain.channel import Channel
from service.domain.classification import Classification
from service.domain.kind import Kind
from service.domain.standing_rule import Applied, Ruling, SenderKind, StandingRule
from service.triage.directory import area_names

_SHOWN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at of a message.

    ``whole`` is title and body in plain form (``Reading.whole``), ``place`` where it is about;
    ``classification`` is None where nobody has made one.
    """

    whole: str
    place: Place
    channel: Channel
    is_anonymous: bool
    classification: Classification | None


class RuleBook:
    """Knows which rules apply to a message. Made once for a set of rules, never changed.

    Parameters
    ----------
    rules
        In their order.
    taxonomy
        Whose topics they name; without one topics are known by their codes alone.
    """

    def __init__(self, rules: tuple[StandingRule, ...], taxonomy: Taxonomy | None = None) -> None:
        self.rules = rules
        self._topics = [tuple(_topic_code(t, taxonomy) for t in rule.topics) for rule in rules]
        self._words = [frozenset(map(as_found, rule.words)) for rule in rules]
        self._unless = [frozenset(map(as_found, rule.unless)) for rule in rules]
        words = frozenset().union(*self._words, *self._unless) - {""}
        self._short = [word for word in words if len(word) == 1]
        self._long: dict[str, list[str]] = {}
        for word in words.difference(self._short):
            self._long.setdefault(word[:2], []).append(word)
        self._beginnings = PairFinder(self._long)

    def rule_on(self, subject: Subject) -> Ruling | None:
        """What the rules say of a message; None where none applies."""
        applied = tuple(self._applied(self._found(subject.whole), subject))
        return Ruling(applied) if applied else None

    def _found(self, text: str) -> dict[str, None]:
        """The words of all rules that stand in a plain text, in the order of their ends."""
        # Few pairs of characters of a text begin a word, so that hardly any word is looked for.
        pairs = {text[at : at + 2] for at in self._beginnings.places(text)}
        may_stand = chain(self._short, *(self._long[pair] for pair in pairs))
        places = ((text.find(word), word) for word in may_stand)
        found = sorted((at + len(word), at, word) for at, word in places if at >= 0)
        return dict.fromkeys(word for _, _, word in found)

    def _applied(self, found: dict[str, None], subject: Subject) -> Iterator[Applied]:
        conditions = zip(self.rules, self._words, self._unless, self._topics, strict=True)
        for rule, words, unless, topics in conditions:
            met = [word for word in found if word in words]
            if words and (not met or not unless.isdisjoint(found)):
                continue
            is_met = (
                _is_about(rule, subject.place)
                and _came_so(rule, subject)
                and _is_judged_so(rule, topics, subject.classification)
            )
            if is_met:
                yield Applied(rule, _because(rule, met, subject))


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


def _came_so(rule: StandingRule, subject: Subject) -> bool:
    if rule.channels and subject.channel not in rule.channels:
        return False
    if rule.sender is SenderKind.ANYONE:
        return True
    return subject.is_anonymous == (rule.sender is SenderKind.ANONYMOUS)


def _is_judged_so(
    rule: StandingRule, topics: tuple[str, ...], judged: Classification | None
) -> bool:
    if not (rule.topics or rule.kinds):
        return True
    if judged is None:
        return False
    is_of_kind = not rule.kinds or judged.kind.label in {kind.value for kind in rule.kinds}
    return is_of_kind and (not topics or judged.topic.label.startswith(topics))


def _topic_code(written: str, taxonomy: Taxonomy | None) -> str:
    """The code of a topic; as it is written where it is a code, or no topic that is known."""
    try:
        return written if taxonomy is None else taxonomy.code(*written.split("/"))
    except KeyError:
        return written


def _because(rule: StandingRule, met: list[str], subject: Subject) -> str:
    parts = [f"文中有“{'”“'.join(met[:_SHOWN_WORDS])}”"] if met else []
    if rule.places:
        parts.append(f"地点为{subject.place.name}")
    if rule.topics:
        parts.append(f"主题属{'、'.join(rule.topics[:_SHOWN_WORDS])}")
    if rule.kinds and subject.classification is not None:
        parts.append(f"类型为{Kind(subject.classification.kind.label).label_zh}")
    if rule.channels:
        parts.append(f"渠道为{subject.channel.label_zh}")
    if rule.sender is not SenderKind.ANYONE:
        parts.append(f"来信人{rule.sender.label_zh}")
    return "，".join(parts)


def make_rule_book(rules: tuple[StandingRule, ...], taxonomy: Taxonomy | None = None) -> RuleBook:
    """The rule book of these rules; the same one for the same rules and taxonomy."""
    return _made(rules, _ByDigest(taxonomy))


@dataclass(frozen=True, slots=True)
class _ByDigest:
    """A taxonomy that can be told from others, which itself cannot be."""

    taxonomy: Taxonomy | None

    def __hash__(self) -> int:
        return hash(self.taxonomy.digest) if self.taxonomy else 0


@lru_cache(maxsize=8)
def _made(rules: tuple[StandingRule, ...], names: _ByDigest) -> RuleBook:
    return RuleBook(rules, names.taxonomy)


NO_RULES = RuleBook(())


def ruling_lines(ruling: Ruling) -> tuple[str, ...]:
    """What each rule says, in Chinese, a line each."""
    return tuple(_line(applied) for applied in ruling.applied)


def _line(applied: Applied) -> str:
    rule = applied.rule
    said = [
        f"指定由工作室{rule.studio}承接" if rule.studio else "",
        f"建议由{rule.department}承办" if rule.department else "",
        f"会办{'、'.join(rule.helping)}" if rule.helping else "",
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
