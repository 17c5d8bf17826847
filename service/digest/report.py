"""The digest itself: everything the documents say, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from service.digest.compare import lay_base
from service.digest.counts import Dimension
from service.digest.facts import Facts, MatterFact, MessageFact, Names
from service.digest.fresh import Fresh, find_fresh
from service.digest.health import Health, examine
from service.digest.hot import HotMatter, by_matter, find_hot
from service.digest.materials import Material
from service.digest.new_words import NewWord
from service.digest.overdue import Overdue, find_overdue
from service.digest.overview import Overview, survey
from service.digest.periods import Period
from service.digest.red_head import RedHead
from service.digest.risen_words import RisenWord
from service.digest.rising import Rising, find_rising
from service.digest.season import Season, find_season
from service.digest.stuck import Stuck, find_stuck
from service.digest.tables import CountTable, count_table, lay_window
from service.digest.texts import TITLE_LENGTH, fit
from service.digest.work import Work, sum_up_work
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope
from service.errors import InvalidInputError

UNTITLED = "（无标题）"


@dataclass(frozen=True, slots=True)
class Digest:
    """A period summed up.

    ``issuer`` signs the document, "" if nobody does; ``obstacle`` says in Chinese why rises
    and falls are not judged, "" when they are; ``messages`` are those of the period, by id;
    ``head`` is what stands in red over the documents.
    """

    period: Period
    scope: DigestScope
    issuer: str
    cut_at: datetime
    names: Names
    obstacle: str
    overview: Overview
    hot: tuple[HotMatter, ...]
    rising: Rising
    fresh: Fresh
    new_words: tuple[NewWord, ...]
    risen_words: tuple[RisenWord, ...]
    season: Season
    overdue: Overdue
    stuck: Stuck
    work: Work
    health: Health
    tables: tuple[CountTable, ...]
    messages: tuple[MessageFact, ...]
    materials: tuple[Material, ...] = ()
    head: RedHead | None = None

    @property
    def title(self) -> str:
        """E.g. ``民情周报（2019年第28周）``."""
        return f"民情{self.period.kind.label_zh}（{self.period.label_zh}）"

    def table(self, dimension: Dimension) -> CountTable:
        """The count table of ``dimension``."""
        return next(table for table in self.tables if table.dimension is dimension)

    def studio_name(self, code: str) -> str:
        """The name of a studio, its code where it has none."""
        return fit(self.names.studios.get(code, code))

    def member_name(self, code: str) -> str:
        """The name of a member, the code where it has none."""
        return fit(self.names.members.get(code, code))


def build_digest(
    period: Period, facts: Facts, names: Names, issuer: str = "", scope: DigestScope = WHOLE_COUNTY
) -> Digest:
    """Sum up ``period``.

    Parameters
    ----------
    period : Period
        What to sum up.
    facts : Facts
        The messages of ``period.window()`` and the matters the period touches; messages of
        other days are ignored. Order does not matter: the same facts give the same digest.
    names : Names
        Names of topics, studios and committees.
    issuer : str
        Who signs the document, e.g. the office of the committee.
    scope : DigestScope
        What the facts were narrowed to, to be told.

    Raises
    ------
    InvalidInputError
        The period had not begun when the facts were read.
    """
    if facts.cut_at.astimezone(SHANGHAI).date() < period.first_day:
        raise InvalidInputError(f"{period.label_zh}尚未开始，没有可汇总的留言")
    base = lay_base(period, facts.known_since, facts.cut_at)
    window = lay_window([one for one in facts.messages if one.part_of is None], base)
    voices = lay_window(facts.messages, base)  # in their matters parts speak too
    matters = sorted((tidy(matter) for matter in facts.matters), key=lambda one: one.id)
    current = by_matter(voices.current)
    return Digest(
        period=period,
        scope=scope,
        issuer=fit(issuer),
        cut_at=facts.cut_at.astimezone(SHANGHAI),
        names=names,
        obstacle=base.obstacle,
        overview=survey(facts, matters, current.keys(), window, base),
        hot=find_hot(
            matters,
            current,
            by_matter(voices.before[0]) if base.known_count else None,
            facts.concerns,
        ),
        rising=find_rising(period, facts, names),
        fresh=find_fresh(matters, current, window, base, names),
        new_words=(),  # the texts are read later
        risen_words=(),
        season=find_season(period, facts, names),
        overdue=find_overdue(matters, min(period.end_at, facts.cut_at)),
        stuck=find_stuck(matters, facts.handling.ratings, period, min(period.end_at, facts.cut_at)),
        work=sum_up_work(facts.handling.deeds),
        health=examine(facts.judged, base),
        tables=tuple(count_table(window, dimension, base, names) for dimension in Dimension),
        messages=window.current,
    )


def tidy(matter: MatterFact) -> MatterFact:
    """The matter with texts fit for a document; a missing title is said to be missing."""
    return replace(
        matter,
        number=fit(matter.number),
        title=fit(matter.title, TITLE_LENGTH) or UNTITLED,
        department=fit(matter.department),
        place=fit(matter.place),
    )
