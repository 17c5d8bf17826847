"""What several commands need."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.errors import FileUnreadableError

if TYPE_CHECKING:
    from service.usecases.context import Context

ACTOR = "命令行"  # who laid something down, where a command did


def open_context() -> Context:
    """Read the settings and open what is there: nothing is made where nothing was begun."""
    from service.composition import open_begun
    from service.settings import read_settings

    return _closed_at_the_end(open_begun(read_settings()))


def begin_context(*files: Path) -> Context:
    """The same for what a county may begin with: database and key are made where missing.

    Raises
    ------
    FileUnreadableError
        One of the files that are to be loaded is not there; nothing was made.
    """
    from service.composition import build_context
    from service.settings import read_settings

    for file in files:
        if not os.path.exists(file):  # noqa: PTH110 - no name is too long for it
            raise FileUnreadableError(f"找不到 {file}")
    return _closed_at_the_end(build_context(read_settings()))


def _closed_at_the_end(context: Context) -> Context:
    """Let the command that runs, where one does, close what it opened."""
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(context.database.close)
    return context


def complete_and_tell(context: Context) -> None:
    """Bring what an older version stored up to date, judge what waits for a model, and say so."""
    from service.usecases.archive.complete import complete_waiting
    from service.usecases.archive.reindex import reindex
    from service.usecases.matching.index_messages import index_messages

    renewed = reindex(context)
    if renewed:
        click.echo(f"更新并案索引 {renewed:,} 件")
    indexed = index_messages(context)
    if indexed:
        click.echo(f"建立全文检索 {indexed:,} 条")
    count = complete_waiting(context)
    if count:
        click.echo(f"补作判断 {count:,} 件：受理时没有可用的模型")
