"""``minqing import``, ``minqing triage`` and ``minqing status``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.context import begin_context, complete_and_tell, open_context
from service.cli.file_triage import open_file_triage
from service.cli.pace import PROCESSES, Pace
from service.domain.status import MatterStatus

if TYPE_CHECKING:
    from service.usecases.intake.import_file import ImportSummary

_FILE = click.Path(path_type=Path)
_SHOWN_COLUMNS = 6
_STATUS_ZH = {
    "messages": "留言",
    "matters": "事项",
    "rejects": "未能导入的行",
    **{status.value: status.label_zh for status in MatterStatus},
    "urgent": "紧急（未办结）",
    "overdue": "超期（未办结）",
}


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--source", default="", help="来源名称，其中的编号不重复；默认取文件名。")
@click.option("--map", "pairs", multiple=True, metavar="列=字段", help="指明一列是什么，可重复。")
@click.option("--rejects", type=_FILE, default=None, help="未能导入的行存到此文件。")
@PROCESSES
def import_command(
    file: Path, source: str, pairs: tuple[str, ...], rejects: Path | None, processes: int | None
) -> None:
    """导入 CSV、XLSX 或 JSON Lines 文件；重复导入不会重复登记。"""
    from service.composition import open_crew, with_directory
    from service.intake.columns import parse_overrides
    from service.intake.messages import ReadOptions
    from service.intake.reader import check_readable
    from service.usecases.intake.import_file import import_file
    from service.usecases.matching.crew import look_seldom_for_garbage, processor_count

    overrides = parse_overrides(pairs)
    check_readable(file, ReadOptions(datetime.now(UTC), overrides))
    context = with_directory(begin_context())
    complete_and_tell(context)
    look_seldom_for_garbage()
    options = ReadOptions(
        now=context.now(),
        overrides=overrides,
        max_text_chars=context.settings.max_text_chars,
    )
    if rejects is None:
        rejects = (
            context.settings.rejects_path / f"{file.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.csv"
        )
    summary = import_file(
        context,
        file,
        source or file.stem,
        options,
        rejects_path=rejects,
        progress=_progress_of(file),
        crew=lambda: open_crew(context, processes or processor_count()),
    )
    if sys.stderr.isatty():
        click.echo("", err=True)
    _show_summary(summary)


def _progress_of(file: Path) -> Callable[[ImportSummary], None]:
    """Shows on a terminal the rows read, the pace and the time left."""
    from service.intake.reader import count_lines

    if not sys.stderr.isatty():
        return lambda summary: None
    lines, pace = count_lines(file), Pace()

    def show(summary: ImportSummary) -> None:
        told = f"已读 {summary.row_count:,} 行，登记 {summary.new_count:,} 件"
        stored = summary.row_count / max(summary.read_count, 1)
        share = stored * summary.last_line / lines if lines else None
        click.echo(f"\r{told}，{pace.told(summary.row_count, share)}    ", nl=False, err=True)

    return show


def _show_summary(summary: ImportSummary) -> None:
    click.echo(f"读入 {summary.row_count:,} 行")
    click.echo(f"新登记 {summary.new_count:,} 件，其中并入已有事项 {summary.joined_count:,} 件")
    click.echo(f"此前已有 {summary.known_count:,} 件")
    click.echo(f"未能导入 {summary.reject_count:,} 行")
    if summary.unused_columns:
        click.echo(f"未采用的列：{_some(summary.unused_columns)}")
    if summary.rejects_path is not None:
        click.echo(f"未能导入的行及原因见 {summary.rejects_path}")


def _some(names: Sequence[str]) -> str:
    more = f" 等 {len(names):,} 列" if len(names) > _SHOWN_COLUMNS else ""
    return "、".join(names[:_SHOWN_COLUMNS]) + more


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def status(as_json: bool) -> None:
    """显示留言、事项、未能导入的行和待办的数量。"""
    from service.usecases.status import count_all

    context = open_context()
    counts = count_all(context)
    if as_json:
        click.echo(json.dumps(counts))
        return
    for key, value in counts.items():
        click.echo(f"{_STATUS_ZH[key]}：{value:,}")
    click.echo(f"数据目录：{context.settings.home.resolve()}（MINQING_HOME）")
    if context.settings.database_url:
        click.echo("数据库：由 MINQING_DATABASE_URL 指明")
    if not counts["messages"]:
        click.echo("这里还没有留言：如果不该是空的，请核对数据目录。")


@click.command("triage")
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="结果 CSV 文件。")
@click.option("--map", "pairs", multiple=True, metavar="列=字段", help="指明一列是什么，可重复。")
@click.option("--model", type=_FILE, default=None, help="分类模型文件；默认用随附的模型。")
@click.option("--timing", is_flag=True, help="输出每件留言的处理时间。")
def triage(
    file: Path, output: Path, pairs: tuple[str, ...], model: Path | None, timing: bool
) -> None:
    """不用数据库，逐件分办一个文件里的留言，按原顺序写出结果。"""
    from service.usecases.files.output_files import check_output
    from service.usecases.files.triage_file import triage_to_csv

    if model is not None:
        check_output(output, model)
    built, options = open_file_triage(pairs, model)
    report = triage_to_csv(built, file, output, options)
    click.echo(
        f"分办 {report.message_count:,} 件，归为 {report.matter_count:,} 个事项，结果见 {output}"
    )
    if report.reject_count:
        click.echo(f"未能读取 {report.reject_count:,} 行，原因见结果的 review 列")
    if timing:
        click.echo(
            f"每件留言的处理时间：一半不超过 {report.percentile_ms(0.5):.2f} 毫秒，"
            f"99% 不超过 {report.percentile_ms(0.99):.2f} 毫秒"
        )
