"""``minqing retention``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.cli.context import open_context

if TYPE_CHECKING:
    from service.usecases.upkeep.retention import Expired

_CLASSES_ZH = {
    "messages": "来信",
    "digests": "历期民情",
    "looks": "查看来信人的记录",
    "account_events": "账号变动的记录",
    "answers": "接口留存的应答",
    "sessions": "已结束的登录",
    "attempts": "失败的尝试",
}


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="只列出现在会删去多少，不作任何更改。")
def retention(dry_run: bool) -> None:
    """查看保存期限；届满的由运行中的服务每天分批删去。"""
    from service.domain.retention import KEPT_ALWAYS, PERIODS
    from service.usecases.upkeep.retention import list_expired, show_retention_policy

    context = open_context()
    policy = show_retention_policy(context)
    for name, bounds in PERIODS.items():
        period = getattr(policy, name)
        click.echo(f"{bounds.label_zh}：{'一直保存' if period == KEPT_ALWAYS else period}")
    if dry_run:
        _tell(list_expired(context))


def _tell(expired: Expired) -> None:
    click.echo("现在届满的：")
    for name, class_zh in _CLASSES_ZH.items():
        click.echo(f"  {class_zh} {getattr(expired, name):,} 条")
