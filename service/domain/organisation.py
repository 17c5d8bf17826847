"""政协组织: committees, studios, members, departments, who is on duty, and what studios did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from service.domain.labels import Labelled
from service.domain.sector import Sector


class CommitteeLevel(Labelled):
    """The level of a committee."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    LIAISON = "liaison", "联络组"


class DepartmentLevel(Labelled):
    """The level of government a department belongs to."""

    NATION = "nation", "国家"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"


class StudioKind(Labelled):
    """The five kinds of studio."""

    AREA = "area", "区域"
    SECTOR = "sector", "界别"
    SPECIALTY = "specialty", "特色"
    PERSONAL = "personal", "个人"
    ONLINE = "online", "线上"


@dataclass(frozen=True, slots=True)
class Committee:
    """政协: a node of the tree; ``parent`` is a committee's code or ""."""

    code: str
    name: str
    level: CommitteeLevel
    parent: str
    division: str


@dataclass(frozen=True, slots=True)
class Studio:
    """委员工作室. ``topics`` are "level1" or "level1/level2" names; ``areas`` division names.

    ``two_signatures``: its answers are signed by another person than the one who drafted them.
    """

    code: str
    name: str
    kind: StudioKind
    committee: str
    areas: tuple[str, ...] = ()
    sector: str = ""
    topics: tuple[str, ...] = ()
    convener: str = ""
    deputies: tuple[str, ...] = ()
    contact: str = ""
    opening_hours: str = ""
    capacity: int = 0
    yearly_allocation: int = 0
    two_signatures: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """委员. Absent from ``absent_from`` to ``absent_to`` inclusive; ``deputy`` stands in."""

    code: str
    name: str
    committee: str
    level: CommitteeLevel
    sector: str
    specialties: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    employer: str = ""
    absent_from: date | None = None
    absent_to: date | None = None
    deputy: str = ""
    is_shown: bool = False

    def is_absent_on(self, day: date) -> bool:
        """Whether the member is away on ``day``."""
        if self.absent_from is None:
            return False
        return self.absent_from <= day and (self.absent_to is None or day <= self.absent_to)


@dataclass(frozen=True, slots=True)
class Department:
    """承办单位, with the names people use for it and its duties in words.

    ``level`` is None and ``division`` (a code) "" where the directory does not tell.
    """

    name: str
    aliases: tuple[str, ...] = ()
    duties: str = ""
    level: DepartmentLevel | None = None
    division: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """值班: a member is on duty in a studio from ``first_day`` to ``last_day``, both inclusive.

    On the ISO ``weekdays`` (1 is Monday) only, on each day where none is named; ``hours`` are
    "09:00-11:30", or "" where they are the studio's.
    """

    studio: str
    member: str
    first_day: date
    last_day: date
    weekdays: tuple[int, ...] = ()
    hours: str = ""

    def is_on(self, day: date) -> bool:
        """Whether the member is on duty on ``day``."""
        is_weekday = not self.weekdays or day.isoweekday() in self.weekdays
        return is_weekday and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Activity:
    """活动: what a studio did on a day."""

    code: str
    studio: str
    kind: str
    held_on: date
    subject: str
    members: tuple[str, ...] = ()
    people_served: int = 0
    result: str = ""


@dataclass(frozen=True)
class Organisation:
    """The whole directory, as the router reads it."""

    committees: tuple[Committee, ...] = ()
    studios: tuple[Studio, ...] = ()
    members: tuple[Member, ...] = ()
    departments: tuple[Department, ...] = ()
    sectors: tuple[Sector, ...] = ()
    shifts: tuple[Shift, ...] = ()

    @cached_property
    def committee_by_code(self) -> dict[str, Committee]:
        """Committees by code."""
        return {committee.code: committee for committee in self.committees}

    def above(self, code: str) -> tuple[Committee, ...]:
        """The committees above one, the next first; none of one that is not there."""
        found: dict[str, Committee] = {}
        below = self.committee_by_code.get(code)
        while below and (upper := self.committee_by_code.get(below.parent)):
            if upper.code in (code, *found):
                break
            found[upper.code] = below = upper
        return tuple(found.values())

    def below(self, code: str) -> tuple[Committee, ...]:
        """The committees below one, in the order of the directory."""
        return tuple(
            each
            for each in self.committees
            if any(upper.code == code for upper in self.above(each.code))
        )

    @cached_property
    def studio_by_code(self) -> dict[str, Studio]:
        """Studios by code."""
        return {studio.code: studio for studio in self.studios}

    @cached_property
    def member_by_code(self) -> dict[str, Member]:
        """Members by code."""
        return {member.code: member for member in self.members}

    @cached_property
    def members_of(self) -> dict[str, tuple[Member, ...]]:
        """Members by studio code, in the order of the directory."""
        found: dict[str, list[Member]] = {studio.code: [] for studio in self.studios}
        for member in self.members:
            for code in member.studios:
                found.setdefault(code, []).append(member)
        return {code: tuple(members) for code, members in found.items()}

    @cached_property
    def shifts_of(self) -> dict[str, tuple[Shift, ...]]:
        """Shifts by studio code; a studio without any is left out."""
        found: dict[str, list[Shift]] = {}
        for shift in self.shifts:
            found.setdefault(shift.studio, []).append(shift)
        return {code: tuple(shifts) for code, shifts in found.items()}


@dataclass(frozen=True, slots=True)
class OrganisationBook:
    """组织资料 as a whole: what the workbook holds, the directory and what the studios did."""

    organisation: Organisation
    activities: tuple[Activity, ...] = ()
