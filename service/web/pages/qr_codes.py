"""``/studios/{code}/qr``: the QR code of a studio's own form, to be printed and put up."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response

from service.errors import NotFoundError
from service.usecases.matters.access import check_studio_allowed
from service.web.allowed import MayReceive
from service.web.dependencies import CurrentContext
from service.web.pages.rendering import show_page
from service.web.qr import qr_picture

router = APIRouter(include_in_schema=False)


@router.get("/studios/{code}/qr")
def get_qr(
    request: Request,
    code: Annotated[str, Path(max_length=64)],
    context: CurrentContext,
    account: MayReceive,
) -> Response:
    """The sheet; the address on it is the one by which the desk was asked for."""
    studio = context.triage.organisation.studio_by_code.get(code)
    if studio is None:
        raise NotFoundError(f"委员工作室 {code}")
    check_studio_allowed(context, account, code)
    address = f"{request.base_url}submit?{urlencode({'studio': code})}"
    return show_page(
        request, "qr_code.html.j2", studio_name=studio.name, address=address, qr=qr_picture(address)
    )
