"""How precise joining must be that no person looks at, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import InvalidInputError
from service.storage.organisation.provisions import insert_join_precision, read_join_precision
from service.storage.rows import take_provision_lock
from service.usecases.administration.thresholds import check_precision
from service.usecases.context import Context
from service.usecases.in_force.joining import join_probability

JOIN_CHOICES = (0.93, 0.95, 0.97, 0.98)


@dataclass(frozen=True, slots=True)
class JoinCost:
    """What one precision costs: who joins from ``probability`` on, a ``share`` of all that belong.

    Both (0–1) are None where the model in use does not tell, or is never as precise.
    """

    precision: float
    probability: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Joining:
    """The precision in force (None: that of the settings), and from which probability on it joins.

    ``is_told``: the model in use tells how precise it is.
    """

    precision: float | None
    probability: float
    is_told: bool
    costs: tuple[JoinCost, ...]


def show_joining(context: Context, precisions: Sequence[float]) -> Joining:
    """What is in force, and what each of these precisions would cost.

    Raises
    ------
    InvalidInputError
        A precision out of bounds.
    """
    for precision in precisions:
        check_precision(precision)
    with context.database.reading() as connection:
        wanted = read_join_precision(connection)
    model = context.triage.pair_model
    return Joining(
        precision=wanted,
        probability=join_probability(context.triage, wanted),
        is_told=model is not None and bool(model.curve),
        costs=tuple(_cost(context, precision) for precision in precisions),
    )


def _cost(context: Context, precision: float) -> JoinCost:
    model = context.triage.pair_model
    point = model.least_for(precision) if model else None
    if point is None:
        return JoinCost(precision, None, None)
    return JoinCost(precision, point.probability, point.share)


def save_join_precision(context: Context, precision: float | None, actor: str) -> None:
    """Ask for a precision of what joins from now on, or for none; the one before is kept.

    Raises
    ------
    InvalidInputError
        It is out of bounds, or the model in use is never as precise or does not tell.
    """
    if precision is not None:
        check_precision(precision)
        if _cost(context, precision).probability is None:
            raise InvalidInputError("现用的模型达不到这样的并案准确率，或没有检验过")
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        insert_join_precision(connection, precision, context.now(), actor)
