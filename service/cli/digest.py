"""``minqing digest``."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.context import open_context
from service.errors import InvalidInputError


@click.command("digest")
@click.option("--week", default="", metavar="2019-W28", help="按周（ISO 周，周一至周日）。")
@click.option(
    "--period", default="", metavar="2019-07", help="按日、月、季或年，如 2019-Q3、2019。"
)
@click.option("--all", "is_all", is_flag=True, help="汇总全部时间。")
@click.option("--committee", default="", help="只汇总一个政协组织及其下级（编号）。")
@click.option("--studio", default="", help="只汇总一个委员工作室（编号）。")
@click.option("--department", default="", help="只汇总一个承办单位（名称）。")
@click.option("--topic", default="", help="只汇总一个主题（一级或二级代码，如 04、0401）。")
@click.option("--red-head", default="", metavar="机关名称", help="套红头：发文机关标志。")
@click.option("--document-number", default="", metavar="富政协〔2019〕12号", help="发文字号。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="输出文件：.docx、.html、.xlsx 或 .json。",
)
def digest(
    week: str,
    period: str,
    is_all: bool,
    red_head: str,
    document_number: str,
    output: Path,
    **scope: str,
) -> None:
    """写出一个时期的民情汇总（周报、月报、季报、年报）。"""
    from service.digest import parse_period, write
    from service.digest.red_head import read_red_head
    from service.usecases.digest import make_digest
    from service.usecases.digest_scope import find_scope

    asked = [code for code in (week, period, "all" if is_all else "") if code]
    if len(asked) != 1:
        raise InvalidInputError("请用 --week 或 --period 指明一个时期，或用 --all 汇总全部时间")
    wanted, head = parse_period(asked[0]), read_red_head(red_head, document_number)
    context = open_context()
    made = make_digest(context, wanted, find_scope(context, **scope), head)
    write(made, output)
    click.echo(f"{made.title}：{len(made.messages):,} 件留言，见 {output}")
