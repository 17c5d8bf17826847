"""``minqing backup`` and ``minqing restore``."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.context import open_context


@click.command("backup")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="备份文件，如 备份.tar.gz",
)
def backup(output: Path) -> None:
    """备份数据库、学到的模型和退回的行，运行中也可以；不含密钥 secret.key，须另行保管。"""
    from service.usecases.upkeep.backup import make_backup

    made = make_backup(open_context(), output)
    click.echo(f"已备份到 {output}：{made.size:,} 字节，数据库之外 {made.file_count} 个文件")
    click.echo("密钥 secret.key 不在其中，请另存一处")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """把备份恢复到空的数据库；密钥文件 secret.key 须先放回。"""
    from service.domain.deadline import SHANGHAI
    from service.settings import read_settings
    from service.usecases.upkeep.backup import restore_backup

    made_at = restore_backup(read_settings(), file)
    click.echo(f"已恢复到 {made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 的备份")
    click.echo("可用 minqing audit verify 核验办理经过")
