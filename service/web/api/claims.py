"""Claims through the API, and the same with many matters at once."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.usecases.matters.bulk import BulkResult, do_for_each
from service.usecases.matters.claims import claim_matter, claim_next, release_claim, renew_claim
from service.web.allowed import MayAct, MayClaim, MayCorrect
from service.web.api.claim_models import (
    BulkIn,
    BulkItemOut,
    BulkOut,
    ClaimNextIn,
    ClaimOut,
    LeaseIn,
    ReassignIn,
    as_claim_out,
)
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MatterId
from service.web.matter_actions import ActionDetails, MatterAction, action_on
from service.web.matter_tags import MatterContext
from service.web.problems import as_json, make_problem

router = APIRouter(tags=["认领"])

_PROBLEMS = problems(400, 401, 404, 409, 413, 422, 503)


@router.post(
    "/matters:claim-next",
    summary="认领下一件",
    response_model=ClaimOut,
    responses={204: {"description": "没有无人认领的事项"}, **problems(400, 401, 413, 422, 503)},
)
def post_claim_next(wanted: ClaimNextIn, context: CurrentContext, account: MayClaim) -> object:
    """所给范围中按待办次序的第一件无人认领的未办结事项；许多人同时要，各得一件。"""
    chosen = wanted.filter.as_filter(account)
    claim = claim_next(context, chosen, account.name, wanted.minutes)
    return Response(status_code=204) if claim is None else as_claim_out(claim)


@router.post("/matters:bulk", summary="批量办理", response_model=BulkOut, responses=_PROBLEMS)
def post_bulk(wanted: BulkIn, context: CurrentContext, account: MayAct) -> BulkOut:
    """每件各自办理，各有结果；办不了的一件不影响其他各件。"""
    details = ActionDetails(wanted.minutes, wanted.account, wanted.studio, wanted.note)
    action = action_on(context, MatterAction(wanted.action), details, account)
    results = [_item(one) for one in do_for_each(context, wanted.matters, action)]
    done = sum(one.problem is None for one in results)
    return BulkOut(done=done, refused=len(results) - done, results=results)


@router.post(
    "/matters/{matter_id}:claim", summary="认领", response_model=ClaimOut, responses=_PROBLEMS
)
def post_claim(
    matter_id: MatterId, wanted: LeaseIn, context: CurrentContext, account: MayClaim
) -> ClaimOut:
    """到时自行失效；他人已认领的，答复中说明是谁、到何时。已由自己认领的即续期。"""
    return as_claim_out(claim_matter(context, matter_id, account.name, wanted.minutes))


@router.post(
    "/matters/{matter_id}:renew", summary="续期", response_model=ClaimOut, responses=_PROBLEMS
)
def post_renew(
    matter_id: MatterId, wanted: LeaseIn, context: CurrentContext, account: MayClaim
) -> ClaimOut:
    """从现在起重新计时。"""
    return as_claim_out(renew_claim(context, matter_id, account.name, wanted.minutes))


@router.post(
    "/matters/{matter_id}:release", summary="释放认领", status_code=204, responses=_PROBLEMS
)
def post_release(matter_id: MatterId, context: CurrentContext, account: MayClaim) -> Response:
    """不再由自己办理；没有认领的，什么也不做。"""
    release_claim(context, matter_id, account.name)
    return Response(status_code=204)


@router.post(
    "/matters/{matter_id}:reassign",
    summary="转交",
    status_code=204,
    responses=_PROBLEMS | problems(412, 428),
)
def post_reassign(
    matter_id: MatterId, wanted: ReassignIn, context: MatterContext, account: MayCorrect
) -> Response:
    """转给另一账号即由其认领，转给另一委员工作室即无人认领；他人认领的只有管理员能转交。"""
    details = ActionDetails(wanted.minutes, wanted.account, wanted.studio)
    action_on(context, MatterAction.REASSIGN, details, account)(matter_id)
    return Response(status_code=204)


def _item(one: BulkResult) -> BulkItemOut:
    if one.error is None:
        return BulkItemOut(matter=one.key, status=200)
    problem = make_problem(one.error)
    return BulkItemOut(matter=one.key, status=problem.status, problem=as_json(problem))
