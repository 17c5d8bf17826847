"""What the selects of the pages offer, in groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.taxonomy import Taxonomy
from service.domain.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading."""

    label: str
    options: tuple[Option, ...]


def studio_groups(
    organisation: Organisation, counts: Mapping[str, int] | None = None
) -> list[Group]:
    """Studios by committee; with ``counts`` (by studio code) their open matters behind the name."""
    by_committee: dict[str, list[Option]] = {}
    for studio in organisation.studios:
        number = (counts or {}).get(studio.code, 0)
        label = f"{studio.name}（{number}）" if number else studio.name
        by_committee.setdefault(studio.committee, []).append(Option(studio.code, label))
    names = organisation.committee_by_code
    return [
        Group(names[code].name if code in names else code, tuple(options))
        for code, options in by_committee.items()
    ]


def topic_groups(taxonomy: Taxonomy) -> list[Group]:
    """Topics of the second level by those of the first."""
    return [
        Group(
            taxonomy.name(first),
            tuple(Option(code, taxonomy.name(code)) for code in taxonomy.children(first)),
        )
        for first in taxonomy.codes(1)
    ]
