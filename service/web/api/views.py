"""``/api/v1/views``: filters of the queue under a name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from service.usecases.matters.saved_views import (
    MAX_NAME_CHARS,
    SavedView,
    delete_view,
    find_view,
    list_views,
    save_view,
)
from service.web.allowed import MayOwn
from service.web.api.claim_models import ViewIn, ViewOut, ViewsOut
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["视图"])

_Name = Annotated[str, Path(max_length=MAX_NAME_CHARS, description="视图名称", examples=["本周"])]
_Shared = Annotated[bool, Query(description="共用的，而不是自己的")]


@router.get("/views", summary="视图", response_model=ViewsOut, responses=problems(401, 503))
def get_views(context: CurrentContext, account: MayOwn) -> ViewsOut:
    """自己的视图和共用的视图。"""
    return ViewsOut(views=[_out(view) for view in list_views(context, account)])


@router.get(
    "/views/{name}",
    summary="一个视图",
    response_model=ViewOut,
    responses=problems(401, 404, 422, 503),
)
def get_view(name: _Name, context: CurrentContext, account: MayOwn) -> ViewOut:
    """自己的先于同名的共用视图。"""
    return _out(find_view(context, account, name))


@router.put(
    "/views/{name}",
    summary="保存视图",
    response_model=ViewOut,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_view(name: _Name, wanted: ViewIn, context: CurrentContext, account: MayOwn) -> ViewOut:
    """保存一组筛选条件，替换同名的。"""
    wanted.filter.as_filter(account)
    view = SavedView(name, wanted.filter.parts(), wanted.shared)
    save_view(context, account, view)
    return _out(view)


@router.delete(
    "/views/{name}",
    summary="删除视图",
    status_code=204,
    responses=problems(401, 403, 404, 422, 503),
)
def remove_view(
    name: _Name, context: CurrentContext, account: MayOwn, shared: _Shared = False
) -> Response:
    """事项不受影响。"""
    delete_view(context, account, name, shared)
    return Response(status_code=204)


def _out(view: SavedView) -> ViewOut:
    return ViewOut(name=view.name, filter=dict(view.filter), shared=view.is_shared)
