"""What the organisation's files must agree on among themselves.

Each check notes what it finds with the row it concerns; none raises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from classifier.taxonomy import Taxonomy
from service.domain.organisation import Activity, Committee, Department, Member, Studio
from service.intake.organisation_entries import Entry

Noun = TypeVar("Noun")
Coded = TypeVar("Coded", Committee, Studio, Member, Activity)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Noun]):
    """A noun and the row it was read from."""

    entry: Entry
    noun: Noun


@dataclass(frozen=True, slots=True)
class Directory:
    """All that the folder lists."""

    committees: Sequence[Listed[Committee]]
    studios: Sequence[Listed[Studio]]
    members: Sequence[Listed[Member]]
    departments: Sequence[Listed[Department]]
    activities: Sequence[Listed[Activity]]


def check_directory(directory: Directory, taxonomy: Taxonomy) -> None:
    """Note every repeated code, unknown reference and unknown topic."""
    committees = _codes(directory.committees)
    studios = _codes(directory.studios)
    members = _codes(directory.members)
    _codes(directory.activities)
    _check_tree(directory.committees)
    for studio in directory.studios:
        _check_studio(studio, committees, members, taxonomy)
    for member in directory.members:
        _check_member(member, committees, studios, members, taxonomy)
    for activity in directory.activities:
        _check_known(activity.entry, "工作室", [activity.noun.studio], studios)
        _check_known(activity.entry, "委员", activity.noun.members, members)
    _check_names(directory.departments)


def _codes(listed: Iterable[Listed[Coded]]) -> set[str]:
    """The codes listed; one that stands there twice is noted."""
    seen: set[str] = set()
    for each in listed:
        if each.noun.code and each.noun.code in seen:
            each.entry.complain(f"编号“{each.noun.code}”重复")
        seen.add(each.noun.code)
    return seen


def _check_known(entry: Entry, column: str, codes: Iterable[str], known: Collection[str]) -> None:
    for code in codes:
        if code and code not in known:
            entry.complain(f"“{column}”中的“{code}”不存在")


def _check_topics(entry: Entry, column: str, topics: Iterable[str], taxonomy: Taxonomy) -> None:
    for topic in topics:
        names = topic.split("/")
        try:
            taxonomy.code(*names)
        except KeyError:
            entry.complain(f"“{column}”中的“{topic}”不在主题分类中")
        else:
            if len(names) > 2:
                entry.complain(f"“{column}”中的“{topic}”应写到二级为止")


def _check_tree(committees: Sequence[Listed[Committee]]) -> None:
    """Each committee's parent exists, and going up always comes to an end."""
    parents = {each.noun.code: each.noun.parent for each in committees}
    for each in committees:
        _check_known(each.entry, "上级", [each.noun.parent], parents)
        passed = {each.noun.code}
        above = each.noun.parent
        while above and above not in passed:
            passed.add(above)
            above = parents.get(above, "")
        if above:
            each.entry.complain(f"“{each.noun.code}”的上级绕成一圈")


def _check_studio(
    studio: Listed[Studio], committees: set[str], members: set[str], taxonomy: Taxonomy
) -> None:
    entry, noun = studio.entry, studio.noun
    _check_known(entry, "政协", [noun.committee], committees)
    _check_known(entry, "召集人", [noun.convener], members)
    _check_known(entry, "副召集人", noun.deputies, members)
    _check_topics(entry, "专题", noun.topics, taxonomy)


def _check_member(
    member: Listed[Member],
    committees: set[str],
    studios: set[str],
    members: set[str],
    taxonomy: Taxonomy,
) -> None:
    entry, noun = member.entry, member.noun
    _check_known(entry, "政协", [noun.committee], committees)
    _check_known(entry, "工作室", noun.studios, studios)
    _check_known(entry, "代理委员", [noun.deputy], members - {noun.code})
    _check_topics(entry, "专长", noun.specialties, taxonomy)


def _check_names(departments: Sequence[Listed[Department]]) -> None:
    """No name or alias stands for two departments, or twice for one."""
    seen: set[str] = set()
    for each in departments:
        for name in (each.noun.name, *each.noun.aliases):
            if name and name in seen:
                each.entry.complain(f"名称“{name}”重复")
            seen.add(name)
