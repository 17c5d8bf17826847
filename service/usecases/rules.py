"""The administrator's rules: shown, and put in force as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.domain.standing_rule import StandingRule
from service.intake.rule_rows import check_rules, read_rules_file, read_rules_text
from service.storage.provisions import insert_rules, read_rules
from service.storage.rows import take_provision_lock
from service.usecases.context import Context


def list_rules(context: Context) -> tuple[StandingRule, ...]:
    """The rules in force, in their order: those laid down, else the shipped ones."""
    with context.database.reading() as connection:
        rules = read_rules(connection)
    return context.triage.rules.rules if rules is None else rules


def departments_of(context: Context) -> set[str]:
    """The names a rule may suggest."""
    return {department.name for department in context.triage.organisation.departments}


def save_rules(context: Context, rules: tuple[StandingRule, ...], actor: str) -> None:
    """Put rules in force in the place of those before, which are kept.

    Raises
    ------
    RulesError
        A rule is wrong; nothing was changed.
    """
    check_rules(rules, departments_of(context))
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        insert_rules(connection, rules, context.now(), actor)


def import_rules(context: Context, path: Path, actor: str) -> int:
    """Put the rules of a CSV file in force; how many. Raises as ``save_rules``."""
    return _save(context, lambda known: read_rules_file(path, known), actor)


def import_rules_text(context: Context, text: str, actor: str) -> int:
    """The same for the text of such a file."""
    return _save(context, lambda known: read_rules_text(text, known), actor)


def _save(
    context: Context, read: Callable[[set[str]], tuple[StandingRule, ...]], actor: str
) -> int:
    rules = read(departments_of(context))
    save_rules(context, rules, actor)
    return len(rules)
