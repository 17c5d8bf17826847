"""``/api/v1/accounts``: who may log in, and for what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.access import Role, ScopeKind
from service.domain.labels import Labelled
from service.usecases.accounts.accounts import (
    MAX_CODES,
    MAX_NAME_CHARS,
    AccountDetails,
    Duty,
    add_account,
    change_duty,
    list_accounts,
    reset_password,
    set_disabled,
)
from service.usecases.accounts.second_factor import reset_second_factor
from service.web.allowed import MayAdminister
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["账号"])

Name = Annotated[str, Path(max_length=MAX_NAME_CHARS, description="账号", examples=["李收件"])]


def _listed(kind: type[Labelled]) -> str:
    return "、".join(f"{member.value} {member.label_zh}" for member in kind)


class DutyIn(BaseModel):
    """账号的角色和范围。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role = Field(description=_listed(Role), examples=["clerk"])
    scope: ScopeKind = Field(
        default=ScopeKind.WHOLE, description=_listed(ScopeKind), examples=["committee"]
    )
    codes: list[Annotated[str, Field(max_length=100)]] = Field(
        default_factory=list,
        max_length=MAX_CODES,
        description="范围内的编号（承办单位写名称）；政协连同其下各级；范围为全部的不写",
        examples=[["FP"]],
    )

    def as_duty(self) -> Duty:
        """What the account shall be for."""
        return Duty(self.role, self.scope, tuple(self.codes))


class AccountIn(DutyIn):
    """要添加的账号。"""

    name: str = Field(min_length=1, max_length=MAX_NAME_CHARS, examples=["李收件"])


class PasswordOut(BaseModel):
    """随机的密码，只给出这一次；首次登录须更改。"""

    name: str
    password: str


class AccountOut(BaseModel):
    """一个账号。"""

    name: str
    role: str
    scope: str
    codes: list[str]
    disabled: bool
    must_change: bool = Field(description="下次登录须更改密码")
    second_factor: bool = Field(description="已开启两步验证")


class AccountsOut(BaseModel):
    """全部账号。"""

    accounts: list[AccountOut]


@router.get("/accounts", summary="账号", response_model=AccountsOut, responses=problems(401, 503))
def get_accounts(context: CurrentContext, account: MayAdminister) -> AccountsOut:
    """角色、范围、是否停用。"""
    return AccountsOut(accounts=[_as_out(one) for one in list_accounts(context)])


@router.post(
    "/accounts",
    summary="添加账号",
    status_code=201,
    response_model=PasswordOut,
    responses=problems(400, 401, 409, 413, 422, 503),
)
def post_account(wanted: AccountIn, context: CurrentContext, account: MayAdminister) -> PasswordOut:
    """答复中的密码只给出这一次。"""
    password = add_account(context, wanted.name, wanted.as_duty())
    return PasswordOut(name=wanted.name, password=password)


@router.patch(
    "/accounts/{name}",
    summary="更改账号",
    status_code=204,
    responses=problems(400, 401, 404, 413, 422, 503),
)
def patch_account(
    name: Name, wanted: DutyIn, context: CurrentContext, account: MayAdminister
) -> Response:
    """更改角色和范围；已有的登录即结束。"""
    change_duty(context, name, wanted.as_duty())
    return Response(status_code=204)


@router.delete(
    "/accounts/{name}",
    summary="停用账号",
    status_code=204,
    responses=problems(401, 404, 422, 503),
)
def delete_account(name: Name, context: CurrentContext, account: MayAdminister) -> Response:
    """停用而不删去：名称还写在办理经过中。可以重新启用。"""
    set_disabled(context, name, True)
    return Response(status_code=204)


@router.post(
    "/accounts/{name}:enable",
    summary="重新启用账号",
    status_code=204,
    responses=problems(401, 404, 422, 503),
)
def post_enabling(name: Name, context: CurrentContext, account: MayAdminister) -> Response:
    """原来的角色、范围和密码不变。"""
    set_disabled(context, name, False)
    return Response(status_code=204)


@router.post(
    "/accounts/{name}:reset-password",
    summary="重置密码",
    response_model=PasswordOut,
    responses=problems(401, 404, 422, 503),
)
def post_reset(name: Name, context: CurrentContext, account: MayAdminister) -> PasswordOut:
    """换上随机的新密码，只给出这一次；已有的登录即结束。"""
    return PasswordOut(name=name, password=reset_password(context, name))


@router.post(
    "/accounts/{name}:reset-totp",
    summary="重置两步验证",
    status_code=204,
    responses=problems(401, 404, 422, 503),
)
def post_factor_reset(name: Name, context: CurrentContext, account: MayAdminister) -> Response:
    """验证器和恢复码都丢失时使用；已有的登录和令牌即结束，此后凭密码登录。"""
    reset_second_factor(context, name)
    return Response(status_code=204)


def _as_out(one: AccountDetails) -> AccountOut:
    return AccountOut(
        name=one.name,
        role=one.role.value,
        scope=one.scope_kind.value,
        codes=list(one.codes),
        disabled=one.is_disabled,
        must_change=one.must_change,
        second_factor=one.has_second_factor,
    )
