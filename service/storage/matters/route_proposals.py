"""Route proposals: at most one stands for a matter, the newest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from service.domain.assignment import Assignment
from service.domain.route_proposal import RouteProposal
from service.storage.rows import chunks
from service.storage.tables import route_proposal


def keep_proposal(connection: Connection, proposal: RouteProposal) -> None:
    """Let a proposal stand, in the place of an earlier one."""
    delete_proposals(connection, [proposal.matter_id])
    assignment = proposal.assignment
    row = {
        "matter_id": proposal.matter_id,
        "at": proposal.at,
        "actor": proposal.by,
        "studio": assignment.studio,
        "members": list(assignment.members),
        "department": assignment.department,
        "because": list(assignment.because),
        "runners_up": list(assignment.runners_up),
        "changes": list(proposal.changes),
    }
    connection.execute(insert(route_proposal).values(row))


def read_proposal(connection: Connection, matter_id: int) -> RouteProposal | None:
    """The proposal that stands for a matter, or None."""
    query = select(route_proposal).where(route_proposal.c.matter_id == matter_id)
    row = connection.execute(query).first()
    return None if row is None else _as_proposal(row)


def delete_proposals(connection: Connection, matter_ids: Sequence[int]) -> int:
    """Let no proposal stand for these matters any more; how many did."""
    count = 0
    for part in chunks(matter_ids):
        gone = delete(route_proposal).where(route_proposal.c.matter_id.in_(part))
        count += connection.execute(gone).rowcount
    return count


def _as_proposal(row: Row[Any]) -> RouteProposal:
    assignment = Assignment(
        studio=row.studio,
        members=tuple(row.members),
        department=row.department,
        because=tuple(row.because),
        runners_up=tuple(row.runners_up),
    )
    return RouteProposal(row.matter_id, row.at, row.actor, assignment, tuple(row.changes))
