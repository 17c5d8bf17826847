"""``minqing erase``."""

from __future__ import annotations

import click

from service.cli.context import ACTOR, open_context
from service.domain.erasure import ErasureGround

_GROUNDS = "、".join(f"{one.value} {one.label_zh}" for one in ErasureGround)


@click.command("erase")
@click.argument("receipt")
@click.option(
    "--ground",
    type=click.Choice([one.value for one in ErasureGround]),
    required=True,
    help=f"依据：{_GROUNDS}。",
)
@click.option("--reason", required=True, help="缘由：谁申请、依据哪份文书；不要写被删除的内容。")
@click.option("--yes", is_flag=True, help="不再询问。")
def erase(receipt: str, ground: str, reason: str, yes: bool) -> None:
    """依法删除一条来信：按回执码，文字和来信人删去，不能恢复。"""
    from service.usecases.casework.erasing import erase_message, find_by_receipt

    context = open_context()
    message_id = find_by_receipt(context, receipt)
    if not yes:
        click.confirm("删除后不能恢复，继续吗？", abort=True)
    erased = erase_message(context, message_id, ACTOR, ErasureGround(ground), reason)
    click.echo(
        f"已删除：留言 {len(erased.message_ids)} 条，遮去经过 {erased.entry_count} 条，"
        f"撤下民情汇总 {erased.digest_count} 份。此前的备份和导出的文件请另行处理。"
    )
