"""The digest of a period, from what the storage knows."""

from __future__ import annotations

from dataclasses import replace

from service.digest.periods import Period, PeriodKind
from service.digest.red_head import RedHead, read_red_head
from service.digest.report import Digest, build_digest
from service.digest.season import Season, with_messages
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.errors import InvalidInputError
from service.storage.database import Connection
from service.storage.digests.facts.messages import read_days
from service.usecases.context import Context
from service.usecases.digests.digest_facts.concerns import concerns_of
from service.usecases.digests.digest_facts.messages import read_messages_about
from service.usecases.digests.digest_facts.names import read_names
from service.usecases.digests.digest_facts.read import read_facts
from service.usecases.digests.new_words import words_of
from service.usecases.digests.telling import tell

# Whose digest it is may sign it; a topic signs nothing, and of a department others tell.
_ISSUERS = (DigestScopeKind.COMMITTEE, DigestScopeKind.STUDIO)


def make_digest(
    context: Context,
    period: Period,
    scope: DigestScope = WHOLE_COUNTY,
    head: RedHead | None = None,
) -> Digest:
    """Sum up a period of all matters that a scope covers; ``find_scope`` finds scopes.

    Without a ``head`` the county's digests bear the one of the settings, others none.

    Raises
    ------
    InvalidInputError
        The period has not begun, or all time is asked for and there are no messages.
    """
    with context.database.reading() as connection:
        period = _of_known_days(connection, period)
        facts = read_facts(connection, period, scope, context.now())
        current = [each for each in facts.messages if period.has(each.sent_on)]
        facts = replace(facts, concerns=concerns_of(context, connection, current))
        issuer = scope.name if scope.kind in _ISSUERS else ""
        digest = build_digest(period, facts, read_names(context), issuer, scope)
        digest = replace(digest, season=_season_of(connection, digest))
        if not digest.obstacle:
            new, risen = words_of(context, connection, facts.messages, period)
            digest = replace(digest, new_words=new, risen_words=risen)
        return replace(tell(context, connection, digest), head=head or _usual(context, scope))


def _usual(context: Context, scope: DigestScope) -> RedHead | None:
    """The settings' head is the county's: no studio or department speaks under it."""
    is_whole = scope.kind is DigestScopeKind.WHOLE
    return read_red_head(context.settings.red_head) if is_whole else None


def _season_of(connection: Connection, digest: Digest) -> Season:
    """What came up at this season, with the messages of that time."""
    season = digest.season
    subjects = [(each.topic, each.place) for each in season.topics]
    told = read_messages_about(connection, season.spans, subjects, digest.scope)
    return with_messages(season, told)


def _of_known_days(connection: Connection, period: Period) -> Period:
    """The period; all time as the days on which messages were sent."""
    if period.kind is not PeriodKind.ALL:
        return period
    days = read_days(connection)
    if days is None:
        raise InvalidInputError("系统中尚无留言，没有可汇总的时间")
    return period.within(*days)
