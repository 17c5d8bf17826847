"""A change of route: a matter goes to whom it should, or that is proposed while it is in hand.

Nobody's work in hand is taken away silently: while somebody works on a matter the new route is
only proposed, and who has the matter, or the desk, accepts or declines it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from service.domain.assignment import Assignment
from service.domain.claim import Claim
from service.domain.organisation import Organisation
from service.domain.reply import ReplyState
from service.domain.route_proposal import IN_HAND_STATUSES, RouteProposal
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.casework.replies import read_replies
from service.storage.database import Connection
from service.storage.matters import route_proposals as store
from service.storage.matters.claims import read_claims
from service.storage.matters.matters import assignment_columns
from service.usecases.context import Context

REROUTED, PROPOSED = "rerouted", "reroute_proposed"
_DRAFTS = frozenset({ReplyState.DRAFT.value, ReplyState.CHECKED.value})


@dataclass(frozen=True, slots=True)
class Rerouting:
    """What becomes of a matter's route: the columns to set now, and lines for its history.

    ``is_proposed``: nothing is set, who has the matter in hand decides.
    """

    columns: dict[str, object]
    told: tuple[str, ...] = ()
    is_proposed: bool = False


def is_in_hand(connection: Connection, row: Any, account: str, context: Context) -> bool:
    """Whether somebody else than an account works on a matter: its row is kept."""
    claim: Claim | None = read_claims(connection, [row.id]).get(row.id)
    if claim is not None and claim.is_held(context.now()):
        return claim.account != account
    if MatterStatus(row.status) in IN_HAND_STATUSES:
        return True
    drafts = (one for one in read_replies(connection, [row.id]) if one.state in _DRAFTS)
    return any(one.drafted_by != account for one in drafts)


def reroute(
    context: Context, connection: Connection, row: Any, wanted: Assignment, account: str
) -> Rerouting:
    """Give a matter to whom it should go by what an account corrected, or propose it.

    Call it holding the intake lock and the matter; it keeps the proposal, the caller the columns
    and the history.

    Parameters
    ----------
    row
        The matter's row as it was.
    wanted
        Studio, members and department as they should be.
    """
    organisation = context.triage.organisation
    changes = tell_changes(organisation, row, wanted)
    store.delete_proposals(connection, [row.id])
    if not changes:
        return Rerouting({})
    if MatterStatus(row.status) in OPEN_STATUSES and is_in_hand(connection, row, account, context):
        proposal = RouteProposal(row.id, context.now(), account, wanted, changes)
        store.keep_proposal(connection, proposal)
        return Rerouting({}, changes, is_proposed=True)
    return Rerouting(route_columns(organisation, row, wanted), changes)


def tell_changes(organisation: Organisation, row: Any, wanted: Assignment) -> tuple[str, ...]:
    """What would become other of a matter's route, in Chinese; nothing where all stays."""

    def studio(code: str) -> str:
        known = organisation.studio_by_code
        return known[code].name if code in known else "未交办"

    def members(codes: Iterable[str]) -> str:
        known = organisation.member_by_code
        return "、".join(known[code].name for code in codes if code in known) or "未定"

    pairs = [
        ("承办单位", row.department or "未定", wanted.department or "未定"),
        ("委员工作室", studio(row.studio), studio(wanted.studio)),
    ]
    if wanted.studio == row.studio:
        pairs.append(("承办委员", members(row.members), members(wanted.members)))
    return tuple(f"{name}：{old} → {new}" for name, old, new in pairs if old != new)


def route_columns(organisation: Organisation, row: Any, wanted: Assignment) -> dict[str, object]:
    """The columns of a matter that goes where it should."""
    columns: dict[str, object] = {"department": wanted.department}
    if (wanted.studio, *wanted.members) != (row.studio, *row.members):
        studio = organisation.studio_by_code.get(wanted.studio)
        committee = studio.committee if studio else ""
        columns |= {**assignment_columns(wanted), "committee": committee}
    return columns
