"""Which members of a studio are proposed on a day: never one who is away or involved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.organisation import Organisation, Studio
from service.triage import reasons
from service.triage.involved import Involvement
from service.triage.proposal import Proposal, propose
from service.triage.roster import Fit, make_roster, member_fits
from service.triage.topics import Topics


@dataclass(frozen=True, slots=True)
class MemberChoice:
    """Codes of the members proposed, best first, and why in Chinese."""

    members: tuple[str, ...]
    because: tuple[str, ...]


class MemberChooser:
    """Chooses within a studio by expertise, absence and involvement."""

    def __init__(
        self, organisation: Organisation, topics: Topics, place_names: Iterable[str]
    ) -> None:
        self._by_code = organisation.member_by_code
        self._topics = topics
        self._involvement = Involvement(organisation, place_names)
        self._fits = {m.code: member_fits(m, topics) for m in organisation.members}
        self._rosters = {
            studio.code: make_roster(studio, organisation, topics, self._fits)
            for studio in organisation.studios
        }

    def choose(
        self,
        studio: Studio | None,
        mix: Mapping[str, float],
        day: date,
        text: str,
        sender_name: str,
    ) -> MemberChoice:
        """Up to ``proposal.PROPOSED`` members of a studio, none of no studio.

        Parameters
        ----------
        studio
            Where to look; deputies of its members may belong elsewhere.
        mix
            The weight of each topic.
        day
            Who is absent on it gives way to the deputy.
        text, sender_name
            Who is named in the plain text, or wrote it, doesn't handle it.
        """
        if studio is None:
            return MemberChoice((), ())
        proposal = propose(
            self._rosters[studio.code].ranked(mix),
            self._by_code,
            day,
            lambda member: self._involvement.name_found(member, text, sender_name),
        )
        codes = tuple(each.member.code for each in proposal.proposed)
        return MemberChoice(codes, tuple(self._because(studio, proposal, mix)))

    def _because(
        self, studio: Studio, proposal: Proposal, mix: Mapping[str, float]
    ) -> Iterable[str]:
        if proposal.proposed:
            first = proposal.proposed[0]
            meant = first.stands_in_for or first.member
            fits = self._fits[meant.code]
            topic = max(mix, key=lambda code: mix[code] * fits.get(code, Fit.NONE))
            is_convener = meant.code == studio.convener
            name = self._topics.name(topic)
            yield reasons.member_line(first, fits.get(topic, Fit.NONE), is_convener, name)
        else:
            yield reasons.NO_MEMBER
        yield from (reasons.avoided_line(member, name) for member, name in proposal.avoided)
