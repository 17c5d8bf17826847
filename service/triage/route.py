"""Route: which studio, which members and which department should get a matter.

The rules in their order: (0) a studio that the door, the administrator's first rule for the
message, or the writer names, or a member's whom the writer names; (1) the place
decides the committee; then each topic the message may have belongs to the first step that takes
it: (2) a studio of a part of the committee's area, (3) a specialty, sector or personal studio,
(4) a studio of the whole area, (5) an online studio, the committee's own or the next one above.
The studio most probably meant wins; only between equals the workload decides. Where all its
members are away or involved the next one follows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classifier.judging.taxonomy import Taxonomy
from classifier.reading.places import Place
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.kind import Kind
from service.domain.organisation import Organisation, Studio
from service.domain.standing_rule import Applied
from service.triage import reasons
from service.triage.departments import DepartmentFinder
from service.triage.directory import Directory, Lineage
from service.triage.members import MemberChoice, MemberChooser
from service.triage.named import Named, NameFinder
from service.triage.shares import if_meant
from service.triage.steps import Step, Steps, without
from service.triage.studios import StudioChoice, StudioChooser
from service.triage.topics import UNKNOWN, Topics
from service.triage.wishes import Wish, wish_of_door, wish_of_rules, wish_of_writer

_AGAINST = (Kind.COMPLAINT.value, Kind.REPORT.value)


@dataclass(frozen=True, slots=True)
class RouteRequest:
    """What the router needs to know of a message.

    ``text`` is title and body in plain form (``Reading.whole``), ``sent_on`` the day in
    Shanghai, ``wanted_studio`` the code of a studio given by the door the message came
    through, a studio's own form for one; ``ruled`` are the administrator's rules that name a
    studio and apply, in their order.
    """

    place: Place
    text: str
    classification: Classification | None
    sent_on: date
    sender_name: str
    wanted_studio: str = ""
    ruled: tuple[Applied, ...] = ()


class Router:
    """Routes messages through one directory, made once and never changed.

    Parameters
    ----------
    organisation
        The directory; codes in it that stand for nothing are passed over.
    taxonomy
        The topics the directory is written in.
    place_names
        Names of the divisions served (``Gazetteer.words``): employers are also known without
        them in front.
    """

    def __init__(
        self, organisation: Organisation, taxonomy: Taxonomy, place_names: Iterable[str]
    ) -> None:
        self._organisation = organisation
        self._topics = Topics(taxonomy)
        self._directory = Directory(organisation)
        self._steps = Steps(organisation, self._directory, self._topics)
        self._names = NameFinder(organisation)
        self._studios = StudioChooser(organisation, self._topics)
        self._members = MemberChooser(organisation, self._topics, place_names)
        self._departments = DepartmentFinder(organisation.departments)

    def route(self, request: RouteRequest, workload: Mapping[str, int]) -> Assignment:
        """Propose an assignment; the same input always gives the same.

        Parameters
        ----------
        request
            The message.
        workload
            Open matters by studio code; a studio left out has none.
        """
        mix = self._topics.mix(request.classification)
        lineage = self._directory.lineage(request.place)
        named = self._names.find(request.text)
        wish = self._wish(request, named, lineage)
        steps = self._steps.of(request.place, lineage)
        asked = self._asked(request, named)
        chosen, members, passed_over = self._choose(asked, steps, mix, workload, wish.studio)
        studio = chosen.studio.code if chosen.studio is not None else ""
        department = self._departments.choose(request.classification, request.text)
        place = reasons.place_line(request.place, lineage.nearest, lineage.committees)
        return Assignment(
            studio=studio,
            members=members.members,
            department=department.department,
            because=(
                *(place, *wish.because, *passed_over),
                *(*chosen.because, *members.because, *department.because),
            ),
            runners_up=chosen.runners_up,
        )

    def _choose(
        self,
        asked: RouteRequest,
        steps: Sequence[Step],
        mix: Mapping[str, float],
        workload: Mapping[str, int],
        wish: Studio | None,
    ) -> tuple[StudioChoice, MemberChoice, tuple[str, ...]]:
        """Studio and members, and why other studios were passed over.

        Where all members of the studio meant are away or involved the next one is chosen; the
        first all the same where it was asked for, or no other has anybody.
        """
        first = chosen = self._studios.choose(steps, mix, workload, wish)
        of_first = members = self._members_of(chosen.studio, asked, steps, mix)
        passed: dict[str, None] = {}
        lines: list[str] = []
        while wish is None and chosen.studio and not members.members:
            if not self._organisation.members_of[chosen.studio.code]:
                break
            passed[chosen.studio.code] = None
            lines += [reasons.passed_over_line(chosen.studio), *members.avoided]
            others = without(steps, passed)
            chosen = self._studios.choose(others, mix, workload, None)
            members = self._members_of(chosen.studio, asked, others, mix)
        if members.members:
            return chosen, members, tuple(lines)
        return first, of_first, ()

    def _members_of(
        self,
        studio: Studio | None,
        asked: RouteRequest,
        steps: Sequence[Step],
        mix: Mapping[str, float],
    ) -> MemberChoice:
        weights = if_meant(studio.code if studio else "", steps, mix)
        senders = (asked.sender_name,)
        return self._members.choose(studio, weights, asked.sent_on, asked.text, senders)

    def _asked(self, request: RouteRequest, named: Named) -> RouteRequest:
        """The request as members are chosen for it."""
        if not named.studios:
            return request
        return replace(request, text=self._of_persons(request.text, _kind(request)))

    def _of_persons(self, text: str, kind: str) -> str:
        """What of a text may speak of members.

        Who turns to a studio that bears a member's name does not speak of the member; who
        complains of it does.
        """
        return text if kind in _AGAINST else self._names.without_studios(text)

    def choose_members(
        self,
        studio: str,
        topic: str,
        kind: str,
        text: str,
        sent_on: date,
        senders: Collection[str],
    ) -> MemberChoice:
        """The members of a studio that a person chose: never who is away or involved.

        Parameters
        ----------
        studio
            Its code; none are chosen of one that is not there.
        topic, kind
            Codes of the second level and of the kind, "" where nobody knows them.
        text, sent_on
            As in ``RouteRequest``; the text of several messages where these are one matter.
        senders
            The names of those who wrote.
        """
        chosen = self._organisation.studio_by_code.get(studio)
        mix, text = {topic or UNKNOWN: 1.0}, self._of_persons(text, kind)
        return self._members.choose(chosen, mix, sent_on, text, senders)

    def parties(self, members: Iterable[str], request: RouteRequest) -> dict[str, str]:
        """Which of these members are a party to a message, by code, and why in Chinese."""
        senders = (request.sender_name,)
        named = self._members.parties(members, request.text, senders)
        if not named:
            return named
        asked = self._asked(request, self._names.find(request.text))
        return self._members.parties(named, asked.text, senders)

    def _wish(self, request: RouteRequest, named: Named, lineage: Lineage) -> Wish:
        by_door = wish_of_door(request.wanted_studio, self._organisation)
        if by_door.studio is not None:
            return by_door
        by_rule = wish_of_rules(request.ruled, self._organisation)
        if by_rule.studio is not None or not (named.studios or named.members):
            return Wish(by_rule.studio, (*by_door.because, *by_rule.because))
        by_writer = wish_of_writer(
            named, _kind(request), lineage, self._organisation, self._directory
        )
        because = (*by_door.because, *by_rule.because, *by_writer.because)
        return Wish(by_writer.studio, because)


def _kind(request: RouteRequest) -> str:
    return request.classification.kind.label if request.classification else ""
