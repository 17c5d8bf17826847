"""``minqing train``: a model from any labelled table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.table_options import LabelColumn, parse_columns, parse_labels
from service.errors import FileUnreadableError, InvalidInputError

if TYPE_CHECKING:
    from classifier.judging.predictor import Predictor
    from classifier.text.segment import Segmenter
    from service.intake.tables import TableRow
    from training.duties import Duty
    from training.rows import LabelledRow

_FILE = click.Path(path_type=Path)
_SHOWN_FAULTS = 5
_SHIPPED = "default"


@click.command("train")
@click.argument("data", type=_FILE, nargs=-1)
@click.option("--text", "texts", required=True, help="文字所在的列；两列以上时第一列是标题。")
@click.option(
    "--label",
    "labels",
    multiple=True,
    required=True,
    metavar="题目=列[,列]",
    help="一个题目和它的标签所在的列，可再写一列另一可接受的标签；可重复。",
)
@click.option("-o", "--output", type=_FILE, required=True, help="模型文件。")
@click.option("--base", default=None, help="在此模型上继续：default（随附的）或模型文件。")
@click.option("--duties", type=_FILE, default=None, help="职责表：名称、职责、别名。需要 --base。")
@click.option("--skip-contradictions", is_flag=True, help="文字相同而标签不同的行不用，不算错。")
def train(
    data: tuple[Path, ...],
    texts: str,
    labels: tuple[str, ...],
    output: Path,
    base: str | None,
    duties: Path | None,
    skip_contradictions: bool,
) -> None:
    """用任意带标签的表格训练模型；模型说明和图写在模型旁边。"""
    from classifier.text.segment import Segmenter
    from training.rows import without_contradictions

    columns, named = parse_columns(texts), parse_labels(labels)
    heads = [column.head for column in named]
    if not data and duties is None:
        raise InvalidInputError("请写出数据文件，或用 --duties 给出职责表")
    _check_outputs(output, (*data, *([duties] if duties else [])))
    segmenter = Segmenter()
    rows = list(_read_all(data, columns, named, segmenter))
    click.echo(f"读入 {len(rows):,} 行")
    if skip_contradictions:
        rows, count = without_contradictions(rows, heads)
        click.echo(f"文字相同而标签不同，未用 {count:,} 行")
    known = _read_duties(duties, named, segmenter) if duties else []
    figures = _fit_and_write(rows, heads, known, _open_base(base, known), columns, output)
    for head in heads:
        if head in figures:
            _show(head, figures[head])
    click.echo(f"模型已写入 {output}，说明见 {output.with_suffix('.md')}")


def _check_outputs(output: Path, sources: Sequence[Path]) -> None:
    """Refuse before the training what could not be written after it, or would destroy its data."""
    from service.usecases.files.output_files import check_output, resolve_output

    resolve_output(output)
    card = output.with_suffix(".md")
    if card == output:
        raise InvalidInputError("-o 不能以 .md 结尾：模型说明要写在模型旁边的 .md 文件里")
    resolve_output(card)
    for one in (output, card):
        check_output(one, *sources)


def _read_all(
    data: Sequence[Path],
    columns: Sequence[str],
    named: Sequence[LabelColumn],
    segmenter: Segmenter,
) -> Iterator[LabelledRow]:
    """The rows of all files; only the first must have each column of labels."""
    needed = [name for label in named for name in (label.column, label.second) if name]
    for path in data:
        yield from _read(path, columns, named, needed, segmenter)
        needed = []


def _read(
    path: Path,
    columns: Sequence[str],
    named: Sequence[LabelColumn],
    needed: Sequence[str],
    segmenter: Segmenter,
) -> Iterator[LabelledRow]:
    from service.intake.tables import read_table
    from service.usecases.files.predict_file import text_of
    from training.rows import LabelledRow

    faults: list[TableRow] = []
    for row in read_table(path, columns, needed):
        if row.fault:
            faults.append(row)
            continue
        labels = {c.head: row.cell(c.column) for c in named if row.cell(c.column)}
        seconds = _seconds(row, named, labels)
        place, text = f"{path.name} 第 {row.line} 行", text_of(row, segmenter)
        yield LabelledRow(place, text, labels, seconds, row.is_cut)
    if faults:
        shown = "；".join(f"第 {row.line} 行 {row.fault}" for row in faults[:_SHOWN_FAULTS])
        raise FileUnreadableError(f"{path.name} 有 {len(faults)} 行读不出来：{shown}")


def _seconds(
    row: TableRow, named: Sequence[LabelColumn], labels: Mapping[str, str]
) -> dict[str, str]:
    """The second acceptable labels of a row; one that only repeats the first says nothing."""
    found = {column.head: row.cell(column.second) for column in named if column.second}
    return {head: label for head, label in found.items() if label and label != labels.get(head)}


def _read_duties(path: Path, named: Sequence[LabelColumn], segmenter: Segmenter) -> list[Duty]:
    from service.intake.duties import read_duties
    from training.duties import Duty

    if len(named) > 1:
        raise InvalidInputError("--duties 只用于一个题目")
    return [
        Duty.of(row.label, row.names, row.duties, segmenter)
        for row in read_duties(path, named[0].column)
    ]


def _open_base(base: str | None, duties: Sequence[Duty]) -> Predictor | None:
    if base is None:
        if duties:
            raise InvalidInputError("--duties 需要 --base，例如 --base default")
        return None
    from classifier.judging.model import open_model
    from classifier.judging.taxonomy import Taxonomy
    from service.settings import read_settings

    settings = read_settings()
    path = settings.model_path if base == _SHIPPED else Path(base)
    return open_model(path, Taxonomy.load(settings.data / "taxonomy.csv"))


def _fit_and_write(
    rows: Sequence[LabelledRow],
    heads: Sequence[str],
    duties: Sequence[Duty],
    base: Predictor | None,
    columns: Sequence[str],
    output: Path,
) -> dict[str, dict[str, float]]:

    from training.own import fit_own, write_own
    from training.rows import check_rows

    if base is None:
        check_rows(rows, heads)
        fitted = fit_own(rows, heads, _show_step)
    else:
        from training.on_base import fit_on_base

        fitted = fit_on_base(base, rows, heads, duties, _show_step)
    return write_own(fitted, output, columns, _show_step)


def _show_step(step: str, done: int, total: int) -> None:
    click.echo(f"{step} {done}/{total}")


def _show(head: str, figures: dict[str, float]) -> None:
    click.echo(
        f"“{head}”留出检验 {figures['rows']:,} 行：准确率 {figures['accuracy']:.1%}，"
        f"宏平均 F1 {figures['macro_f1']:.3f}，校准误差 {figures['calibration_error']:.3f}"
    )
