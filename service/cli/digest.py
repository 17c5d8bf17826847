"""``minqing digest``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import ACTOR, open_context
from service.cli.help import ChineseGroup
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError

if TYPE_CHECKING:
    from service.digest.periods import Period

_CHOICES = (
    click.option("--week", default="", metavar="2019-W28", help="按周（ISO 周，周一至周日）。"),
    click.option(
        "--period", default="", metavar="2019-07", help="按日、月、季或年，如 2019-Q3、2019。"
    ),
    click.option("--all", "is_all", is_flag=True, help="汇总全部时间。"),
    click.option("--committee", default="", help="只汇总一个政协组织及其下级（编号）。"),
    click.option("--studio", default="", help="只汇总一个委员工作室（编号）。"),
    click.option("--department", default="", help="只汇总一个承办单位（名称）。"),
    click.option("--topic", default="", help="只汇总一个主题（一级或二级代码，如 04、0401）。"),
    click.option("--red-head", default="", metavar="机关名称", help="套红头：发文机关标志。"),
    click.option("--document-number", default="", metavar="富政协〔2019〕12号", help="发文字号。"),
)


def _choices(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which a period and a share are chosen."""
    for option in reversed(_CHOICES):
        command = option(command)
    return command


@click.group("digest", cls=ChineseGroup, invoke_without_command=True)
@_choices
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="输出文件：.docx、.html、.xlsx 或 .json。",
)
@click.pass_context
def digest(
    called: click.Context,
    /,
    week: str,
    period: str,
    is_all: bool,
    red_head: str,
    document_number: str,
    output: Path | None,
    **scope: str,
) -> None:
    """写出一个时期的民情汇总（周报、月报、季报、年报）。"""
    if called.invoked_subcommand is not None:
        return
    from service.digest import write
    from service.digest.red_head import read_red_head
    from service.usecases.digests.digest import make_digest
    from service.usecases.digests.digest_scope import find_scope
    from service.usecases.matching.crew import look_seldom_for_garbage

    wanted, head = _asked(week, period, is_all), read_red_head(red_head, document_number)
    if output is None:
        raise InvalidInputError("请用 -o 指明输出文件")
    context = open_context()
    look_seldom_for_garbage()
    made = make_digest(context, wanted, find_scope(context, **scope), head)
    write(made, output)
    click.echo(f"{made.title}：{len(made.messages):,} 件留言，见 {output}")


@digest.command("make")
@_choices
def make(
    week: str, period: str, is_all: bool, red_head: str, document_number: str, **scope: str
) -> None:
    """生成一个时期的民情汇总，留存在历期民情中。"""
    from service.digest.red_head import read_red_head
    from service.usecases.digests.digest_scope import find_scope
    from service.usecases.digests.kept_digests import keep_digest

    wanted, head = _asked(week, period, is_all), read_red_head(red_head, document_number)
    context = open_context()
    kept_id = keep_digest(context, wanted, ACTOR, find_scope(context, **scope), head)
    click.echo(f"{wanted.code} 已留存，编号 {kept_id}")


@digest.command("list")
def list_all() -> None:
    """列出历期民情，新的在前，最多二百期。"""
    from service.domain.access import Account, Role
    from service.usecases.digests.kept_digests import list_kept_digests

    for one in list_kept_digests(open_context(), Account(ACTOR, Role.ADMINISTRATOR)):
        cut = one.cut_at.astimezone(SHANGHAI)
        scope = f"  {one.scope_kind.label_zh}：{one.scope_name}" if one.scope_name else ""
        click.echo(
            f"{one.id}  {one.title}{scope}  {one.message_count:,} 件留言"
            f"  截至 {cut:%Y-%m-%d %H:%M}  {one.made_by}"
        )


def _asked(week: str, period: str, is_all: bool) -> Period:
    from service.digest import parse_period

    asked = [code for code in (week, period, "all" if is_all else "") if code]
    if len(asked) != 1:
        raise InvalidInputError("请用 --week 或 --period 指明一个时期，或用 --all 汇总全部时间")
    return parse_period(asked[0])
