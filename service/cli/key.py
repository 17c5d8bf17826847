"""``minqing key``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.cli.context import open_context
from service.cli.help import ChineseGroup

if TYPE_CHECKING:
    from service.usecases.upkeep.rotating import KeyView

_KEEP = "密钥文件已经改变：请立即把新的 secret.key 另存一处，没有它就打不开来信人资料"


@click.group("key", cls=ChineseGroup)
def key() -> None:
    """密钥：查看、轮换、退役。"""


@key.command("list")
def list_command() -> None:
    """列出密钥，各有多少记录由它密封。"""
    from service.usecases.upkeep.rotating import list_keys

    for each in list_keys(open_context()):
        click.echo(_line(each))


@key.command("rotate")
@click.option("--prepare", is_flag=True, help="只造新密钥，暂不使用：先把密钥文件送到各台机器。")
def rotate(prepare: bool) -> None:
    """换用新密钥，并把旧密钥密封的记录重新密封；运行中也可以，中断后再执行一次即可。"""
    from service.usecases.upkeep.rotating import prepare_key, rotate_keys

    context = open_context()
    if prepare:
        click.echo(f"{prepare_key(context)} 号密钥待用：请把 secret.key 送到各台机器，再执行轮换")
        click.echo(_KEEP)
        return
    told: dict[str, int] = {}

    def progress(kind: str, done: int) -> None:
        if done and told.get(kind) != done:
            told[kind] = done
            click.echo(f"{kind} {done:,}", err=True)

    rotated = rotate_keys(context, progress)
    begun = "换用" if rotated.is_new else "接着上次，仍用"
    count = sum(rotated.resealed.values())
    click.echo(f"{begun} {rotated.key_id} 号密钥，重新密封 {count:,} 条记录")
    if rotated.left:
        click.echo(f"还有 {rotated.left:,} 条由旧密钥密封：请核对各台机器的密钥文件，再执行一次")
    click.echo(_KEEP)


@key.command("retire")
@click.argument("key_id", type=int)
def retire(key_id: int) -> None:
    """删去没有记录再用的密钥；以前的备份还要用它，那时的密钥文件请与备份一同保管。"""
    from service.usecases.upkeep.rotating import retire_key

    retire_key(open_context(), key_id)
    click.echo(f"{key_id} 号密钥已经退役")
    click.echo(_KEEP)


def _line(each: KeyView) -> str:
    from service.domain.deadline import SHANGHAI

    if each.is_retired:
        return f"{each.id} 号　已退役，只用于核验封存"
    made = f"{each.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if each.made_at else "启用时"
    state = "在用" if each.is_current else "可读"
    uses = "、".join(f"{kind} {count:,}" for kind, count in each.uses.items()) or "没有记录"
    return f"{each.id} 号　{state}　{made} 所造　指纹 {each.fingerprint}　{uses}"
