"""``minqing group``: which messages of a file are about the same matter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.file_triage import open_file_triage

if TYPE_CHECKING:
    from service.usecases.files.group_file import GroupReport
    from service.usecases.files.pair_file import PairReport

_FILE = click.Path(path_type=Path)


@click.command("group")
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="结果 CSV 文件。")
@click.option(
    "--pairs",
    type=_FILE,
    default=None,
    help="只给这个文件里的留言对打分（query、candidate 两列）。",
)
@click.option("--map", "columns", multiple=True, metavar="列=字段", help="指明一列是什么，可重复。")
@click.option("--model", type=_FILE, default=None, help="模型文件；默认用随附的模型。")
def group(
    file: Path,
    output: Path,
    pairs: Path | None,
    columns: tuple[str, ...],
    model: Path | None,
) -> None:
    """不用数据库，把一个文件里说同一件事的留言归到一起，或给指定的留言对打分。"""
    from service.usecases.files.group_file import group_to_csv
    from service.usecases.files.output_files import check_output
    from service.usecases.files.pair_file import pairs_to_csv

    if model is not None:
        check_output(output, model)
    triage, options = open_file_triage(columns, model)
    if pairs is None:
        _show_groups(group_to_csv(triage, file, output, options, _show_progress), output)
    else:
        _show_pairs(pairs_to_csv(triage, file, pairs, output, options, _show_progress), output)


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r已读 {done:,} / {total:,} 件", nl=done == total, err=True)


def _show_groups(report: GroupReport, output: Path) -> None:
    from service.domain.relation import Relation

    told = "，".join(f"{relation.label_zh} {report.relations[relation]:,}" for relation in Relation)
    click.echo(
        f"归并 {report.message_count:,} 件，归为 {report.matter_count:,} 个事项，结果见 {output}"
    )
    click.echo(told)
    if report.reject_count:
        click.echo(f"未能读取 {report.reject_count:,} 行，原因见结果的 because 列")


def _show_pairs(report: PairReport, output: Path) -> None:
    scored = report.pair_count - report.unscored_count
    click.echo(f"打分 {scored:,} 对，结果见 {output}")
    if report.unscored_count:
        click.echo(f"未能打分 {report.unscored_count:,} 对，原因见结果的 because 列")
    if report.reject_count:
        click.echo(f"留言文件中未能读取 {report.reject_count:,} 行")
    if report.renamed:
        click.echo(f"与结果同名的列改名为“…_输入”：{'、'.join(report.renamed)}")
