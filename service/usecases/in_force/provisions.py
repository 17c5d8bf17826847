"""What the administrator laid down, put in force where messages are judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.domain.review_policy import ReviewPolicy
from service.domain.standing_rule import StandingRule
from service.storage.database import Connection
from service.storage.organisation.provisions import read_rules_and_policy
from service.triage.pipeline import Triage
from service.triage.rules import make_rule_book
from service.usecases.context import Context


@dataclass(frozen=True, slots=True)
class Provisions:
    """The rules and the review policy in force; ``rules`` is None where none were laid down."""

    rules: tuple[StandingRule, ...] | None
    policy: ReviewPolicy

    def in_force(self, triage: Triage) -> Triage:
        """The triage that follows them. Without rules those that it was made with stay."""
        triage = replace(triage, policy=self.policy)
        if self.rules is None:
            return triage
        return replace(triage, rules=make_rule_book(self.rules, triage.taxonomy))


def read_provisions(connection: Connection) -> Provisions:
    """What holds now. Read it anew each time, so that every worker follows a change at once."""
    return Provisions(*read_rules_and_policy(connection))


def with_provisions(context: Context, connection: Connection) -> Context:
    """The context whose triage follows what holds now."""
    return replace(context, triage=read_provisions(connection).in_force(context.triage))
