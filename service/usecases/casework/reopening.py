"""Reopening: a matter that has ended is open again when somebody has more to say on it."""

from __future__ import annotations

from service.domain.order import Order
from service.domain.path import Move
from service.domain.relation import Relation
from service.storage.database import Connection
from service.storage.intake.intake import Batch
from service.storage.matters.history import SYSTEM
from service.storage.matters.matters import read_ended_rows
from service.usecases.casework.casework import make_move
from service.usecases.context import Context


def reopen_ended(context: Context, connection: Connection, batch: Batch) -> None:
    """Open ended matters again that somebody has more to say on than is answered: no mere copy.

    Call it holding the intake lock, when the batch is written.
    """
    said_more = {
        demand.matter_id
        for demand in batch.demands
        if demand.matter_id in batch.growth and demand.relation is not Relation.COPY
    }
    order = Order(Move.REOPEN, note="结束后又有来信反映同一事项")
    for row in read_ended_rows(connection, sorted(said_more)):
        make_move(context, connection, row, order, SYSTEM)
