"""The rows of the organisation by their codes: shown, put, deleted.

Each answers with the version in force as its ETag; a change names the version that it was
thought of in ``If-Match``.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from service.intake.organisation_sheets import COMMITTEES, DEPARTMENTS, MEMBERS, STUDIOS, Sheet
from service.usecases.administration.edit_organisation import (
    Absence,
    Editor,
    delete_row,
    put_absence,
    put_row,
    show_row,
)
from service.usecases.context import Context
from service.web.allowed import MayOrganise
from service.web.api.documented import problems
from service.web.api.organisation_models import (
    AbsenceModel,
    CommitteeModel,
    DepartmentModel,
    MemberModel,
    StudioModel,
)
from service.web.api.organisation_saved import SavedOut, tell_saved
from service.web.dependencies import CurrentContext, WantedVersion, version_tag

router = APIRouter(tags=["组织"])

_READING = problems(401, 403, 404, 422, 503)
_CHANGING = problems(400, 401, 403, 404, 412, 413, 422, 428, 503)

RowCode = Annotated[str, Path(min_length=1, max_length=100, description="编号；承办单位为名称")]


@router.get("/committees/{code}", summary="一个政协组织", responses=_READING)
def get_committee(
    code: RowCode, context: CurrentContext, account: MayOrganise, response: Response
) -> CommitteeModel:
    """政协组织的资料。"""
    return CommitteeModel.of(_shown(context, COMMITTEES, code, response))


@router.put("/committees/{code}", summary="登记或更改政协组织", responses=_CHANGING)
def put_committee(
    code: RowCode,
    wanted: CommitteeModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """没有这个编号即新增，有即替换；整个组织资料一并检查。"""
    editor = Editor(account.name, version)
    return tell_saved(put_row(context, COMMITTEES, wanted.as_noun(code), editor), response)


@router.delete("/committees/{code}", summary="删去政协组织", responses=_CHANGING)
def delete_committee(
    code: RowCode,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """还有工作室、委员或未办结的事项时不能删去。"""
    return tell_saved(
        delete_row(context, COMMITTEES, code, Editor(account.name, version)), response
    )


@router.get("/studios/{code}", summary="一个工作室", responses=_READING)
def get_studio(
    code: RowCode, context: CurrentContext, account: MayOrganise, response: Response
) -> StudioModel:
    """工作室的资料。"""
    return StudioModel.of(_shown(context, STUDIOS, code, response))


@router.put("/studios/{code}", summary="登记或更改工作室", responses=_CHANGING)
def put_studio(
    code: RowCode,
    wanted: StudioModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """新工作室先登记（不写召集人），再登记它的委员，然后写上召集人。"""
    editor = Editor(account.name, version)
    return tell_saved(put_row(context, STUDIOS, wanted.as_noun(code), editor), response)


@router.delete("/studios/{code}", summary="删去工作室", responses=_CHANGING)
def delete_studio(
    code: RowCode,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """还有委员、值班、活动或未办结的事项时不能删去。"""
    return tell_saved(delete_row(context, STUDIOS, code, Editor(account.name, version)), response)


@router.get("/members/{code}", summary="一位委员", responses=_READING)
def get_member(
    code: RowCode, context: CurrentContext, account: MayOrganise, response: Response
) -> MemberModel:
    """委员的资料。"""
    return MemberModel.of(_shown(context, MEMBERS, code, response))


@router.put("/members/{code}", summary="登记或更改委员", responses=_CHANGING)
def put_member(
    code: RowCode,
    wanted: MemberModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """没有这个编号即新增，有即替换；整个组织资料一并检查。"""
    editor = Editor(account.name, version)
    return tell_saved(put_row(context, MEMBERS, wanted.as_noun(code), editor), response)


@router.put("/members/{code}/absence", summary="登记缺席和代理", responses=_CHANGING)
def put_member_absence(
    code: RowCode,
    wanted: AbsenceModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """缺席期间派给这位委员的事项由代理委员接；都为空即恢复在岗。"""
    absence = Absence(wanted.absent_from, wanted.absent_to, wanted.deputy)
    return tell_saved(put_absence(context, code, absence, Editor(account.name, version)), response)


@router.delete("/members/{code}", summary="删去委员", responses=_CHANGING)
def delete_member(
    code: RowCode,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """还是召集人、代理人，或有值班、活动、未办结的事项时不能删去。"""
    return tell_saved(delete_row(context, MEMBERS, code, Editor(account.name, version)), response)


@router.get("/departments/{code}", summary="一个承办单位", responses=_READING)
def get_department(
    code: RowCode, context: CurrentContext, account: MayOrganise, response: Response
) -> DepartmentModel:
    """承办单位的资料。"""
    return DepartmentModel.of(_shown(context, DEPARTMENTS, code, response))


@router.put("/departments/{code}", summary="登记或更改承办单位", responses=_CHANGING)
def put_department(
    code: RowCode,
    wanted: DepartmentModel,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """没有这个名称即新增，有即替换；整个组织资料一并检查。"""
    editor = Editor(account.name, version)
    return tell_saved(put_row(context, DEPARTMENTS, wanted.as_noun(code), editor), response)


@router.delete("/departments/{code}", summary="删去承办单位", responses=_CHANGING)
def delete_department(
    code: RowCode,
    context: CurrentContext,
    account: MayOrganise,
    version: WantedVersion,
    response: Response,
) -> SavedOut:
    """办理规则或未办结的事项还用到时不能删去。"""
    editor = Editor(account.name, version)
    return tell_saved(delete_row(context, DEPARTMENTS, code, editor), response)


def _shown(context: Context, sheet: Sheet, code: str, response: Response) -> Any:
    version, noun = show_row(context, sheet, code)
    response.headers.update(version_tag(version))
    return noun
