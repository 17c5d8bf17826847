"""Which members of a studio are proposed on a day: never one who is away or involved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.organisation import Organisation, Studio
from service.triage import reasons
from service.triage.proposal import Proposed, propose
from service.triage.roster import Fit, Roster, make_roster, member_fits
from service.triage.steps import studio_reach
from service.triage.topics import Topics


@dataclass(frozen=True, slots=True)
class MemberChoice:
    """Codes of the members proposed, best first, and why in Chinese."""

    members: tuple[str, ...]
    because: tuple[str, ...]


class MemberChooser:
    """Chooses within a studio by expertise, absence and involvement."""

    def __init__(self, organisation: Organisation, topics: Topics) -> None:
        self._by_code = organisation.member_by_code
        self._by_name: dict[str, list[str]] = {}
        for member in organisation.members:
            self._by_name.setdefault(member.name, []).append(member.code)
        self._topics = topics
        self._fits = {m.code: member_fits(m, topics) for m in organisation.members}
        self._rosters = {
            studio.code: make_roster(
                studio, organisation, studio_reach(studio, organisation, topics), topics, self._fits
            )
            for studio in organisation.studios
        }

    def choose(
        self,
        studio: Studio | None,
        mix: Mapping[str, float],
        day: date,
        involved: Mapping[str, str],
        sender_name: str,
    ) -> MemberChoice:
        """Up to ``proposal.PROPOSED`` members of a studio, none of no studio.

        Parameters
        ----------
        studio
            Where to look; deputies of its members may belong elsewhere.
        mix
            The probability of each topic.
        day
            Who is absent on it gives way to the deputy.
        involved
            Codes of members who must not handle the message, each with the name found.
        sender_name
            A member who writes doesn't handle the message either.
        """
        if studio is None:
            return MemberChoice((), ())
        senders = dict.fromkeys(self._by_name.get(sender_name, ()), sender_name)
        excluded = {**involved, **senders}
        roster = self._rosters[studio.code]
        proposed = propose(roster.ranked(mix), self._by_code, day, excluded)
        because = self._because(studio, proposed, mix)
        avoided = self._avoided(roster, excluded) if excluded else ()
        return MemberChoice(tuple(p.member.code for p in proposed), (*because, *avoided))

    def _because(
        self, studio: Studio, proposed: Sequence[Proposed], mix: Mapping[str, float]
    ) -> tuple[str, ...]:
        if not proposed:
            return (reasons.NO_MEMBER,)
        first = proposed[0]
        meant = first.stands_in_for or first.member
        fits = self._fits[meant.code]
        topic = max(mix, key=lambda code: mix[code] * fits.get(code, Fit.NONE))
        fit = fits.get(topic, Fit.NONE)
        is_convener = meant.code == studio.convener
        return (reasons.member_line(first, fit, is_convener, self._topics.name(topic)),)

    def _avoided(self, roster: Roster, excluded: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(
            reasons.avoided_line(member, excluded[member.code])
            for member in roster.members
            if member.code in excluded
        )
