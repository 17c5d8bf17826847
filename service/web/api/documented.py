"""The problems that a route's documentation names."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

BEARER = "令牌"  # how the document names the way in with a token
_DESCRIPTIONS = {
    400: "请求无法解析",
    401: "未登录",
    403: "没有权限",
    404: "找不到",
    409: "与正在处理的请求或当前状态冲突",
    412: "已有人改过，请取回最新的再改",
    413: "请求内容过大",
    422: "内容不符合要求",
    428: "缺少 If-Match",
    429: "请求过于频繁，请按 Retry-After 重试",
    503: "暂不可用，请按 Retry-After 重试",
}


class FieldErrorOut(BaseModel):
    """有误的一项。"""

    field: str = Field(description="位置，如 sender.phone")
    code: str
    message: str


class ProblemOut(BaseModel):
    """application/problem+json（RFC 9457）。"""

    type: str = Field(examples=["urn:minqing:problem:empty_text"])
    title: str = Field(examples=["留言没有文字内容。"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["留言没有文字内容。"])
    code: str = Field(description="稳定的错误代码", examples=["empty_text"])
    errors: list[FieldErrorOut] = Field(description="有误的各项")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: the statuses of problems it may answer with.

    Where one must be logged in, one may also not be allowed to.
    """
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
            },
        }
        for status in sorted({*statuses, *((403,) if 401 in statuses else ())})
    }
