"""``/api/v1/duty-suggestions``: which topic should go to another department."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.duty_suggestion import MOST_MATTERS, DutySuggestion
from service.usecases.administration.duty_suggestions import (
    accept_duty,
    decline_duty,
    list_duty_suggestions,
)
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["规则"])

_CHANGING = problems(400, 401, 403, 404, 413, 422, 503)

TopicCode = Annotated[
    str, Path(min_length=1, max_length=8, description="主题编码", examples=["0102"])
]


class SpeakingMatterOut(BaseModel):
    """为建议作证的一件事项。"""

    id: int
    number: str


class DutySuggestionOut(BaseModel):
    """一个主题应改由另一单位承办；只计已答复和已办结的事项。"""

    topic: str = Field(description="主题编码")
    current: str = Field(description="现在先交的单位")
    rule: str = Field(description="定由该单位承办的规则，没有规则的为空")
    department: str = Field(description="建议改交的单位")
    settled_count: int = Field(description="该主题的事项数")
    returned_count: int = Field(description="其中现在先交的单位以不属于本单位职责退单、退单成立的")
    ended_count: int = Field(description="其中最后由建议的单位承办的")
    matters: list[SpeakingMatterOut] = Field(
        description=f"先退单、后由建议的单位办的，最新的 {MOST_MATTERS} 件"
    )


class DutySuggestionsOut(BaseModel):
    """职责目录建议，按主题编码。"""

    suggestions: list[DutySuggestionOut]


class DutyDecisionIn(BaseModel):
    """所看到的建议，以免采纳已经变了的。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    department: str = Field(
        min_length=1, max_length=100, description="建议改交的单位", examples=["水利局"]
    )


@router.get(
    "/duty-suggestions",
    summary="职责目录建议",
    response_model=DutySuggestionsOut,
    responses=problems(401, 403, 503),
)
def get_duty_suggestions(context: CurrentContext, account: MayRule) -> DutySuggestionsOut:
    """退单成立、最后多由另一单位办理的主题；不采纳过的不在内，事项翻一倍后再提出。"""
    return DutySuggestionsOut(suggestions=[_out(one) for one in list_duty_suggestions(context)])


@router.post(
    "/duty-suggestions/{code}:accept",
    summary="采纳职责目录建议",
    status_code=204,
    responses=_CHANGING,
)
def post_duty_acceptance(
    code: TopicCode, wanted: DutyDecisionIn, context: CurrentContext, account: MayRule
) -> Response:
    """成为一条办理规则，对此后收到的留言有效；原来的规则留存。"""
    accept_duty(context, code, wanted.department, account.name)
    return Response(status_code=204)


@router.post(
    "/duty-suggestions/{code}:decline",
    summary="不采纳职责目录建议",
    status_code=204,
    responses=_CHANGING,
)
def post_duty_refusal(
    code: TopicCode, wanted: DutyDecisionIn, context: CurrentContext, account: MayRule
) -> Response:
    """该主题已答复和已办结的事项翻一倍之前不再提出。"""
    decline_duty(context, code, wanted.department, account.name)
    return Response(status_code=204)


def _out(one: DutySuggestion) -> DutySuggestionOut:
    return DutySuggestionOut(
        topic=one.topic,
        current=one.current,
        rule=one.rule,
        department=one.department,
        settled_count=one.settled_count,
        returned_count=one.returned_count,
        ended_count=one.ended_count,
        matters=[SpeakingMatterOut(id=each, number=number) for each, number in one.matters],
    )
