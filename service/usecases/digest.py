"""The digest of a period, from what the storage knows."""

from __future__ import annotations

from dataclasses import replace

from service.digest.periods import Period
from service.digest.report import Digest, build_digest
from service.domain.scope import WHOLE, Scope
from service.usecases.context import Context
from service.usecases.digest_facts.concerns import concerns_of
from service.usecases.digest_facts.names import read_names
from service.usecases.digest_facts.read import read_facts
from service.usecases.telling import tell


def make_digest(context: Context, period: Period, scope: Scope = WHOLE) -> Digest:
    """Sum up a period of all matters that a scope covers; ``find_scope`` finds scopes.

    Raises
    ------
    InvalidInputError
        The period has not begun.
    """
    with context.database.reading() as connection:
        facts = read_facts(connection, period, scope, context.now())
        current = [each for each in facts.messages if period.has(each.sent_on)]
        facts = replace(facts, concerns=concerns_of(context, connection, current))
        return tell(
            context, connection, build_digest(period, facts, read_names(context), scope.name)
        )
