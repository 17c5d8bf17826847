"""``/api/v1/digests``: a period summed up."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response

from service.digest.form import render
from service.digest.periods import parse_period
from service.usecases.digest import make_digest
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, LoggedIn
from service.web.digest_files import MEDIA_TYPES
from service.web.scope_query import AskedScope

router = APIRouter(tags=["民情汇总"])


@router.get(
    "/digests/{period}",
    summary="民情汇总",
    response_class=Response,
    responses={
        200: {
            "description": "汇总，JSON 或所要的文件",
            "content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()},
        },
        **problems(401, 404, 422, 503),
    },
)
def get_digest(
    context: CurrentContext,
    account: LoggedIn,
    scope: AskedScope,
    period: Annotated[
        str,
        Path(
            max_length=40, description="2019-W28、2019-07、2019-Q3、2019、2019-07-08 或 all（全部）"
        ),
    ],
    form: Annotated[str, Query(pattern="^(json|docx|xlsx|html)$", description="形式")] = "json",
) -> Response:
    """每个数字都带有所依据的留言或事项的编号；同一截止时间的数据，字节相同。"""
    digest = make_digest(context, parse_period(period), scope)
    name = quote(f"{digest.title}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(render(digest, f".{form}"), media_type=MEDIA_TYPES[form], headers=headers)
