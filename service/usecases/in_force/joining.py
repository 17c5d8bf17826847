"""Joining as it is in force: as precise as the administrator asked, by the days of rest known."""

from __future__ import annotations

from dataclasses import replace

from service.storage.database import Connection
from service.storage.organisation.provisions import read_joining
from service.triage.pipeline import Triage
from service.usecases.in_force.work_calendar import calendar_of

ONLY_THE_SAME = 1.0  # the probability of the very same text


def for_joining(connection: Connection, triage: Triage) -> Triage:
    """The triage that lets messages join; read anew each time, so that all workers follow."""
    days, precision = read_joining(connection)
    return replace(triage, calendar=calendar_of(days), join_at=join_probability(triage, precision))


def join_probability(triage: Triage, precision: float | None) -> float:
    """From which probability on a message joins so that so many joins are right (0–1).

    That of the settings where no precision is asked for. Where the model in use does not tell, or
    is never as precise, nobody knows, and only the very same text joins.
    """
    if precision is None or triage.pair_model is None:
        return triage.join_at
    point = triage.pair_model.least_for(precision)
    return ONLY_THE_SAME if point is None else point.probability
