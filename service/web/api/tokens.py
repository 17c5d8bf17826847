"""``/api/v1/tokens``: one's own tokens, for programs. A token makes no other one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.access import TokenScope
from service.domain.deadline import SHANGHAI
from service.usecases.accounts.api_tokens import (
    MAX_DAYS,
    MAX_TOKEN_NAME_CHARS,
    USUAL_DAYS,
    ApiToken,
    add_token,
    list_tokens,
    revoke_token,
)
from service.web.allowed import MayOwn
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["访问令牌"])

_TokenId = Annotated[int, Path(ge=1, le=2**63 - 1, description="令牌的编号")]
_SCOPES = "、".join(f"{one.value} {one.label_zh}" for one in TokenScope)


class TokenIn(BaseModel):
    """要添加的令牌。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(
        min_length=1, max_length=MAX_TOKEN_NAME_CHARS, description="用途", examples=["县长信箱对接"]
    )
    scopes: list[TokenScope] = Field(
        min_length=1,
        max_length=len(TokenScope),
        description=f"可以做什么，不超出账号自己的权限：{_SCOPES}",
        examples=[["read", "intake"]],
    )
    days: int = Field(
        default=USUAL_DAYS, ge=1, le=MAX_DAYS, strict=True, description="有效期，天数"
    )


class MadeTokenOut(BaseModel):
    """新的令牌，只给出这一次；请求时放在 Authorization: Bearer 之后。"""

    id: int
    token: str = Field(examples=["mq_3q2-7wXo…"])
    ends_at: datetime


class TokenOut(BaseModel):
    """一个令牌，不含令牌本身。"""

    id: int
    name: str
    scopes: list[str]
    made_at: datetime
    ends_at: datetime
    seen_at: datetime | None = Field(description="最近一次使用，从未使用为 null")


class TokensOut(BaseModel):
    """自己的令牌。"""

    tokens: list[TokenOut]


@router.get("/tokens", summary="访问令牌", response_model=TokensOut, responses=problems(401, 503))
def get_tokens(context: CurrentContext, account: MayOwn) -> TokensOut:
    """自己的令牌，新的在前；到期的也列出。"""
    return TokensOut(tokens=[_as_out(one) for one in list_tokens(context, account)])


@router.post(
    "/tokens",
    summary="添加访问令牌",
    status_code=201,
    response_model=MadeTokenOut,
    responses=problems(400, 401, 413, 422, 503),
)
def post_token(wanted: TokenIn, context: CurrentContext, account: MayOwn) -> MadeTokenOut:
    """给其他系统使用；须登录后添加，凭令牌不能添加令牌。"""
    made = add_token(context, account, wanted.name, wanted.scopes, wanted.days)
    return MadeTokenOut(id=made.id, token=made.token, ends_at=made.ends_at.astimezone(SHANGHAI))


@router.delete(
    "/tokens/{token_id}",
    summary="撤销访问令牌",
    status_code=204,
    responses=problems(401, 404, 422, 503),
)
def delete_token(token_id: _TokenId, context: CurrentContext, account: MayOwn) -> Response:
    """即刻失效。"""
    revoke_token(context, account, token_id)
    return Response(status_code=204)


def _as_out(one: ApiToken) -> TokenOut:
    return TokenOut(
        id=one.id,
        name=one.name,
        scopes=sorted(each.value for each in one.scopes),
        made_at=one.made_at.astimezone(SHANGHAI),
        ends_at=one.ends_at.astimezone(SHANGHAI),
        seen_at=one.seen_at.astimezone(SHANGHAI) if one.seen_at else None,
    )
