"""Organisations of every kind that pass the checks, for properties. All names are invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from service.domain.organisation import (
    Activity,
    Committee,
    CommitteeLevel,
    Department,
    DepartmentLevel,
    Member,
    Organisation,
    OrganisationBook,
    Shift,
    Studio,
    StudioKind,
)
from service.domain.sector import Sector

# Names that a spreadsheet could take for something else.
_AWKWARD = (
    "=1+1",
    "+86",
    "-号",
    "@甲",
    "001",
    "1e5",
    "2026-03-01",
    "真",
    "TRUE",
    "#N/A",
    "'引号",
    "<b>",
)
_NAMES = st.one_of(
    st.sampled_from(_AWKWARD), st.text("甲乙丙丁戊己庚辛“”（）·Aa1-", min_size=1, max_size=12)
)
_TEXTS = st.one_of(st.just(""), _NAMES)
_CODES = st.from_regex(r"[A-Z0-9]{1,4}(-[A-Z0-9]{1,3})?", fullmatch=True)
_DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_TOPICS = ("教育文体", "教育文体/考试招生", "农村农业", "民政/社会救助")
_OWN_SECTORS = ("农业界", "教育界", "乡贤")


def _many(values: Any, most: int = 3) -> Any:
    return st.lists(values, unique=True, max_size=most).map(tuple)


@st.composite
def books(draw: st.DrawFn) -> OrganisationBook:
    """A province with counties below it, with studios, members and all the rest."""
    committee_codes = draw(st.lists(_CODES, min_size=1, max_size=4, unique=True))
    studio_codes = draw(st.lists(_CODES, max_size=4, unique=True))
    member_codes = draw(st.lists(_CODES, max_size=6, unique=True))
    committees = [Committee(committee_codes[0], "省", CommitteeLevel.PROVINCE, "", "61")]
    for code in committee_codes[1:]:
        name, division = draw(_NAMES), draw(st.sampled_from(("", "610528")))
        top = committee_codes[0]
        committees.append(Committee(code, name, CommitteeLevel.COUNTY, top, division))
    sectors = [Sector(committee_codes[0], name) for name in _OWN_SECTORS]
    homes = st.sampled_from(committee_codes)
    members = [
        draw(_members(n, member_codes, homes, studio_codes)) for n in range(len(member_codes))
    ]
    studios = [draw(_studios(code, homes, members)) for code in studio_codes]
    return OrganisationBook(
        Organisation(
            committees=tuple(committees),
            studios=tuple(studios),
            members=tuple(members),
            departments=draw(_departments()),
            sectors=tuple(sectors) if draw(st.booleans()) or _bears_own(members) else (),
            shifts=draw(_shifts(members)),
        ),
        draw(_activities(studio_codes, member_codes)),
    )


def _bears_own(members: list[Member]) -> bool:
    return any(member.sector == "乡贤" for member in members)


@st.composite
def _members(
    draw: st.DrawFn, place: int, codes: list[str], homes: Any, studio_codes: list[str]
) -> Member:
    away = draw(st.none() | _DAYS)
    until = draw(st.none() | st.just(0) | st.integers(1, 400)) if away else None
    return Member(
        code=codes[place],
        name=draw(_NAMES),
        committee=draw(homes),
        level=draw(st.sampled_from(CommitteeLevel)),
        sector=draw(st.sampled_from(("", *_OWN_SECTORS, "农业界;教育界"))),
        specialties=draw(_many(st.sampled_from(_TOPICS))),
        studios=draw(_many(st.sampled_from(studio_codes))) if studio_codes else (),
        employer=draw(_TEXTS),
        absent_from=away,
        absent_to=away + timedelta(until) if away and until is not None else None,
        # A later one, so that they run in no circle.
        deputy=draw(st.sampled_from(["", *codes[place + 1 :]])),
        is_shown=draw(st.booleans()),
    )


@st.composite
def _studios(draw: st.DrawFn, code: str, homes: Any, members: list[Member]) -> Studio:
    own = [member.code for member in members if code in member.studios]
    return Studio(
        code=code,
        name=draw(_NAMES),
        kind=draw(st.sampled_from(StudioKind)),
        committee=draw(homes),
        areas=draw(_many(_NAMES)),
        sector=draw(st.sampled_from(("", "农业界", "教育界;农业界"))),
        topics=draw(_many(st.sampled_from(_TOPICS))),
        convener=draw(st.sampled_from(["", *own])),
        deputies=draw(_many(st.sampled_from(own))) if own else (),
        contact=draw(_TEXTS),
        opening_hours=draw(_TEXTS),
        capacity=draw(st.integers(0, 2**31 - 1)),
        yearly_allocation=draw(st.integers(0, 10**6)),
    )


@st.composite
def _departments(draw: st.DrawFn) -> tuple[Department, ...]:
    names = draw(st.lists(_NAMES, unique=True, max_size=6))
    return tuple(
        Department(
            name=name,
            aliases=tuple(names[3:]) if place == 0 and len(names) > 3 else (),
            duties=draw(_TEXTS),
            level=draw(st.none() | st.sampled_from(DepartmentLevel)),
            division=draw(st.sampled_from(("", "61", "610528101"))),
        )
        for place, name in enumerate(names[:3])
    )


@st.composite
def _shifts(draw: st.DrawFn, members: list[Member]) -> tuple[Shift, ...]:
    pairs = [(studio, member.code) for member in members for studio in member.studios]
    found = []
    for studio, member in draw(_many(st.sampled_from(pairs))) if pairs else ():
        first = draw(_DAYS)
        weekdays = tuple(sorted(draw(st.sets(st.integers(1, 7)))))
        hours = draw(st.sampled_from(("", "09:00-11:30", "14:30-17:00")))
        last = first + timedelta(draw(st.integers(0, 90)))
        found.append(Shift(studio, member, first, last, weekdays, hours))
    return tuple(found)


@st.composite
def _activities(
    draw: st.DrawFn, studio_codes: list[str], member_codes: list[str]
) -> tuple[Activity, ...]:
    codes = draw(st.lists(_CODES, unique=True, max_size=3)) if studio_codes else []
    return tuple(
        Activity(
            code=code,
            studio=draw(st.sampled_from(studio_codes)),
            kind="微协商",
            held_on=draw(_DAYS),
            subject=draw(_NAMES),
            members=draw(_many(st.sampled_from(member_codes))) if member_codes else (),
            people_served=draw(st.integers(0, 10**6)),
            result=draw(_TEXTS),
        )
        for code in codes
    )
