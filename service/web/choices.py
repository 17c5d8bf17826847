"""What the selects of the pages offer, in groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.judging.taxonomy import Taxonomy
from service.domain.organisation import Organisation
from service.usecases.matters.queue import Count
from service.web.names import show_count


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
    organisation: Organisation, counts: Mapping[str, Count] | None = None
) -> list[Group]:
    """Studios by committee; with ``counts`` (by studio code) their open matters behind the name."""
    by_committee: dict[str, list[Option]] = {}
    for studio in organisation.studios:
        count = (counts or {}).get(studio.code, Count(0))
        label = f"{studio.name}（{show_count(count)}）" if count.number else studio.name
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


def all_topic_groups(taxonomy: Taxonomy) -> list[Group]:
    """The same, with all that belongs to a topic of the first level as the first choice."""
    return [
        Group(group.label, (Option(code, f"{group.label}（全部）"), *group.options))
        for code, group in zip(taxonomy.codes(1), topic_groups(taxonomy), strict=True)
    ]
