"""The administrator's rules: shown, and put in force as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.domain.standing_rule import StandingRule
from service.intake.rule_checks import KnownNames, check_rules
from service.intake.rule_overlap import idle_rules
from service.intake.rule_rows import read_rules_file, read_rules_text
from service.storage.organisation.provisions import insert_rules, read_rules
from service.storage.rows import take_provision_lock
from service.usecases.context import Context


def list_rules(context: Context) -> tuple[StandingRule, ...]:
    """The rules in force, in their order: those laid down, else the shipped ones."""
    with context.database.reading() as connection:
        rules = read_rules(connection)
    return context.triage.rules.rules if rules is None else rules


def known_names(context: Context) -> KnownNames:
    """What a rule may name."""
    organisation = context.triage.organisation
    return KnownNames(
        departments={department.name for department in organisation.departments},
        studios=organisation.studio_by_code,
        is_place=_is_place(context),
        taxonomy=context.triage.taxonomy,
    )


def _is_place(context: Context) -> Callable[[str], bool]:
    areas = {area for studio in context.triage.organisation.studios for area in studio.areas}
    is_division = context.triage.gazetteer.is_division
    return lambda written: written in areas or is_division(written)


def save_rules(context: Context, rules: tuple[StandingRule, ...], actor: str) -> tuple[str, ...]:
    """Put rules in force in the place of those before, which are kept.

    Returns
    -------
    tuple of str
        Warnings of rules that can never decide, see ``idle_rules``.

    Raises
    ------
    RulesError
        A rule is wrong; nothing was changed.
    """
    check_rules(rules, known_names(context))
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        insert_rules(connection, rules, context.now(), actor)
    return idle_rules(rules, context.triage.taxonomy)


def import_rules(context: Context, path: Path, actor: str) -> tuple[int, tuple[str, ...]]:
    """Put the rules of a CSV file in force; how many, and warnings. Raises as ``save_rules``."""
    rules = read_rules_file(path, known_names(context))
    return len(rules), save_rules(context, rules, actor)


def import_rules_text(context: Context, text: str, actor: str) -> tuple[str, ...]:
    """The same for the text of such a file; the warnings alone."""
    return save_rules(context, read_rules_text(text, known_names(context)), actor)
