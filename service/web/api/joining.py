"""``/api/v1/matters/{id}/similar`` and what a person decides of two matters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.pair_state import PairState
from service.usecases.matters.access import check_matter
from service.usecases.matters.merging import (
    MAX_REASON_CHARS,
    merge_matters,
    settle_matters,
    split_matter,
)
from service.usecases.matters.similar_matters import MOST, SimilarMatter, list_similar
from service.usecases.matters.taking_out import take_out
from service.web.allowed import MayJoin, MayRead
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MatterId
from service.web.matter_tags import MatterContext

router = APIRouter(tags=["事项"])

_Other = Annotated[int, Field(ge=1, le=2**63 - 1, strict=True, examples=[12])]
_Reason = Annotated[str, Field(max_length=MAX_REASON_CHARS, examples=["同一条巷子的同一盏灯"])]


class MergeIn(BaseModel):
    """并入哪一件。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    into: _Other = Field(description="并入的事项的编号（内部）")
    reason: _Reason = Field(default="", description="理由，记入办理经过")


class SplitIn(BaseModel):
    """拆分的理由。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: _Reason = Field(default="", description="理由，记入办理经过")


class TakeOutIn(BaseModel):
    """移出哪一条留言。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    message: _Other = Field(description="本事项中一条留言的编号（内部），不能是首件")
    reason: _Reason = Field(default="", description="理由，记入办理经过")


class TakenOutOut(BaseModel):
    """移出之后。"""

    matter: int = Field(description="另立的事项")


class OtherIn(BaseModel):
    """另一件事项。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    other: _Other = Field(description="另一件事项的编号（内部）")


class SimilarOut(BaseModel):
    """相似或相关的一件事项，文字已遮盖个人信息。"""

    id: int
    number: str = Field(examples=["2026-000012"])
    status: str
    state: str = Field(description="suggested 可能是同一件事，related 相关")
    same_p: float = Field(description="同一件事的概率；只由人认定的为 0")
    because: list[str] = Field(description="依据")
    title: str
    text: str


class SimilarsOut(BaseModel):
    """可能是同一件事的在前，相关的在后；认定不是的不列。"""

    matters: list[SimilarOut]


class SplitOut(BaseModel):
    """拆分之后。"""

    matter: int = Field(description="拆出的事项")
    was_part_of: int = Field(description="原先并入的事项")


@router.get(
    "/matters/{matter_id}/similar",
    summary="可能是同一件事的事项",
    response_model=SimilarsOut,
    responses=problems(401, 404, 422, 503),
)
def get_similar(
    matter_id: MatterId,
    context: CurrentContext,
    account: MayRead,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> SimilarsOut:
    """已并入别的事项的，答的是所并入的事项。"""
    found = list_similar(context, matter_id, limit, account.scope)
    return SimilarsOut(matters=[_as_out(one) for one in found])


@router.post(
    "/matters/{matter_id}:merge",
    summary="并入另一事项",
    status_code=204,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_merge(
    matter_id: MatterId, wanted: MergeIn, context: MatterContext, account: MayJoin
) -> Response:
    """每条留言的回执、来信人不变；时限取早的，紧急取高的；随时可以拆分。"""
    check_matter(context, account, wanted.into)
    merge_matters(context, matter_id, wanted.into, account.name, wanted.reason.strip())
    return Response(status_code=204)


@router.post(
    "/matters/{matter_id}:split",
    summary="从所并入的事项拆分",
    response_model=SplitOut,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_split(
    matter_id: MatterId, wanted: SplitIn, context: MatterContext, account: MayJoin
) -> SplitOut:
    """恢复到并入之前；并入之后新到的留言留在原处。后并入的先拆。"""
    whole = split_matter(context, matter_id, account.name, wanted.reason.strip())
    return SplitOut(matter=matter_id, was_part_of=whole)


@router.post(
    "/matters/{matter_id}:take-out",
    summary="移出一条留言",
    response_model=TakenOutOut,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_take_out(
    matter_id: MatterId, wanted: TakeOutIn, context: MatterContext, account: MayJoin
) -> TakenOutOut:
    """误并的留言另立事项，两件记为不是同一件；移错了可以并回去。"""
    own = take_out(context, matter_id, wanted.message, account.name, wanted.reason.strip())
    return TakenOutOut(matter=own)


@router.post(
    "/matters/{matter_id}:refuse",
    summary="认定不是同一件事",
    status_code=204,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_refuse(
    matter_id: MatterId, wanted: OtherIn, context: CurrentContext, account: MayJoin
) -> Response:
    """此后不再提示这两件。"""
    check_matter(context, account, wanted.other)
    settle_matters(context, matter_id, wanted.other, PairState.REFUSED, account.name)
    return Response(status_code=204)


@router.post(
    "/matters/{matter_id}:relate",
    summary="认定相关",
    status_code=204,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_relate(
    matter_id: MatterId, wanted: OtherIn, context: CurrentContext, account: MayJoin
) -> Response:
    """在两件事项的案卷中互相列出，不并案。"""
    check_matter(context, account, wanted.other)
    settle_matters(context, matter_id, wanted.other, PairState.RELATED, account.name)
    return Response(status_code=204)


def _as_out(one: SimilarMatter) -> SimilarOut:
    return SimilarOut(
        id=one.matter_id,
        number=one.number,
        status=one.status.value,
        state=one.state.value,
        same_p=round(one.probability, 4),
        because=list(one.because),
        title=one.title,
        text=one.text,
    )
