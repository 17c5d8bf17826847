"""What must hold of 办理规则 before they are put in force."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifier.judging.taxonomy import Taxonomy
from classifier.text.clean import clean
from service.domain.order import MAX_HELPING
from service.domain.standing_rule import SenderKind, StandingRule
from service.errors import RulesError

MAX_RULES = 500
BETWEEN = ";"
MAX_NAME_CHARS = 60
_MAX_SAID_CHARS, _MAX_PARTS = 500, 200
_WORD_CHARS = range(2, 31)
_FORMULA_STARTS = ("=", "+", "-", "@")
_SHOWN_ERRORS = 50

Complain = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What a rule may name: of each kind None where there is nothing to check by yet.

    ``departments`` are names, ``studios`` codes; ``is_place`` tells whether a name or a code
    is a division's.
    """

    departments: Collection[str] | None = None
    studios: Collection[str] | None = None
    is_place: Callable[[str], bool] | None = None
    taxonomy: Taxonomy | None = None

    def unknown(self, rule: StandingRule) -> Iterator[str]:
        """What is wrong with the names in a rule."""
        for name in filter(None, (rule.department, *rule.helping)):
            if self.departments is not None and name not in self.departments:
                yield f"承办单位“{name}”不在名录中"
        if rule.studio and self.studios is not None and rule.studio not in self.studios:
            yield f"工作室“{rule.studio}”不在组织目录中"
        for topic in rule.topics:
            if (
                self.taxonomy is not None
                and topic_code(topic, self.taxonomy) not in self.taxonomy.names
            ):
                yield f"主题“{topic[:40]}”不在主题表中，应写作 一级/二级 或编码"
        for place in rule.places:
            if self.is_place is not None and not self.is_place(place):
                yield f"地点“{place[:40]}”不是已知的地名或区划代码"


def topic_code(written: str, taxonomy: Taxonomy) -> str:
    """The code of a topic that is written so, or by its names from level 1 down, "/" between.

    What stands for no topic comes back as it is.
    """
    try:
        return taxonomy.code(*written.split("/"))
    except KeyError:
        return written


def check_rules(rules: Sequence[StandingRule], known: KnownNames) -> None:
    """Let rules pass that can be put in force.

    Each has a name of its own, a condition, an outcome, words of 2–30 characters, and names
    departments, studios, topics and places that there are; at most ``MAX_RULES``.

    Raises
    ------
    RulesError
        One is wrong; the detail names each error with its rule's place from 1.
    """
    errors: list[str] = []
    if len(rules) > MAX_RULES:
        raise RulesError(f"共 {len(rules)} 条，不能超过 {MAX_RULES} 条")
    numbered = [(rule, _complainer(errors, number)) for number, rule in enumerate(rules, start=1)]
    check(numbered, known)
    raise_if_any(errors)


def _complainer(errors: list[str], number: int) -> Complain:
    return lambda what: errors.append(f"第 {number} 条：{what}")


def check(rules: Iterable[tuple[StandingRule, Complain]], known: KnownNames) -> None:
    """Complain of all that is wrong with rules."""
    seen: set[str] = set()
    for rule, complain in rules:
        for what in _faults(rule, known):
            complain(what)
        if rule.name in seen:
            complain(f"名称“{rule.name}”重复")
        seen.add(rule.name)


def _faults(rule: StandingRule, known: KnownNames) -> Iterator[str]:
    if not rule.has_condition:
        yield "没有条件：词语、地点、渠道、来信人、主题、类型至少写一项"
    if not rule.has_outcome:
        yield "没有结果：工作室、承办单位、复核、不予受理、紧急、提示至少写一项"
    if rule.helping and not rule.department:
        yield "写了“会办单位”而没有写“承办单位”"
    if rule.department in rule.helping:
        yield f"“{rule.department}”不能既主办又会办"
    yield from known.unknown(rule)
    if len(rule.name) > MAX_NAME_CHARS:
        yield f"名称不超过 {MAX_NAME_CHARS} 字"
    for said in (rule.refusal, rule.advice):
        if len(said) > _MAX_SAID_CHARS:
            yield f"不予受理的理由和提示各不超过 {_MAX_SAID_CHARS} 字"
    for parts in (rule.words, rule.unless, rule.places, rule.topics):
        if len(parts) > _MAX_PARTS:
            yield f"词语、除非、地点、主题各不超过 {_MAX_PARTS} 个"
    if len(rule.helping) > MAX_HELPING:
        yield f"会办单位不超过 {MAX_HELPING} 个"
    yield from _word_faults(rule)
    yield from _sign_faults(rule)


def _word_faults(rule: StandingRule) -> Iterator[str]:
    for word in (*rule.words, *rule.unless):
        if len(clean(word).plain.strip()) not in _WORD_CHARS:
            yield f"词语“{word[:40]}”应为 {_WORD_CHARS[0]} 至 {_WORD_CHARS[-1]} 字"
    if rule.unless and not rule.words:
        yield "写了“除非”而没有写“词语”"


def _sign_faults(rule: StandingRule) -> Iterator[str]:
    cells = rule_cells(rule)
    if not all(cell.isprintable() for cell in cells):
        yield "含有不可见字符"
    # A spreadsheet would take such a cell for a formula.
    if any(cell.startswith(_FORMULA_STARTS) for cell in cells):
        yield f"内容不能以 {' '.join(_FORMULA_STARTS)} 开头"
    if any(
        sign in part
        for part in (*rule.words, *rule.unless, *rule.places, *rule.topics)
        for sign in ";；"
    ):
        yield "词语、地点和主题中不能有分号"


def raise_if_any(errors: Sequence[str]) -> None:
    """Refuse rules with errors. Raises RulesError with the first of them, a line each."""
    if errors:
        more = [f"……共 {len(errors)} 处"] if len(errors) > _SHOWN_ERRORS else []
        raise RulesError("\n".join([*errors[:_SHOWN_ERRORS], *more]))


def rule_cells(rule: StandingRule) -> tuple[str, ...]:
    """The cells of a rule, in the order of the columns."""
    is_anyone = rule.sender is SenderKind.ANYONE
    return (
        rule.name,
        BETWEEN.join(rule.words),
        BETWEEN.join(rule.unless),
        BETWEEN.join(rule.places),
        BETWEEN.join(channel.label_zh for channel in rule.channels),
        "" if is_anyone else rule.sender.label_zh,
        rule.department,
        "是" if rule.needs_review else "",
        rule.refusal,
        "是" if rule.is_urgent else "",
        rule.advice,
        BETWEEN.join(rule.topics),
        BETWEEN.join(kind.label_zh for kind in rule.kinds),
        rule.studio,
        BETWEEN.join(rule.helping),
    )
