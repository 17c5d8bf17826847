"""Members in order of expertise become a proposal: the absent replaced, the involved left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.organisation import Member

PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """A member proposed; ``stands_in_for`` is the absent one that was meant, if any."""

    member: Member
    stands_in_for: Member | None = None


def propose(
    ranked: Sequence[Member],
    by_code: Mapping[str, Member],
    day: date,
    excluded: Collection[str],
) -> list[Proposed]:
    """The first ``PROPOSED`` members, in the order of ``ranked``.

    Parameters
    ----------
    ranked
        A studio's members, best first.
    by_code
        All members, to find deputies.
    day
        Who is absent on it gives way to the deputy, or the deputy's deputy.
    excluded
        Codes of those who must not handle the matter; their deputies don't stand in for that.
    """
    proposed: dict[str, Proposed] = {}
    for member in ranked:
        present = _present(member, by_code, day)
        if present is None or member.code in excluded or present.code in excluded:
            continue
        absent = member if present is not member else None
        proposed.setdefault(present.code, Proposed(present, absent))
        if len(proposed) == PROPOSED:
            break
    return list(proposed.values())


def _present(member: Member, by_code: Mapping[str, Member], day: date) -> Member | None:
    """Who is there on the day: the member, or the next one along the deputies."""
    seen: set[str] = set()
    current: Member | None = member
    while current is not None and current.is_absent_on(day):
        seen.add(current.code)
        current = by_code.get(current.deputy) if current.deputy not in seen else None
    return current
