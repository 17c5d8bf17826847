"""Which members of a studio are proposed on a day: never one who is away or involved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    """Codes of the members proposed, best first, why in Chinese, and why others were avoided."""

    members: tuple[str, ...]
    because: tuple[str, ...]
    avoided: tuple[str, ...] = ()


class MemberChooser:
    """Chooses within a studio by expertise, duty, absence and involvement."""

    def __init__(
        self, organisation: Organisation, topics: Topics, place_names: Iterable[str]
    ) -> None:
        self._by_code = organisation.member_by_code
        self._shifts = organisation.shifts_of
        self._topics = topics
        self._involvement = Involvement(organisation, place_names)
        self._fits = {m.code: member_fits(m, topics) for m in organisation.members}
        self._rosters = {
            studio.code: make_roster(studio, organisation, self._fits)
            for studio in organisation.studios
        }

    def choose(
        self,
        studio: Studio | None,
        mix: Mapping[str, float],
        day: date,
        text: str,
        senders: Collection[str],
    ) -> MemberChoice:
        """Up to ``PROPOSED`` members of a studio, none of no studio.

        Parameters
        ----------
        studio
            Where to look; deputies of its members may belong elsewhere.
        mix
            The weight of each topic.
        day
            Who is absent on it gives way to the deputy; between equals who is on duty goes first.
        text, senders
            Who is named in the plain text, or is one of those who wrote, doesn't handle it.
        """
        if studio is None:
            return MemberChoice((), ())
        on_duty = {s.member for s in self._shifts.get(studio.code, ()) if s.is_on(day)}
        proposal = propose(
            self._rosters[studio.code].ranked(mix, on_duty),
            self._by_code,
            day,
            lambda member: self._involvement.name_found(member, text, senders),
        )
        codes = tuple(each.member.code for each in proposal.proposed)
        avoided = tuple(reasons.avoided_line(member, name) for member, name in proposal.avoided)
        because = self._because(studio, proposal, mix, on_duty)
        return MemberChoice(codes, (because, *avoided), avoided)

    def parties(self, codes: Iterable[str], text: str, senders: Collection[str]) -> dict[str, str]:
        """Which of these members are a party to a text, by code, and why in Chinese."""
        known = [self._by_code[code] for code in codes if code in self._by_code]
        names = {m.code: self._involvement.name_found(m, text, senders) for m in known}
        return {m.code: reasons.avoided_line(m, names[m.code]) for m in known if names[m.code]}

    def _because(
        self,
        studio: Studio,
        proposal: Proposal,
        mix: Mapping[str, float],
        on_duty: Collection[str],
    ) -> str:
        if proposal.proposed:
            first = proposal.proposed[0]
            meant = first.stands_in_for or first.member
            fits = self._fits[meant.code]
            topic = max(mix, key=lambda code: mix[code] * fits.get(code, Fit.NONE))
            is_convener = meant.code == studio.convener
            name = self._topics.name(topic)
            line = reasons.member_line(first, fits.get(topic, Fit.NONE), is_convener, name)
            is_on_duty = first.member.code in on_duty
            return reasons.on_duty_line(line) if is_on_duty else line
        return reasons.NO_MEMBER
