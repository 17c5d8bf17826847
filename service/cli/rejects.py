"""``minqing rejects``."""

from __future__ import annotations

import click

from service.cli.context import open_context
from service.cli.help import ChineseGroup


@click.group("rejects", cls=ChineseGroup)
def rejects() -> None:
    """查看未能导入的行；改好或不必再管的，记为已处理。"""


@rejects.command("list")
def list_command() -> None:
    """列出还没有处理的行：编号、来源、文件和行号、原因。"""
    from service.usecases.intake.rejects import list_rejects

    listed = list_rejects(open_context())
    for one in listed:
        place = f"{one.file} 第 {one.line} 行" if one.line else one.file
        click.echo(f"{one.id}  {one.source}  {place}：{one.reason_zh}")
    if not listed:
        click.echo("没有未处理的行。")


@rejects.command("done")
@click.argument("numbers", metavar="编号...", type=int, nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="全部记为已处理。")
def done_command(numbers: tuple[int, ...], is_all: bool) -> None:
    """把这些行记为已处理，不再计数；原来的内容仍在当时写出的文件里。"""
    from service.usecases.intake.rejects import list_rejects, settle_rejects

    if not numbers and not is_all:
        raise click.UsageError("")
    context = open_context()
    chosen = [one.id for one in list_rejects(context)] if is_all else numbers
    settle_rejects(context, chosen)
    click.echo(f"已处理 {len(set(chosen)):,} 行")
