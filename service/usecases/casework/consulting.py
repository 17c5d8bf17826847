"""Consulting: what members did about a matter, and the five steps it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.consultation import ConsultationKind, LoopStep, next_steps
from service.domain.deadline import SHANGHAI
from service.domain.order import MAX_NOTE_CHARS
from service.errors import IllegalMoveError, InvalidInputError
from service.storage.casework.consultations import (
    insert_consultation,
    read_consultations,
    read_loop_steps,
)
from service.storage.matters.history import NewEvent, insert_events
from service.usecases.casework.casework import lock_matter
from service.usecases.context import Context

LOOP = "looped"  # the kind of the event of a step
MAX_WHO_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Consultation:
    """What was held, by whom, and what came of it."""

    kind: ConsultationKind
    held_on: date
    who: str
    outcome: str
    is_solved: bool


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of the five, when and by whom it was recorded, and what was said."""

    step: LoopStep
    at: datetime
    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """All that members did about a matter, and which steps may follow."""

    consultations: tuple[Consultation, ...]
    steps: tuple[StepTaken, ...]
    next_steps: tuple[LoopStep, ...]


def record_consultation(context: Context, matter_id: int, held: Consultation, account: str) -> None:
    """Record a consultation or supervision on a matter.

    Raises
    ------
    InvalidInputError
        It lies in the future, or who took part or what came of it is missing or too long.
    MergedError, NotFoundError
        The matter is part of another, or there is none.
    """
    _check(held, context.now())
    with context.database.transaction() as connection:
        lock_matter(connection, matter_id)
        now = context.now()
        insert_consultation(
            connection,
            matter_id=matter_id,
            kind=held.kind.value,
            held_on=held.held_on,
            who=held.who.strip(),
            outcome=held.outcome.strip(),
            is_solved=held.is_solved,
            recorded_by=account,
            recorded_at=now,
        )
        solved = "已解决" if held.is_solved else "尚未解决"
        changes = [f"{held.held_on:%Y-%m-%d} {held.who.strip()}", solved]
        details = {"changes": changes, "note": held.outcome.strip()}
        insert_events(connection, [NewEvent(matter_id, now, account, held.kind.value, details)])


def _check(held: Consultation, now: datetime) -> None:
    if held.held_on > now.astimezone(SHANGHAI).date():
        raise InvalidInputError("日期在今天之后")
    if not 0 < len(held.who.strip()) <= MAX_WHO_CHARS:
        raise InvalidInputError(f"请填写参加的人，不超过 {MAX_WHO_CHARS} 字")
    if not 0 < len(held.outcome.strip()) <= MAX_NOTE_CHARS:
        raise InvalidInputError(f"请填写结果，不超过 {MAX_NOTE_CHARS} 字")


def take_step(context: Context, matter_id: int, step: LoopStep, note: str, account: str) -> None:
    """Let a matter take one of the five steps.

    Raises
    ------
    IllegalMoveError
        The step cannot follow those taken.
    InvalidInputError
        The note is empty or too long.
    MergedError, NotFoundError
        The matter is part of another, or there is none.
    """
    if not 0 < len(note.strip()) <= MAX_NOTE_CHARS:
        raise InvalidInputError(f"请填写说明，不超过 {MAX_NOTE_CHARS} 字")
    with context.database.transaction() as connection:
        lock_matter(connection, matter_id)
        rows = read_loop_steps(connection, matter_id, LOOP)
        if step not in next_steps([LoopStep(row.details["step"]) for row in rows]):
            raise IllegalMoveError(f"现在不能{step.label_zh}")
        details = {"step": step.value, "changes": [step.label_zh], "note": note.strip()}
        insert_events(connection, [NewEvent(matter_id, context.now(), account, LOOP, details)])


def show_consulted(context: Context, matter_id: int) -> Consulted:
    """What members did about a matter; empty where there is no such matter."""
    with context.database.reading() as connection:
        held = read_consultations(connection, matter_id)
        rows = read_loop_steps(connection, matter_id, LOOP)
    steps = tuple(
        StepTaken(LoopStep(row.details["step"]), row.at, row.actor, row.details["note"])
        for row in rows
    )
    return Consulted(
        consultations=tuple(
            Consultation(
                ConsultationKind(row.kind), row.held_on, row.who, row.outcome, row.is_solved
            )
            for row in held
        ),
        steps=steps,
        next_steps=next_steps([one.step for one in steps]),
    )
