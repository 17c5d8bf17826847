"""``minqing directory``."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.context import open_context


@click.command("directory")
@click.argument("folder", type=click.Path(path_type=Path))
def directory(folder: Path) -> None:
    """载入一个文件夹里的组织资料（政协、工作室、委员、承办单位），先整体检查。"""
    from service.composition import read_shipped_directory
    from service.usecases.load_directory import save_directory

    context = open_context()
    settings = context.settings.model_copy(update={"organisation": folder})
    files = read_shipped_directory(settings)
    save_directory(context.database, files.organisation, files.activities)
    found = files.organisation
    click.echo(
        f"已载入：政协组织 {len(found.committees)}，委员工作室 {len(found.studios)}，"
        f"委员 {len(found.members):,}，承办单位 {len(found.departments)}"
    )
    click.echo("正在运行的工作台重新启动后采用新的资料")
