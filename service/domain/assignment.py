"""交办: who gets a matter, and because of what."""

from __future__ import annotations

from dataclasses import dataclass

PROPOSED = 3  # so many members at most


@dataclass(frozen=True, slots=True)
class Assignment:
    """A proposal, or a dispatch once a person or a threshold confirmed it.

    ``studio`` and ``members`` are codes (members best first), ``department`` a name;
    ``because`` tells in Chinese which rule or scores decided, ``runners_up`` studio codes
    that came next.
    """

    studio: str
    members: tuple[str, ...]
    department: str
    because: tuple[str, ...]
    runners_up: tuple[str, ...] = ()
