"""``minqing calendar``."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.context import ACTOR, begin_context, open_context
from service.cli.help import ChineseGroup


@click.group("calendar", cls=ChineseGroup)
def calendar() -> None:
    """管理放假安排：办理时限按它计算。"""


@calendar.command("show")
def show() -> None:
    """显示已载入的放假安排，以及知道到哪一年。"""
    from service.usecases.in_force.work_calendar import show_calendar

    found = show_calendar(open_context())
    for one in found.days:
        click.echo(f"{one.day} {'上班' if one.is_working else '放假'} {one.name}")
    click.echo(f"放假安排知道到 {found.last_known_year} 年，此后的时限是暂定的")


@calendar.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_command(file: Path) -> None:
    """载入一年或几年的放假安排（CSV：日期,安排,名称），未办结事项的时限随之重新计算。"""
    from service.usecases.in_force.work_calendar import import_calendar

    loaded = import_calendar(begin_context(file), file, ACTOR)
    years = "、".join(map(str, loaded.years))
    click.echo(f"已载入 {years} 年的 {loaded.day_count} 天，{loaded.moved_count} 件事项的时限有变")
