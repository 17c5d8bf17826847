"""The organisation as a whole: all rows, the workbook, shifts, sectors, and who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from service.domain.deadline import SHANGHAI
from service.domain.organisation_change import OrganisationChange
from service.intake.organisation_sheets import COMMITTEES, STUDIOS
from service.intake.organisation_workbook import MEDIA_TYPE
from service.usecases.administration.edit_organisation import (
    Editor,
    find_row,
    put_sectors,
    put_shifts,
)
from service.usecases.administration.organisation import list_organisation_changes, read_book
from service.usecases.administration.organisation_workbook import export_book, import_workbook
from service.web.allowed import MayOrganise
from service.web.api.documented import problems
from service.web.api.organisation_models import (
    CommitteeModel,
    DepartmentModel,
    Many,
    MemberModel,
    RowModel,
    ShiftModel,
    StudioModel,
)
from service.web.api.organisation_saved import RowChangeOut, SavedOut, tell_saved
from service.web.dependencies import CurrentContext, RowId, WantedVersion, version_tag
from service.web.links import link_next

router = APIRouter(tags=["组织"])

_MOST_CHANGES = 200
_MOST_SHIFTS = 1_000
_READING = problems(401, 403, 404, 422, 503)
_CHANGING = problems(400, 401, 403, 404, 412, 413, 422, 428, 503)
_WORKBOOK = {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}

Code = Annotated[str, Path(min_length=1, max_length=64, description="编号")]


class OrganisationOut(BaseModel):
    """现行的组织资料，各表按编号（承办单位按名称）。"""

    version: int
    committees: dict[str, CommitteeModel]
    studios: dict[str, StudioModel]
    members: dict[str, MemberModel]
    departments: dict[str, DepartmentModel]
    sectors: dict[str, list[str]] = Field(description="自有界别名录的政协；没有的沿用上级或全国的")
    shifts: dict[str, list[ShiftModel]] = Field(description="各工作室的值班")


class ShiftsModel(RowModel):
    """一个工作室的全部值班。"""

    shifts: list[ShiftModel] = Field(max_length=_MOST_SHIFTS)


class SectorsModel(RowModel):
    """一个政协的界别名录；为空即沿用上级或全国的。"""

    sectors: Many


class ChangeOut(BaseModel):
    """谁在何时改了哪一行；同一次更改的各行版本相同。"""

    id: int
    version: int
    at: datetime
    actor: str
    row: RowChangeOut


class ChangesOut(BaseModel):
    """更改记录，新的在前。"""

    changes: list[ChangeOut]


async def raw_body(request: Request) -> bytes:
    """The body as it came, at most as long as any may be."""
    return await request.body()


@router.get("/organisation", summary="组织资料", responses=_READING)
def get_organisation(
    context: CurrentContext, account: MayOrganise, response: Response
) -> OrganisationOut:
    """现行的全部组织资料。"""
    found = read_book(context)
    response.headers.update(version_tag(found.version))
    organisation = found.book.organisation
    sectors: dict[str, list[str]] = {}
    for sector in organisation.sectors:
        sectors.setdefault(sector.committee, []).append(sector.name)
    return OrganisationOut(
        version=found.version,
        committees={each.code: CommitteeModel.of(each) for each in organisation.committees},
        studios={each.code: StudioModel.of(each) for each in organisation.studios},
        members={each.code: MemberModel.of(each) for each in organisation.members},
        departments={each.name: DepartmentModel.of(each) for each in organisation.departments},
        sectors=sectors,
        shifts={
            code: [ShiftModel.of(shift) for shift in shifts]
            for code, shifts in organisation.shifts_of.items()
        },
    )


@router.get(
    "/organisation.xlsx",
    summary="组织资料工作簿",
    response_class=Response,
    responses={**_READING, 200: _WORKBOOK},
)
def get_workbook(context: CurrentContext, account: MayOrganise) -> Response:
    """每表一个工作表，修改后可整体上传。"""
    version, content = export_book(context)
    return Response(content, media_type=MEDIA_TYPE, headers=version_tag(version))


@router.put(
    "/organisation.xlsx",
    summary="以工作簿替换组织资料",
    responses=_CHANGING,
    openapi_extra={"requestBody": {"required": True, **_WORKBOOK}},
)
def put_workbook(
    context: CurrentContext,
    account: MayOrganise,
    content: Annotated[bytes, Depends(raw_body)],
    version: WantedVersion,
    response: Response,
    dry_run: Annotated[bool, Query(description="只检查，列出将有的更改")] = False,
) -> SavedOut:
    """先整体检查；有误时不作任何更改，逐条写明工作表和行。"""
    saved = import_workbook(context, content, account.name, version, is_trial=dry_run)
    return tell_saved(saved, response)


@router.get("/organisation/changes", summary="组织资料更改记录", responses=_READING)
def get_changes(
    request: Request,
    response: Response,
    context: CurrentContext,
    account: MayOrganise,
    before: RowId = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_CHANGES)] = 50,
    sheet: Annotated[str, Query(max_length=20, description="表名，如 委员")] = "",
    code: Annotated[str, Query(max_length=400, description="编号")] = "",
) -> ChangesOut:
    """新的在前；下一页以最后一条的 id 作 before，地址在 Link 响应头中。"""
    found = list_organisation_changes(context, limit, before, sheet, code)
    link_next(request, response, [change.id for change in found], limit)
    return ChangesOut(changes=[_change_out(change) for change in found])


@router.get("/studios/{code}/shifts", summary="工作室的值班", responses=_READING)
def get_shifts(
    code: Code, context: CurrentContext, account: MayOrganise, response: Response
) -> ShiftsModel:
    """全部值班，过去的也在内。"""
    found = read_book(context)
    find_row(found.book, STUDIOS, code)
    response.headers.update(version_tag(found.version))
    shifts = found.book.organisation.shifts_of.get(code, ())
    return ShiftsModel(shifts=[ShiftModel.of(shift) for shift in shifts])


@router.put("/studios/{code}/shifts", summary="更改工作室的值班", responses=_CHANGING)
def put_studio_shifts(
    code: Code,
    wanted: ShiftsModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """整体替换这个工作室的值班；值班的委员在同等条件下优先。"""
    shifts = [shift.as_noun(code) for shift in wanted.shifts]
    return tell_saved(put_shifts(context, code, shifts, Editor(account.name, version)), response)


@router.get("/committees/{code}/sectors", summary="政协自有的界别", responses=_READING)
def get_sectors(
    code: Code, context: CurrentContext, account: MayOrganise, response: Response
) -> SectorsModel:
    """自有的界别名录；为空即沿用上级或全国的。"""
    found = read_book(context)
    find_row(found.book, COMMITTEES, code)
    response.headers.update(version_tag(found.version))
    own = [one.name for one in found.book.organisation.sectors if one.committee == code]
    return SectorsModel(sectors=own)


@router.put("/committees/{code}/sectors", summary="更改政协自有的界别", responses=_CHANGING)
def put_committee_sectors(
    code: Code,
    wanted: SectorsModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """整体替换；委员和工作室的界别须在名录中。"""
    editor = Editor(account.name, version)
    return tell_saved(put_sectors(context, code, wanted.sectors, editor), response)


def _change_out(change: OrganisationChange) -> ChangeOut:
    return ChangeOut(
        id=change.id,
        version=change.version,
        at=change.at.astimezone(SHANGHAI),
        actor=change.actor,
        row=RowChangeOut.of(change.row),
    )
