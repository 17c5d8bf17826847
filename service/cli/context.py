"""What several commands need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from service.usecases.context import Context

ACTOR = "命令行"  # who laid something down, where a command did


def open_context() -> Context:
    """Read the settings and open everything."""
    from service.composition import build_context
    from service.settings import read_settings

    return build_context(read_settings())


def complete_and_tell(context: Context) -> None:
    """Let the model judge what came in while there was none, and say so."""
    from service.usecases.complete import complete_waiting

    count = complete_waiting(context)
    if count:
        click.echo(f"补作判断 {count:,} 件：受理时没有可用的模型")
