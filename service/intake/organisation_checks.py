"""What an organisation must be in itself: codes, references, the tree, topics, sectors, absences.

Each check notes what it finds where it stands; none raises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from classifier.judging.taxonomy import Taxonomy
from service.domain.organisation import (
    Activity,
    Committee,
    CommitteeLevel,
    Department,
    Member,
    Shift,
    Studio,
)
from service.domain.sector import Sector, SectorLists, split_sectors
from service.intake.organisation_entries import Spot
from service.intake.organisation_shifts import check_shifts

_LEVELS = list(CommitteeLevel)  # the highest first

Noun = TypeVar("Noun")
Coded = TypeVar("Coded", Committee, Studio, Member, Activity)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Noun]):
    """A noun and where it stands."""

    spot: Spot
    noun: Noun


@dataclass(frozen=True, slots=True)
class Directory:
    """All that there is, each with where it stands."""

    committees: Sequence[Listed[Committee]]
    studios: Sequence[Listed[Studio]]
    members: Sequence[Listed[Member]]
    departments: Sequence[Listed[Department]]
    sectors: Sequence[Listed[Sector]]
    shifts: Sequence[Listed[Shift]]
    activities: Sequence[Listed[Activity]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organisation may refer to outside itself.

    ``divisions`` are the codes of all divisions; None where these are not to be looked at.
    """

    taxonomy: Taxonomy
    divisions: Collection[str] | None = None


def check_directory(directory: Directory, terms: Terms) -> None:
    """Note every repeated code, unknown reference, circle, topic, sector and division."""
    committees = _codes(directory.committees)
    studios = _codes(directory.studios)
    members = _by_code(directory.members)
    _codes(directory.activities)
    _check_tree(directory.committees)
    for studio in directory.studios:
        _check_studio(studio, committees, members, terms.taxonomy)
    for member in directory.members:
        _check_member(member, committees, studios, terms.taxonomy)
    _check_deputies(directory.members, members)
    for activity in directory.activities:
        _check_known(activity.spot, "工作室", [activity.noun.studio], studios)
        _check_known(activity.spot, "委员", activity.noun.members, members)
    _check_staffed(directory.studios, directory.members)
    _check_sectors(directory, committees)
    _check_names(directory.departments)
    _check_divisions((*directory.committees, *directory.departments), terms.divisions)
    for shift in directory.shifts:
        _check_known(shift.spot, "工作室", [shift.noun.studio], studios)
        _check_known(shift.spot, "委员", [shift.noun.member], members)
    check_shifts(((each.spot, each.noun) for each in directory.shifts), members)


def _codes(listed: Iterable[Listed[Coded]]) -> set[str]:
    """The codes listed; one that stands there twice is noted."""
    seen: set[str] = set()
    for each in listed:
        if each.noun.code and each.noun.code in seen:
            each.spot.complain(f"编号“{each.noun.code}”重复")
        seen.add(each.noun.code)
    return seen


def _by_code(members: Sequence[Listed[Member]]) -> dict[str, Member]:
    _codes(members)
    return {each.noun.code: each.noun for each in members}


def _check_known(spot: Spot, column: str, codes: Iterable[str], known: Collection[str]) -> None:
    for code in codes:
        if code and code not in known:
            spot.complain(f"“{column}”中的“{code}”不存在，请改正或先登记")


def _check_topics(spot: Spot, column: str, topics: Iterable[str], taxonomy: Taxonomy) -> None:
    for topic in topics:
        names = topic.split("/")
        try:
            taxonomy.code(*names)
        except KeyError:
            spot.complain(f"“{column}”中的“{topic}”不在主题分类中")
        else:
            if len(names) > 2:
                spot.complain(f"“{column}”中的“{topic}”应写到二级为止")


def _check_tree(committees: Sequence[Listed[Committee]]) -> None:
    """Each committee's parent exists, and going up always comes to an end."""
    parents = {each.noun.code: each.noun.parent for each in committees}
    levels = {each.noun.code: _LEVELS.index(each.noun.level) for each in committees}
    circling = _circling(parents)
    for each in committees:
        _check_known(each.spot, "上级", [each.noun.parent], parents)
        if levels.get(each.noun.parent, -1) >= levels[each.noun.code]:
            each.spot.complain(f"上级“{each.noun.parent}”的级别应高于本级")
        if each.noun.code in circling:
            each.spot.complain(f"“{each.noun.code}”的上级绕成一圈")


def _circling(following: Mapping[str, str]) -> set[str]:
    """The codes from which going on to the following one never comes to an end."""
    ends: dict[str, bool] = {"": True}
    for start in following:
        path: dict[str, None] = {}
        code = start
        while code not in ends and code not in path:
            path[code] = None
            code = following.get(code, "")
        ends.update(dict.fromkeys(path, ends.get(code, False)))
    return {code for code, has_end in ends.items() if not has_end}


def _check_studio(
    studio: Listed[Studio],
    committees: set[str],
    members: Mapping[str, Member],
    taxonomy: Taxonomy,
) -> None:
    spot, noun = studio.spot, studio.noun
    _check_known(spot, "政协", [noun.committee], committees)
    _check_known(spot, "召集人", [noun.convener], members)
    _check_known(spot, "副召集人", noun.deputies, members)
    _check_topics(spot, "专题", noun.topics, taxonomy)
    for code in dict.fromkeys((noun.convener, *noun.deputies)):
        if code in members and noun.code not in members[code].studios:
            spot.complain(
                f"召集人或副召集人“{code}”不是本工作室的委员，请在该委员的“工作室”中加上“{noun.code}”"
            )


def _check_member(
    member: Listed[Member],
    committees: set[str],
    studios: set[str],
    taxonomy: Taxonomy,
) -> None:
    spot, noun = member.spot, member.noun
    _check_known(spot, "政协", [noun.committee], committees)
    _check_known(spot, "工作室", noun.studios, studios)
    _check_topics(spot, "专长", noun.specialties, taxonomy)
    if noun.absent_to is not None and (
        noun.absent_from is None or noun.absent_to < noun.absent_from
    ):
        spot.complain("“缺席止”早于“缺席起”，或者缺少“缺席起”")


def _check_deputies(listed: Sequence[Listed[Member]], members: Mapping[str, Member]) -> None:
    """Somebody else stands in for each, and following the deputies comes to an end."""
    circling = _circling({code: each.deputy for code, each in members.items()})
    for member in listed:
        spot, noun = member.spot, member.noun
        if noun.deputy == noun.code:
            spot.complain(f"“代理委员”中的“{noun.code}”不存在于其他委员中，不能代理自己")
            continue
        _check_known(spot, "代理委员", [noun.deputy], members)
        if noun.code in circling:
            spot.complain("代理委员绕成一圈，无人可接，请改换其中一人")


def _check_staffed(studios: Sequence[Listed[Studio]], members: Sequence[Listed[Member]]) -> None:
    """Warn only: who makes a new studio has no members for it yet."""
    staffed = {code for each in members for code in each.noun.studios}
    for studio in studios:
        if studio.noun.code not in staffed:
            studio.spot.warn(f"工作室“{studio.noun.code}”没有委员，派到这里的事项无人接")


def _check_sectors(directory: Directory, committees: set[str]) -> None:
    seen: set[Sector] = set()
    for each in directory.sectors:
        _check_known(each.spot, "政协", [each.noun.committee], committees)
        if each.noun in seen:
            each.spot.complain(f"界别“{each.noun.name}”重复")
        seen.add(each.noun)
        if split_sectors(each.noun.name) != (each.noun.name,):
            each.spot.complain("一行只写一个界别，名称中不能有分号、顿号或逗号")
    parents = {each.noun.code: each.noun.parent for each in directory.committees}
    lists = SectorLists((each.noun for each in directory.sectors), parents)
    bearing: tuple[Listed[Studio] | Listed[Member], ...] = (
        *directory.studios,
        *directory.members,
    )
    for listed in bearing:
        known = lists.known(listed.noun.committee)
        for name in split_sectors(listed.noun.sector):
            if name not in known:
                listed.spot.complain(
                    f"“界别”中的“{name}”不在界别名录中，请改正，或在“界别”表中为本级政协列出全部界别"
                )


def _check_names(departments: Sequence[Listed[Department]]) -> None:
    """No name or alias stands for two departments, or twice for one."""
    seen: set[str] = set()
    for each in departments:
        for name in (each.noun.name, *each.noun.aliases):
            if name and name in seen:
                each.spot.complain(f"名称“{name}”重复")
            seen.add(name)


def _check_divisions(
    listed: Iterable[Listed[Committee] | Listed[Department]], known: Collection[str] | None
) -> None:
    for each in listed:
        code = each.noun.division
        if code and known is not None and code not in known:
            each.spot.complain(f"“区划代码”中的“{code}”不存在，应为 2、4、6 或 9 位国家区划代码")
