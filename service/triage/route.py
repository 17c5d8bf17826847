"""Route: which studio, which members and which department should get a matter.

The rules in their order: (0) a studio or member named by the door or the writer; (1) the place
decides the committee; then each topic the message may have belongs to the first step that takes
it: (2) a studio of the area, (3) a specialty, sector or personal studio, (4) an online studio,
the committee's own or the next one above. The studio most probably meant wins; only between
equals the workload decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from classifier.places import Place
from classifier.taxonomy import Taxonomy
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.organisation import Organisation
from service.triage import reasons
from service.triage.departments import DepartmentFinder
from service.triage.directory import Directory, Lineage
from service.triage.members import MemberChooser
from service.triage.named import Named, NameFinder
from service.triage.shares import if_meant
from service.triage.steps import Steps
from service.triage.studios import StudioChooser
from service.triage.topics import Topics
from service.triage.wishes import Wish, wish_of_door, wish_of_writer


@dataclass(frozen=True, slots=True)
class RouteRequest:
    """What the router needs to know of a message.

    ``text`` is title and body in plain form (``Reading.whole``), ``sent_on`` the day in
    Shanghai, ``wanted_studio`` the code of a studio given by the door the message came
    through, a studio's own form for one.
    """

    place: Place
    text: str
    classification: Classification | None
    sent_on: date
    sender_name: str
    wanted_studio: str = ""


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
        chosen = self._studios.choose(steps, mix, workload, wish.studio)
        studio = chosen.studio.code if chosen.studio is not None else ""
        members = self._members.choose(
            chosen.studio,
            if_meant(studio, steps, mix),
            request.sent_on,
            request.text,
            request.sender_name,
        )
        department = self._departments.choose(request.classification, request.text)
        place = reasons.place_line(request.place, lineage.nearest, lineage.committees)
        return Assignment(
            studio=studio,
            members=members.members,
            department=department.department,
            because=(place, *wish.because, *chosen.because, *members.because, *department.because),
            runners_up=chosen.runners_up,
        )

    def _wish(self, request: RouteRequest, named: Named, lineage: Lineage) -> Wish:
        by_door = wish_of_door(request.wanted_studio, self._organisation)
        if by_door.studio is not None or not (named.studios or named.members):
            return by_door
        kind = request.classification.kind.label if request.classification else ""
        by_writer = wish_of_writer(named, kind, lineage, self._organisation, self._directory)
        return Wish(by_writer.studio, (*by_door.because, *by_writer.because))
