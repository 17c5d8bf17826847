"""``minqing predict``: a model's answers beside a table's rows."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.table_options import text_columns

_FILE = click.Path(path_type=Path)


@click.command("predict")
@click.argument("model", type=_FILE)
@click.argument("data", type=_FILE)
@click.option("--text", "texts", default=None, help="文字所在的列；默认用训练时的列。")
@click.option("-o", "--output", type=_FILE, required=True, help="结果 CSV 文件。")
def predict(model: Path, data: Path, texts: str | None, output: Path) -> None:
    """用模型判断表格的每一行；各列照抄，每个题目加一列标签和一列概率。"""
    from classifier.judging.model import open_model
    from classifier.judging.taxonomy import Taxonomy
    from classifier.text.segment import Segmenter
    from service.settings import read_settings
    from service.usecases.files.output_files import check_output
    from service.usecases.files.predict_file import predict_to_csv

    check_output(output, model)
    opened = open_model(model, Taxonomy.load(read_settings().data / "taxonomy.csv"))
    columns = text_columns(texts, opened)
    report = predict_to_csv(opened, Segmenter(), data, columns, output)
    click.echo(f"判断 {report.row_count:,} 行，结果见 {output}")
    if report.empty_count:
        click.echo(f"没有文字 {report.empty_count:,} 行，未作判断")
    if report.fault_count:
        click.echo(f"读不出来 {report.fault_count:,} 行，未作判断")
    if report.renamed:
        click.echo(f"与题目同名的列改名为“…_输入”：{'、'.join(report.renamed)}")
