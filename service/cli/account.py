"""``minqing account``."""

from __future__ import annotations

import click

from service.cli.context import open_context
from service.cli.help import ChineseGroup


@click.group("account", cls=ChineseGroup)
def account() -> None:
    """管理账号。"""


@account.command("reset-password")
@click.argument("name")
def reset_password(name: str) -> None:
    """给一个账号换上随机的新密码，只显示一次，并结束它已有的登录。"""
    from service.usecases.accounts import reset_password as reset

    password = reset(open_context(), name)
    click.echo(f"账号 {name} 的新密码（只显示这一次，请记下）：{password}")
