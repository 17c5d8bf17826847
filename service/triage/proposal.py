"""Members in order of expertise become a proposal: the absent replaced, the involved left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.assignment import PROPOSED
from service.domain.organisation import Member


@dataclass(frozen=True, slots=True)
class Proposed:
    """A member proposed; ``stands_in_for`` is the absent one that was meant, if any."""

    member: Member
    stands_in_for: Member | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Members best first, and those passed over as parties, each with the name found."""

    proposed: tuple[Proposed, ...]
    avoided: tuple[tuple[Member, str], ...]


def propose(
    ranked: Sequence[Member],
    by_code: Mapping[str, Member],
    day: date,
    name_found: Callable[[Member], str],
) -> Proposal:
    """The first ``PROPOSED`` members, in the order of ``ranked``.

    Parameters
    ----------
    ranked
        A studio's members, best first.
    by_code
        All members, to find deputies.
    day
        Who is absent on it gives way to the deputy, or the deputy's deputy.
    name_found
        The name that makes a member a party to the message, "" where none does. A deputy
        doesn't stand in for a party.
    """
    proposed: dict[str, Proposed] = {}
    avoided: dict[str, tuple[Member, str]] = {}
    for member in ranked:
        present = _present(member, by_code, day)
        for each in (member, present):
            if each is not None and (name := name_found(each)):
                avoided[each.code] = each, name
        if present is None or member.code in avoided or present.code in avoided:
            continue
        absent = member if present is not member else None
        proposed.setdefault(present.code, Proposed(present, absent))
        if len(proposed) == PROPOSED:
            break
    return Proposal(tuple(proposed.values()), tuple(avoided.values()))


def _present(member: Member, by_code: Mapping[str, Member], day: date) -> Member | None:
    """Who is there on the day: the member, or the next one along the deputies."""
    seen: set[str] = set()
    current: Member | None = member
    while current is not None and current.is_absent_on(day):
        seen.add(current.code)
        current = by_code.get(current.deputy) if current.deputy not in seen else None
    return current
