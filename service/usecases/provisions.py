"""What the administrator laid down, put in force where messages are judged."""

from __future__ import annotations

from dataclasses import replace

from service.storage.database import Connection
from service.storage.provisions import read_review_policy, read_rules
from service.triage.rules import make_rule_book
from service.usecases.context import Context


def with_provisions(context: Context, connection: Connection) -> Context:
    """The context whose triage follows the rules and the review policy now in force.

    They are read anew each time, so that every worker follows a change at once. Where no rules
    were ever laid down, those that the triage was made with stay.
    """
    rules = read_rules(connection)
    triage = replace(context.triage, policy=read_review_policy(connection))
    if rules is not None:
        triage = replace(triage, rules=make_rule_book(rules))
    return replace(context, triage=triage)
