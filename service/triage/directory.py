"""The directory as the router asks it: which committee a place belongs to, and what is above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.reading.places import Place
from service.domain.organisation import Committee, CommitteeLevel, Organisation, StudioKind


@dataclass(frozen=True, slots=True)
class Lineage:
    """Whose a message is by its place.

    ``nearest`` is the committee or liaison group of the place itself (None where the message
    names no place), ``committees`` the ones that can take it: the nearest one with studios
    first, then those above it; without a place, those that stand above all others. Empty where
    nobody can.
    """

    nearest: Committee | None
    committees: tuple[Committee, ...]


NOBODY = Lineage(None, ())


class Directory:
    """The tree of committees. A liaison group's studios count as its committee's own.

    Codes that stand for nothing and parents that run in a circle end the way up.
    """

    def __init__(self, organisation: Organisation) -> None:
        self._committees = organisation.committee_by_code
        ordered = sorted(organisation.committees, key=lambda committee: committee.code)
        self._staffed = {self.home(studio.committee) for studio in organisation.studios}
        self._by_division: dict[str, Committee] = {}
        for committee in ordered:
            if committee.division:
                self._by_division.setdefault(committee.division, committee)
        self._by_area = self._areas(organisation)
        self._lineages = {c.code: Lineage(c, self._staffed_above(c.code)) for c in ordered}
        self._trunk = Lineage(None, self._above_all(ordered))

    def _up(self, code: str) -> Iterator[Committee]:
        seen: set[str] = set()
        while code in self._committees and code not in seen:
            seen.add(code)
            yield self._committees[code]
            code = self._committees[code].parent

    def home(self, code: str) -> str:
        """The committee a liaison group belongs to; any other code itself."""
        for committee in self._up(code):
            if committee.level is not CommitteeLevel.LIAISON:
                return committee.code
        return code

    def _staffed_above(self, code: str) -> tuple[Committee, ...]:
        homes = dict.fromkeys(self.home(committee.code) for committee in self._up(code))
        above = [self._committees[home] for home in homes]
        while above and above[0].code not in self._staffed:
            above.pop(0)
        return tuple(above)

    def _above_all(self, ordered: Sequence[Committee]) -> tuple[Committee, ...]:
        """Committees that stand above all others, with studios, the lowest first.

        Below a top of the tree that is each one without a sibling: a province whose only city
        has studios leaves to that city what names no place.
        """
        active = {above.code for code in self._staffed for above in self._up(code)}
        below: dict[str, list[Committee]] = {}
        for committee in ordered:
            is_group = committee.level is CommitteeLevel.LIAISON
            if committee.code in active and not is_group:
                parent = committee.parent if committee.parent in self._committees else ""
                below.setdefault(parent, []).append(committee)
        found = top = below.get("", [])
        while len(top) == 1 and len(top := below.get(top[0].code, [])) == 1:
            found = [*top, *found]
        return tuple(c for c in found if c.code in self._staffed)

    def _areas(self, organisation: Organisation) -> dict[str, set[str]]:
        areas: dict[str, set[str]] = {}
        for studio in organisation.studios:
            if studio.kind is StudioKind.AREA and studio.committee in self._committees:
                for area in studio.areas:
                    areas.setdefault(area, set()).add(self.home(studio.committee))
        return areas

    def lineage(self, place: Place) -> Lineage:
        """Who can take a message about a place, by the codes of divisions.

        A place without a committee of its own belongs to the one whose division encloses it,
        else to the only one whose area studio names it. No place: to the tops of the tree.
        """
        if not place.code:
            return self._trunk
        for end in range(len(place.code), 0, -1):
            committee = self._by_division.get(place.code[:end])
            if committee is not None:
                return self._lineages[committee.code]
        return self._by_name(place)

    def is_akin(self, code: str, lineage: Lineage) -> bool:
        """Whether a committee stands above or below the one a message is near to, or is it.

        Every committee is akin to a message without a place, or with one nobody answers for.
        """
        if lineage.nearest is None:
            return True
        above = {committee.code for committee in self._up(lineage.nearest.code)}
        return code in above or lineage.nearest in self._up(code)

    def _by_name(self, place: Place) -> Lineage:
        for name in area_names(place):
            homes = self._by_area.get(name, ())
            if len(homes) == 1:
                return self._lineages[next(iter(homes))]
        return NOBODY


def served_divisions(organisation: Organisation) -> tuple[str, ...]:
    """Codes of the cities and counties whose committees have studios, ascending.

    People write to these without saying which county they mean. One inside another is left out.
    """
    directory = Directory(organisation)
    homes = {directory.home(studio.committee) for studio in organisation.studios}
    codes = {
        committee.division
        for committee in organisation.committees
        if committee.code in homes and committee.level is not CommitteeLevel.PROVINCE
    }
    return tuple(
        code
        for code in sorted(codes)
        if code and not any(code != other and code.startswith(other) for other in codes if other)
    )


def area_names(place: Place) -> tuple[str, ...]:
    """The names a directory may list a place under, the smallest area first."""
    names = (place.town, place.county, place.name, place.code)
    return tuple(dict.fromkeys(name for name in names if name))
