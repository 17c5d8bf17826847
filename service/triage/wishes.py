"""The studio that the door, the administrator's rules or the writer ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.kind import Kind
from service.domain.organisation import Member, Organisation, Studio
from service.domain.standing_rule import Applied
from service.triage import reasons
from service.triage.directory import Directory, Lineage
from service.triage.named import Named


@dataclass(frozen=True, slots=True)
class Wish:
    """A studio asked for, None where none was or it can't be followed, and why in Chinese."""

    studio: Studio | None
    because: tuple[str, ...] = ()


def wish_of_door(code: str, organisation: Organisation) -> Wish:
    """What the door asks for: ``code`` is a studio's, or "" """
    studio = organisation.studio_by_code.get(code)
    if studio is not None:
        return Wish(studio, (reasons.wish_of_door_line(studio),))
    return Wish(None, (reasons.unknown_door_line(code),) if code else ())


def wish_of_rules(ruled: Sequence[Applied], organisation: Organisation) -> Wish:
    """What the administrator's rules ask for: the first one whose studio is there decides."""
    lines: list[str] = []
    for place, applied in enumerate(ruled):
        studio = organisation.studio_by_code.get(applied.rule.studio)
        if studio is not None:
            rest = [other.rule for other in ruled[place + 1 :]]
            lines.append(reasons.wish_of_rule_line(applied, studio))
            if rest:
                lines.append(reasons.later_rules_line(rest))
            return Wish(studio, tuple(lines))
        lines.append(reasons.unknown_studio_of_rule_line(applied))
    return Wish(None, tuple(lines))


def wish_of_writer(
    named: Named,
    kind: str,
    lineage: Lineage,
    organisation: Organisation,
    directory: Directory,
) -> Wish:
    """What the writer asks for: a studio by name before a member, the first named before others.

    A studio of another place is not followed: the place decides. Nor is a member turned to in
    a report of wrongdoing, who may be the one reported.
    """
    refused: list[Studio] = []
    for studio, member in _asked(named, kind, organisation):
        if directory.is_akin(studio.committee, lineage):
            return Wish(studio, (reasons.wish_of_writer_line(studio, member),))
        refused.append(studio)
    if not refused or lineage.nearest is None:
        return Wish(None)
    line = reasons.refused_wish_line([studio.name for studio in refused], lineage.nearest.name)
    return Wish(None, (line,))


def _asked(
    named: Named, kind: str, organisation: Organisation
) -> Iterator[tuple[Studio, Member | None]]:
    for code in named.studios:
        yield organisation.studio_by_code[code], None
    if kind == Kind.REPORT.value:
        return
    for member in (organisation.member_by_code[code] for code in named.members):
        for code in member.studios:
            if code in organisation.studio_by_code:
                yield organisation.studio_by_code[code], member
