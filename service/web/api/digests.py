"""``/api/v1/digests``: a period summed up, now or as it was kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from service.digest.form import render
from service.digest.json_schema import digest_schema
from service.digest.periods import parse_period
from service.domain.digest_scope import DigestScopeKind
from service.usecases.digests.digest import make_digest
from service.usecases.digests.kept_digests import (
    SHOWN,
    keep_digest,
    list_kept_digests,
    read_kept_file,
)
from service.web.allowed import MayDigest
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, RowId
from service.web.digest_files import MEDIA_TYPES
from service.web.head_query import AskedHead
from service.web.links import link_next
from service.web.scope_query import AskedScope

router = APIRouter(tags=["民情汇总"])


_PERIOD_ZH = "2019-W28、2019-07、2019-Q3、2019、2019-07-08 或 all（全部）"


class KeptDigestModel(BaseModel):
    """历期民情中的一期。"""

    id: int
    period: str = Field(description="周期的代码")
    scope_kind: DigestScopeKind = Field(description="汇总范围的类别")
    scope_key: str = Field(description="汇总范围的编号或名称，全县为空")
    scope_name: str
    title: str
    message_count: int = Field(description="汇总的留言条数")
    cut_at: datetime = Field(description="数据截止时间")
    made_by: str = Field(description="生成人，按计划生成的为“定时”")
    is_unread: bool = Field(description="这个账号还没有打开过")
    is_withdrawn: bool = Field(description="引用的来信已依法删除，这一期已撤下，可以重新生成")


class KeptId(BaseModel):
    """留存的汇总的编号。"""

    id: int


@router.get("/digests", summary="历期民情", responses=problems(401, 403, 422, 503))
def list_digests(
    request: Request,
    response: Response,
    context: CurrentContext,
    account: MayDigest,
    before: RowId = 0,
) -> list[KeptDigestModel]:
    """留存的汇总，最近生成的在前；下一页的地址在 Link 响应头中。"""
    found = list_kept_digests(context, account, before)
    link_next(request, response, [kept.id for kept in found], SHOWN)
    return [KeptDigestModel(**asdict(kept)) for kept in found]


@router.post(
    "/digests", status_code=201, summary="生成并留存", responses=problems(401, 403, 404, 422, 503)
)
def post_digest(
    context: CurrentContext,
    account: MayDigest,
    scope: AskedScope,
    head: AskedHead,
    period: Annotated[str, Query(max_length=40, description=_PERIOD_ZH)],
) -> KeptId:
    """汇总一个时期，四种形式照原样留存；此后数据再变，留存的不变。"""
    return KeptId(id=keep_digest(context, parse_period(period), account.name, scope, head))


@router.get(
    "/digest.schema.json",
    summary="民情汇总的 JSON Schema",
    responses=problems(401, 403),
)
def get_digest_schema(account: MayDigest) -> dict[str, Any]:
    """JSON 形式的汇总所遵循的结构（JSON Schema 2020-12）。"""
    return digest_schema()


@router.get(
    "/digests/{id}/{form}",
    summary="下载历期民情",
    response_class=Response,
    responses={
        200: {
            "description": "留存的文件",
            "content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()},
        },
        **problems(401, 403, 404, 422, 503),
    },
)
def get_kept_digest(
    context: CurrentContext,
    account: MayDigest,
    id: int,
    form: Annotated[str, Path(pattern="^(json|docx|xlsx|html)$", description="形式")],
) -> Response:
    """与生成时逐字节相同。"""
    kept = read_kept_file(context, id, form, account)
    return _file(kept.title, form, kept.content)


def _file(title: str, form: str, content: bytes) -> Response:
    """A digest to be saved under its title."""
    name = quote(f"{title}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


@router.get(
    "/digests/{period}",
    summary="民情汇总",
    response_class=Response,
    responses={
        200: {
            "description": "汇总，JSON 或所要的文件",
            "content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()},
        },
        **problems(401, 403, 404, 422, 503),
    },
)
def get_digest(
    context: CurrentContext,
    account: MayDigest,
    scope: AskedScope,
    head: AskedHead,
    period: Annotated[
        str,
        Path(max_length=40, description=_PERIOD_ZH),
    ],
    form: Annotated[str, Query(pattern="^(json|docx|xlsx|html)$", description="形式")] = "json",
) -> Response:
    """每个数字都带有所依据的留言或事项的编号；同一截止时间的数据，字节相同。"""
    digest = make_digest(context, parse_period(period), scope, head)
    return _file(digest.title, form, render(digest, f".{form}"))
