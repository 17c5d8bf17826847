"""``minqing evaluate``: how right a model is on a labelled table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from service.cli.table_options import parse_labels, text_columns
from service.errors import FileUnwritableError

_FILE = click.Path(path_type=Path)


@click.command("evaluate")
@click.argument("model", type=_FILE)
@click.argument("data", type=_FILE)
@click.option(
    "--label",
    "labels",
    multiple=True,
    required=True,
    metavar="题目=列[,列]",
    help="一个题目和它的标签所在的列，可再写一列另一可接受的标签；可重复。",
)
@click.option("--text", "texts", default=None, help="文字所在的列；默认用训练时的列。")
@click.option("--json", "output", type=_FILE, default=None, help="全部数字写入此 JSON 文件。")
def evaluate(
    model: Path, data: Path, labels: tuple[str, ...], texts: str | None, output: Path | None
) -> None:
    """用带标签的表格检验模型：准确率、各标签、校准、给定准确下可不经人看的比例。"""
    from classifier.judging.model import open_model
    from classifier.judging.taxonomy import Taxonomy
    from classifier.text.segment import Segmenter
    from service.settings import read_settings
    from service.usecases.files.evaluate_file import evaluate_file
    from service.usecases.files.output_files import check_output, written_whole

    named = {label.head: (label.column, label.second) for label in parse_labels(labels)}
    opened = open_model(model, Taxonomy.load(read_settings().data / "taxonomy.csv"))
    columns = text_columns(texts, opened)
    if output is not None:
        check_output(output, data, model)
    figures = evaluate_file(opened, Segmenter(), data, columns, named)
    for head, found in figures.items():
        _show(head, found)
    if output is not None:
        content = json.dumps({"model": opened.version, **figures}, ensure_ascii=False, indent=2)
        try:
            with written_whole(output) as stream:
                stream.write(f"{content}\n")
        except OSError as error:
            raise FileUnwritableError(str(output)) from error


def _show(head: str, found: dict[str, Any]) -> None:
    low, high = found["accuracy_interval"]
    click.echo(f"“{head}” {found['rows']:,} 行")
    if count := found["rows_trained_on"]:
        click.echo(f"  注意：其中 {count:,} 行是这个模型训练时用过的文字，下面的数字偏高")
    click.echo(f"  准确率 {found['accuracy']:.1%}（{low:.1%}–{high:.1%}）")
    click.echo(f"  宏平均 F1 {found['macro_f1']:.3f}，校准误差 {found['calibration_error']:.3f}")
    for precision, passed in found["coverage"].items():
        click.echo(f"  准确 {float(precision):.0%} 时可不经人看 {passed['share']:.1%}")
    click.echo("  标签：行数、精确率、召回率、F1")
    for label, each in found["classes"].items():
        numbers = f"{each['precision']:.3f} {each['recall']:.3f} {each['f1']:.3f}"
        click.echo(f"  {label}：{int(each['support']):,} {numbers}")
