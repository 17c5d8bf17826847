"""``/matters/{id}/claim``: claiming a matter on its page, and giving it to another."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.errors import InvalidInputError
from service.web.allowed import MayAct
from service.web.dependencies import CurrentContext, MatterId
from service.web.forms import CheckedForm
from service.web.matter_actions import ActionDetails, MatterAction, action_on
from service.web.pages.matter import back_to

router = APIRouter(include_in_schema=False)

_DONE = {
    MatterAction.CLAIM: "claimed",
    MatterAction.RENEW: "claimed",
    MatterAction.RELEASE: "released",
    MatterAction.REASSIGN: "reassigned",
}


@router.post("/matters/{matter_id}/claim")
def post_claim(
    matter_id: MatterId, context: CurrentContext, account: MayAct, form: CheckedForm
) -> Response:
    """Claim, renew, release or reassign."""
    done = {action.value: action for action in _DONE}
    action = done.get(form.get("action", ""))
    if action is None:
        raise InvalidInputError("请选择要做什么")
    details = ActionDetails(account=form.get("account", ""))
    action_on(context, action, details, account)(matter_id)
    return back_to(context, account, matter_id, _DONE[action])
