"""工作室和委员履职: what studios and members did in the period, from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.digest.handling_facts import DeedFact, DeedKind


@dataclass(frozen=True, slots=True)
class DeedFigure:
    """How many were done and which (ids in the table of their kind), on which matters.

    ``message_ids`` are those taken in at receptions.
    """

    value: int
    deed_ids: tuple[int, ...]
    matter_ids: tuple[int, ...]
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """What one studio or member did; ``key`` is a code.

    ``solved`` are the consultations and supervisions that solved their matter, ``in_time`` the
    closings by the deadline.
    """

    key: str
    receptions: DeedFigure
    consultations: DeedFigure
    supervisions: DeedFigure
    solved: DeedFigure
    replies: DeedFigure
    closings: DeedFigure
    in_time: DeedFigure


@dataclass(frozen=True, slots=True)
class Work:
    """``whole`` counts every deed once; studios and members by what they did, most first.

    A deed of several members counts for each of them.
    """

    whole: WorkRow
    studios: tuple[WorkRow, ...]
    members: tuple[WorkRow, ...]


def sum_up_work(deeds: Sequence[DeedFact]) -> Work:
    """Count deeds as a whole, by studio and by member; those of no studio in the whole only."""
    return Work(
        _row("", deeds),
        _rows(deeds, lambda deed: (deed.studio,) if deed.studio else ()),
        _rows(deeds, lambda deed: deed.members),
    )


def _rows(
    deeds: Sequence[DeedFact], keys_of: Callable[[DeedFact], tuple[str, ...]]
) -> tuple[WorkRow, ...]:
    held: dict[str, list[DeedFact]] = {}
    for deed in deeds:
        for key in dict.fromkeys(keys_of(deed)):
            held.setdefault(key, []).append(deed)
    ordered = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_row(key, done) for key, done in ordered)


def _row(key: str, deeds: Sequence[DeedFact]) -> WorkRow:
    def of(*kinds: DeedKind, only_good: bool = False) -> DeedFigure:
        return deed_figure(
            one for one in deeds if one.kind in kinds and (one.is_good or not only_good)
        )

    return WorkRow(
        key=key,
        receptions=of(DeedKind.RECEPTION),
        consultations=of(DeedKind.CONSULTATION),
        supervisions=of(DeedKind.SUPERVISION),
        solved=of(DeedKind.CONSULTATION, DeedKind.SUPERVISION, only_good=True),
        replies=of(DeedKind.REPLY),
        closings=of(DeedKind.CLOSING),
        in_time=of(DeedKind.CLOSING, only_good=True),
    )


def deed_figure(deeds: Iterable[DeedFact]) -> DeedFigure:
    """How many deeds, and which."""
    found = sorted(deeds, key=lambda deed: deed.id)
    matters = {deed.matter_id for deed in found if deed.matter_id is not None}
    messages = {id for deed in found for id in deed.message_ids}
    return DeedFigure(
        len(found),
        tuple(deed.id for deed in found),
        tuple(sorted(matters)),
        tuple(sorted(messages)),
    )
