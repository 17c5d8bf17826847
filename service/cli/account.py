"""``minqing account``."""

from __future__ import annotations

import click

from service.cli.context import begin_context, open_context
from service.cli.help import ChineseGroup
from service.domain.access import Role, ScopeKind, TokenScope
from service.domain.deadline import SHANGHAI

_ROLES, _SCOPES = (click.Choice([one.value for one in kind]) for kind in (Role, ScopeKind))
_role = click.option(
    "--role", type=_ROLES, required=True, help="、".join(f"{r.value} {r.label_zh}" for r in Role)
)
_scope = click.option(
    "--scope",
    type=_SCOPES,
    default=ScopeKind.WHOLE.value,
    help="、".join(f"{kind.value} {kind.label_zh}" for kind in ScopeKind),
)
_code = click.option(
    "--code", multiple=True, help="范围内的编号（承办单位写名称），可写几个；政协连同其下各级。"
)


@click.group("account", cls=ChineseGroup)
def account() -> None:
    """管理账号。"""


@account.command("add")
@click.argument("name")
@_role
@_scope
@_code
def add(name: str, role: str, scope: str, code: tuple[str, ...]) -> None:
    """添加账号，显示随机的初始密码，首次登录须更改。"""
    from service.usecases.accounts.accounts import Duty, add_account

    duty = Duty(Role(role), ScopeKind(scope), code)
    _show_password(name, add_account(begin_context(), name, duty))


@account.command("change")
@click.argument("name")
@_role
@_scope
@_code
def change(name: str, role: str, scope: str, code: tuple[str, ...]) -> None:
    """更改账号的角色和范围，并结束它已有的登录。"""
    from service.usecases.accounts.accounts import Duty, change_duty

    change_duty(open_context(), name, Duty(Role(role), ScopeKind(scope), code))
    click.echo(f"账号 {name} 已更改。")


@account.command("list")
def list_all() -> None:
    """列出账号、角色和范围。"""
    from service.usecases.accounts.accounts import list_accounts

    for one in list_accounts(open_context()):
        scope = f"{one.scope_kind.label_zh} {'、'.join(one.codes)}".strip()
        state = "  已停用" if one.is_disabled else ""
        click.echo(f"{one.name}  {one.role.label_zh}  {scope}{state}")


@account.command("disable")
@click.argument("name")
@click.option("--undo", is_flag=True, help="重新启用。")
def disable(name: str, undo: bool) -> None:
    """停用账号，并结束它已有的登录。"""
    from service.usecases.accounts.accounts import set_disabled

    set_disabled(open_context(), name, not undo)
    click.echo(f"账号 {name} 已{'启用' if undo else '停用'}。")


@account.command("reset-password")
@click.argument("name")
def reset_password(name: str) -> None:
    """给一个账号换上随机的新密码，只显示一次，首次登录须更改，并结束它已有的登录。"""
    from service.usecases.accounts.accounts import reset_password as reset

    _show_password(name, reset(open_context(), name))


@account.command("reset-totp")
@click.argument("name")
def reset_totp(name: str) -> None:
    """验证器和恢复码都丢失时，取消一个账号的两步验证，并结束它已有的登录和令牌。"""
    from service.usecases.accounts.second_factor import reset_second_factor

    reset_second_factor(open_context(), name)
    click.echo(f"账号 {name} 的两步验证已取消。")


@account.command("looks")
@click.option("--account", "who", default="", help="只列这个账号的。")
@click.option("--matter", type=int, default=0, help="只列这件事项的，编号（内部）。")
def looks(who: str, matter: int) -> None:
    """列出谁看过来信人的信息，新的在前，最多一千次。"""
    from service.usecases.matters.sender_looks import list_looks

    for look in list_looks(open_context(), who, matter):
        at, seen = look.at.astimezone(SHANGHAI), "、".join(map(str, look.messages))
        click.echo(f"{at:%Y-%m-%d %H:%M:%S}  {look.account}  事项 {look.matter_id}  留言 {seen}")


@account.group("token", cls=ChineseGroup)
def token() -> None:
    """管理账号的访问令牌，供其他系统凭接口办理。"""


@token.command("add")
@click.argument("name")
@click.option("--for", "use", required=True, help="用途，便于日后辨认。")
@click.option(
    "--scope",
    type=click.Choice([one.value for one in TokenScope]),
    multiple=True,
    required=True,
    help="可写几个：" + "、".join(f"{one.value} {one.label_zh}" for one in TokenScope),
)
@click.option("--days", type=int, default=90, show_default=True, help="有效期，1–365 天。")
def add_token(name: str, use: str, scope: tuple[str, ...], days: int) -> None:
    """添加令牌，只显示一次；权限不超出账号自己的。"""
    from service.usecases.accounts.api_tokens import account_named
    from service.usecases.accounts.api_tokens import add_token as make

    context = open_context()
    scopes = [TokenScope(each) for each in scope]
    made = make(context, account_named(context, name), use, scopes, days)
    click.echo(f"令牌 {made.id}（只显示这一次，请记下）：{made.token}")


@token.command("list")
@click.argument("name")
def list_tokens(name: str) -> None:
    """列出一个账号的令牌，新的在前。"""
    from service.usecases.accounts.api_tokens import account_named
    from service.usecases.accounts.api_tokens import list_tokens as read

    context = open_context()
    for one in read(context, account_named(context, name)):
        scopes = "、".join(sorted(each.value for each in one.scopes))
        until = f"{one.ends_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        seen = f"{one.seen_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if one.seen_at else "从未"
        click.echo(f"{one.id}  {one.name}  {scopes}  到 {until}  最近使用 {seen}")


@token.command("revoke")
@click.argument("name")
@click.argument("number", type=int)
def revoke_token(name: str, number: int) -> None:
    """撤销账号的一个令牌，即刻失效。"""
    from service.usecases.accounts.api_tokens import account_named
    from service.usecases.accounts.api_tokens import revoke_token as revoke

    context = open_context()
    revoke(context, account_named(context, name), number)
    click.echo(f"令牌 {number} 已撤销。")


def _show_password(name: str, password: str) -> None:
    click.echo(f"账号 {name} 的新密码（只显示这一次，请记下）：{password}")
