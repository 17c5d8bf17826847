"""职责目录建议: which topic should go to another department, by what became of settled matters.

Rules 办理规则 lay down which department a topic goes to: a suggestion that is accepted becomes one,
and one that is declined is not shown again until twice as many matters are settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from classifier.judging.taxonomy import Taxonomy
from service.domain.duty_suggestion import DutySuggestion, SettledTopic, suggest_duty
from service.domain.standing_rule import StandingRule
from service.errors import NotFoundError
from service.intake.rule_checks import MAX_NAME_CHARS, check_rules
from service.intake.rule_overlap import covers
from service.storage.casework.settled import count_settled, read_settled_returns
from service.storage.database import Connection
from service.storage.organisation.provisions import (
    insert_declined_duties,
    insert_rules,
    read_declined_duties,
    read_rules,
)
from service.storage.rows import take_provision_lock
from service.usecases.administration.rules import known_names
from service.usecases.context import Context

Rules = tuple[StandingRule, ...]
_SHOWN_CHARS = 64


def list_duty_suggestions(context: Context) -> list[DutySuggestion]:
    """All suggestions that nobody declined, by topic."""
    with context.database.reading() as connection:
        return list(_open_suggestions(context, connection, _rules_in_force(context, connection)))


def draft_duty_rules(context: Context, suggestions: Iterable[DutySuggestion]) -> Rules:
    """The rules in force with one more for each suggestion, to be tried; nothing is changed."""
    with context.database.reading() as connection:
        rules = _rules_in_force(context, connection)
    for one in suggestions:
        rules = with_duty(rules, one, context.triage.taxonomy)
    return rules


def find_duty_suggestion(context: Context, topic: str, department: str) -> DutySuggestion:
    """The suggestion that a topic (its code) go to a department.

    Raises
    ------
    NotFoundError
        There is none, or no longer.
    """
    return _find(list_duty_suggestions(context), topic, department)


def accept_duty(context: Context, topic: str, department: str, account: str) -> None:
    """Put a rule in force that gives a topic (its code) to the department that is suggested.

    Raises
    ------
    NotFoundError
        Nothing suggests it, or no longer.
    RulesError
        There are too many rules; nothing was changed.
    """
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        rules = _rules_in_force(context, connection)
        found = _find(_open_suggestions(context, connection, rules), topic, department)
        changed = with_duty(rules, found, context.triage.taxonomy)
        check_rules(changed, known_names(context))
        insert_rules(connection, changed, context.now(), account)


def decline_duty(context: Context, topic: str, department: str, account: str) -> None:
    """Don't show a suggestion again until twice as many matters on its topic are settled.

    Raises
    ------
    NotFoundError
        There is none, or no longer.
    """
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        rules = _rules_in_force(context, connection)
        found = _find(_open_suggestions(context, connection, rules), topic, department)
        declined = read_declined_duties(connection) | {(topic, department): found.settled_count}
        insert_declined_duties(connection, declined, context.now(), account)


def with_duty(rules: Rules, suggestion: DutySuggestion, taxonomy: Taxonomy) -> Rules:
    """The rules with one that gives a topic to the department that is suggested.

    It stands before the rule that gives the topic to another, else at the end: what is laid down
    for some of the topic's messages still holds.
    """
    path = "/".join(taxonomy.path(suggestion.topic))
    name = f"职责目录：{path} → {suggestion.department}"[:MAX_NAME_CHARS]
    others = [rule for rule in rules if rule.name != name]
    deciding = _rule_for(others, suggestion.topic, taxonomy)
    place = others.index(deciding) if deciding else len(others)
    added = StandingRule(name, topics=(path,), department=suggestion.department)
    return (*others[:place], added, *others[place:])


def _rules_in_force(context: Context, connection: Connection) -> Rules:
    rules = read_rules(connection)
    return context.triage.rules.rules if rules is None else rules


def _open_suggestions(
    context: Context, connection: Connection, rules: Rules
) -> Iterator[DutySuggestion]:
    declined = read_declined_duties(connection)
    for one in _suggest(context, connection, rules):
        if one.settled_count >= 2 * declined.get((one.topic, one.department), 0):
            yield one


def _suggest(context: Context, connection: Connection, rules: Rules) -> Iterator[DutySuggestion]:
    taxonomy = context.triage.taxonomy
    known = {department.name for department in context.triage.organisation.departments}
    asked: dict[str, tuple[SettledTopic, StandingRule | None]] = {}
    for topic, settled in sorted(count_settled(connection).items()):
        if topic in taxonomy.names and settled.usual_end in known:
            rule = _rule_for(rules, topic, taxonomy)
            if rule.department != settled.usual_end if rule else settled.may_start_elsewhere:
                asked[topic] = settled, rule
    returns = read_settled_returns(connection, list(asked))
    for topic, (settled, rule) in asked.items():
        ruled, name = (rule.department, rule.name) if rule else ("", "")
        found = suggest_duty(topic, settled, returns.get(topic, ()), ruled)
        if found is not None:
            yield replace(found, rule=name)


def _rule_for(rules: Sequence[StandingRule], topic: str, taxonomy: Taxonomy) -> StandingRule | None:
    """The first rule that gives every message on a topic to a department."""
    about = StandingRule("", topics=(topic,))
    deciding = (rule for rule in rules if rule.department)
    return next((rule for rule in deciding if covers(rule, about, taxonomy)), None)


def _find(suggestions: Iterable[DutySuggestion], topic: str, department: str) -> DutySuggestion:
    for one in suggestions:
        if (one.topic, one.department) == (topic, department):
            return one
    raise NotFoundError(f"职责目录建议 {topic[:_SHOWN_CHARS]} {department[:_SHOWN_CHARS]}")
