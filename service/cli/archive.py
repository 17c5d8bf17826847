"""``minqing reclassify`` and ``minqing rematch``: bulk work over what is stored."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from service.cli.context import open_context
from service.cli.pace import PROCESSES, Pace

if TYPE_CHECKING:
    from service.usecases.context import Context
    from service.usecases.matching.crew import Crew

_DASK = click.option(
    "--dask", default=None, metavar="ADDRESS", help="交给 Dask 集群，如 tcp://10.0.0.5:8786。"
)


@click.command("reclassify")
@PROCESSES
@_DASK
def reclassify_command(processes: int | None, dask: str | None) -> None:
    """用现在的模型重新判断库中留言；人已作的决定不变。"""
    from service.usecases.archive.reclassify import Reclassified, reclassify

    context = open_context()
    show = _progress()
    with _crew(context, processes, dask) as crew:

        def told(done: Reclassified) -> None:
            show(done.judged_count, done.total)

        done = reclassify(context, crew, told)
    _end_line()
    click.echo(f"重新判断 {done.judged_count:,} 件，其中 {done.changed_count:,} 件的判断有变化")
    click.echo(f"随之更新尚无人处理的事项 {done.matter_count:,} 个")


@click.command("rematch")
@PROCESSES
@_DASK
def rematch_command(processes: int | None, dask: str | None) -> None:
    """用现在的并案模型重建索引，重新比对尚无人处理的事项；人已处理的不动。"""
    from service.usecases.archive.rematch import Rematched, rematch

    context = open_context()
    show = _progress()
    with _crew(context, processes, dask) as crew:

        def told(done: Rematched) -> None:
            show(done.matter_count, done.total)

        done = rematch(context, crew, told)
    _end_line()
    click.echo(f"重建索引 {done.matter_count:,} 个事项，其中 {done.joined_count:,} 个并入其他事项")


def _crew(
    context: Context, processes: int | None, dask: str | None
) -> AbstractContextManager[Crew]:
    from service.composition import triage_recipe
    from service.usecases.matching.crew import processor_count
    from service.usecases.matching.joblib_crew import open_cluster, open_local

    recipe = triage_recipe(context)
    if dask is not None:
        return open_cluster(recipe, dask)
    return open_local(recipe, processes or processor_count())


def _progress() -> Callable[[int, int], None]:
    pace = Pace()

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            told = pace.told(done, done / total if total else None)
            click.echo(f"\r已处理 {done:,} / {total:,} 件，{told}    ", nl=False, err=True)

    return show


def _end_line() -> None:
    if sys.stderr.isatty():
        click.echo("", err=True)
