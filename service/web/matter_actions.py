"""What may be done to many matters at once, by name; the same for pages and API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.domain.access import MOVES, Account, Permission
from service.domain.labels import Labelled
from service.domain.order import Order
from service.domain.path import Move
from service.errors import InvalidInputError
from service.usecases.casework.casework import move_matter
from service.usecases.casework.reassigning import reassign_to_account, reassign_to_studio
from service.usecases.context import Context
from service.usecases.matters.access import check_allowed, check_matter
from service.usecases.matters.claims import claim_matter, release_claim, renew_claim


class MatterAction(Labelled):
    """What may be done."""

    CLAIM = "claim", "认领"
    RENEW = "renew", "续期"
    RELEASE = "release", "释放"
    REASSIGN = "reassign", "转交"
    DISPATCH = "dispatch", "确认交办"
    CLOSE = "close", "办结"


_PERMISSIONS = {
    MatterAction.CLAIM: Permission.CLAIM,
    MatterAction.RENEW: Permission.CLAIM,
    MatterAction.RELEASE: Permission.CLAIM,
    MatterAction.REASSIGN: Permission.CORRECT,
    MatterAction.DISPATCH: MOVES[Move.DISPATCH],
    MatterAction.CLOSE: MOVES[Move.CLOSE],
}


@dataclass(frozen=True, slots=True)
class ActionDetails:
    """What some actions need to know: how long, to whom, what came of it."""

    minutes: int = 0
    account: str = ""
    studio: str = ""
    note: str = ""


def action_on(
    context: Context, action: MatterAction, details: ActionDetails, account: Account
) -> Callable[[int], object]:
    """The use case of an action, for a matter's id.

    Raises
    ------
    ForbiddenError
        The account's role may not do it.
    InvalidInputError
        It shall be reassigned neither to an account nor to a studio, or to both.
    """
    check_allowed(account, _PERMISSIONS[action])
    act = _action(context, action, details, account)

    def act_in_scope(matter_id: int) -> object:
        check_matter(context, account, matter_id)
        return act(matter_id)

    return act_in_scope


def _action(
    context: Context, action: MatterAction, details: ActionDetails, account: Account
) -> Callable[[int], object]:
    if action is MatterAction.REASSIGN:
        return _reassigning(context, details, account)
    name, minutes = account.name, details.minutes
    actions: dict[MatterAction, Callable[[int], object]] = {
        MatterAction.CLAIM: lambda each: claim_matter(context, each, name, minutes),
        MatterAction.RENEW: lambda each: renew_claim(context, each, name, minutes),
        MatterAction.RELEASE: lambda each: release_claim(context, each, name),
        MatterAction.DISPATCH: lambda each: move_matter(context, each, Order(Move.DISPATCH), name),
        MatterAction.CLOSE: lambda each: move_matter(
            context, each, Order(Move.CLOSE, note=details.note), name
        ),
    }
    return actions[action]


def _reassigning(
    context: Context, details: ActionDetails, account: Account
) -> Callable[[int], object]:
    if bool(details.account) == bool(details.studio):
        raise InvalidInputError("请写明转交给哪个账号或哪个委员工作室，二者之一")
    if details.studio:
        return lambda each: reassign_to_studio(context, each, details.studio, account)
    return lambda each: reassign_to_account(
        context, each, details.account, account, details.minutes
    )
