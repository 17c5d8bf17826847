"""``minqing directory``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.context import ACTOR, begin_context, open_context
from service.cli.help import ChineseGroup

if TYPE_CHECKING:
    from service.usecases.administration.organisation import Saved

_FILE = click.Path(path_type=Path)
_SHOWN = 20


class _ImportUnlessTold(ChineseGroup):
    """``minqing directory FOLDER`` imports it, as it did before there was anything else to do."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take what is no command for a file to import."""
        is_told = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if is_told else ["import", *args])


@click.group("directory", cls=_ImportUnlessTold)
def directory() -> None:
    """管理组织资料：政协、工作室、委员、承办单位、界别、值班、活动。"""


@directory.command("export")
@click.option("-o", "--output", type=_FILE, required=True, help="写到这个 .xlsx 文件")
def export_command(output: Path) -> None:
    """把现行的组织资料写成一个工作簿，可修改后再载入；尚未载入过的，写随附的示例。"""
    from service.composition import open_begun_or_aside, read_shipped_directory
    from service.intake.organisation_workbook import write_workbook
    from service.settings import read_settings
    from service.usecases.administration.organisation_workbook import export_book
    from service.usecases.files.output_files import write_bytes

    with open_begun_or_aside(read_settings()) as context:
        version, content = export_book(context)
        if not context.triage.organisation.committees:
            content = write_workbook(read_shipped_directory(context.settings).book)
    write_bytes(output, content)
    click.echo(f"已写到 {output}（第 {version} 版）")


@directory.command("import")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="只检查，列出将有的更改")
def import_command(file: Path, dry_run: bool) -> None:
    """载入一个工作簿或一个文件夹里的组织资料，先整体检查。"""
    from service.usecases.administration.organisation_workbook import import_book
    from service.usecases.in_force.follow_organisation import follow_organisation

    if dry_run:
        _try(file)
        return
    context = begin_context(file)
    saved = import_book(context, file, ACTOR)
    _warn(saved)
    found = follow_organisation(context).triage.organisation
    click.echo(
        f"已载入：政协组织 {len(found.committees)}，委员工作室 {len(found.studios)}，"
        f"委员 {len(found.members):,}，承办单位 {len(found.departments)}"
    )
    click.echo(f"共 {len(saved.changes):,} 处更改；正在运行的工作台随即采用")


@directory.command("suggest")
@click.option("-o", "--output", type=_FILE, help="把现行规则连同建议的规则写成 CSV 文件，可试运行")
def suggest_command(output: Path | None) -> None:
    """列出职责目录建议：退单成立、最后多由另一单位承办的主题；不作任何更改。"""
    from service.composition import with_directory
    from service.intake.rule_rows import BOM, write_rules_text
    from service.usecases.administration.duty_suggestions import (
        draft_duty_rules,
        list_duty_suggestions,
    )
    from service.usecases.files.output_files import written_whole

    context = with_directory(open_context())
    suggestions = list_duty_suggestions(context)
    for one in suggestions:
        click.echo(
            f"{one.topic} {'／'.join(context.triage.taxonomy.path(one.topic))}："
            f"{one.current} → {one.department}；已答复、办结 {one.settled_count:,} 件，"
            f"{one.current}退单成立 {one.returned_count:,} 件，"
            f"最后由{one.department}承办 {one.ended_count:,} 件"
        )
    if not suggestions:
        click.echo("没有建议")
    if output is not None:
        draft = draft_duty_rules(context, suggestions)
        with written_whole(output) as stream:
            stream.write(BOM + write_rules_text(draft))
        click.echo(f"已写出 {len(draft)} 条规则到 {output}，可用 minqing rules try 试运行")


def _try(file: Path) -> None:
    from service.composition import open_begun_or_aside
    from service.settings import read_settings
    from service.usecases.administration.organisation_workbook import import_book

    with open_begun_or_aside(read_settings()) as context:
        saved = import_book(context, file, ACTOR, is_trial=True)
    _warn(saved)
    _show_changes(saved)
    click.echo(f"检查通过，共 {len(saved.changes):,} 处更改，尚未载入")


def _warn(saved: Saved) -> None:
    for warning in saved.warnings:
        click.echo(f"注意：{warning}")


def _show_changes(saved: Saved) -> None:
    for change in saved.changes[:_SHOWN]:
        fields = "；".join(
            f"{name}：{was or '空'} → {now or '空'}" for name, was, now in change.fields
        )
        click.echo(f"{change.action.label_zh} {change.sheet} {change.code} {change.name}：{fields}")
    if len(saved.changes) > _SHOWN:
        click.echo(f"……另有 {len(saved.changes) - _SHOWN:,} 处")
