"""``minqing audit``."""

from __future__ import annotations

import sys

import click

from service.cli.context import open_context
from service.cli.help import ChineseGroup


@click.group("audit", cls=ChineseGroup)
def audit() -> None:
    """核验办理经过。"""


@audit.command("verify")
def verify() -> None:
    """逐条核验办理经过：有没有被改动、删去或截断的。有问题时退出码为 1。"""
    from service.domain.deadline import SHANGHAI
    from service.usecases.upkeep.audit import MAX_FAULTS, verify_histories

    found = verify_histories(open_context())
    click.echo(f"核验 {found.matter_count:,} 件事项，{found.entry_count:,} 条经过")
    if found.sealed_at is None:
        click.echo("还没有封存过")
    else:
        last = found.sealed_at.astimezone(SHANGHAI)
        click.echo(f"封存 {found.seal_count:,} 次，最近一次 {last:%Y-%m-%d %H:%M}")
    for fault in found.faults:
        click.echo(fault)
    if len(found.faults) == MAX_FAULTS:
        click.echo("……问题太多，只列出这些")
    if found.faults:
        sys.exit(1)
    click.echo("没有发现问题")


@audit.command("seal")
def seal() -> None:
    """封存今天的办理经过；运行中的服务每天自动封存一次。"""
    from service.usecases.upkeep.audit import seal_histories

    count = seal_histories(open_context())
    click.echo("今天已经封存过" if count is None else f"封存 {count:,} 件事项的经过")
