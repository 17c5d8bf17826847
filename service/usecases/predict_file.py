"""A model's answers beside the rows of any table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.clean import clean
from classifier.features import Text
from classifier.judgement import Verdict
from classifier.predictor import Predictor, yes_probability
from classifier.segment import Segmenter
from service.intake.rejects import disarm
from service.intake.tables import TableRow, read_table
from service.usecases.output_files import check_output, written_whole

_BEFORE = "_输入"
_NUMBER_SIGNS = frozenset("0123456789.,+-eE%")


@dataclass(slots=True)
class PredictReport:
    """What became of a file: rows, those without text, and those that could not be read."""

    row_count: int = 0
    empty_count: int = 0
    fault_count: int = 0
    renamed: tuple[str, ...] = ()


def text_of(row: TableRow, segmenter: Segmenter) -> Text:
    """A row's text as features see it."""
    title, body = clean(row.title).plain, clean(row.body).plain
    return Text(title, body, segmenter.cut(title), segmenter.cut(body))


def predict_to_csv(
    model: Predictor, segmenter: Segmenter, file: Path, texts: Sequence[str], output: Path
) -> PredictReport:
    """Write each row of a table in order, with two columns more for each head.

    ``HEAD`` is the label and ``HEAD_p`` its probability; of a yes-or-no head it is the probability
    of yes. Both are empty where the row has no text. A column of the file that has such a name
    already is renamed to ``…_输入``.

    Parameters
    ----------
    model
        What answers.
    segmenter
        Cuts the texts.
    file
        CSV, XLSX or JSON Lines.
    texts
        The names of its text columns, see ``read_table``.
    output
        The CSV to write (UTF-8).

    Raises
    ------
    FileUnreadableError
        The file cannot be read or has no text column.
    FileUnwritableError
        The output cannot be written.
    InvalidInputError
        The output is the file itself.
    """
    check_output(file, output)
    rows = list(read_table(file, texts))
    columns = _all_columns(rows)
    heads = answered_heads(model)
    added = [name for head in heads for name in (head, f"{head}_p")]
    shown = _renamed(columns, added)
    report = PredictReport(len(rows), renamed=tuple(n for n in columns if n not in shown))
    with written_whole(output) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*map(disarm, shown), *map(disarm, added)])
        for row in rows:
            report.empty_count += row.is_empty and not row.fault
            report.fault_count += bool(row.fault)
            answer = {} if row.is_empty else model.answer(text_of(row, segmenter))
            writer.writerow([*_kept(row, columns), *_told(model, answer, heads)])
    return report


def answered_heads(model: Predictor) -> tuple[str, ...]:
    """The names of all that a model answers, the first level of topics too."""
    return tuple(model.answer(Text("", "", (), ())))


def probability_of(model: Predictor, head: str, verdict: Verdict) -> float:
    """What stands in ``HEAD_p``."""
    is_yes_or_no = head in model.heads and model.heads[head].is_yes_or_no
    return yes_probability(verdict) if is_yes_or_no else verdict.probability


def _told(model: Predictor, answer: Mapping[str, Verdict], heads: Iterable[str]) -> Iterator[str]:
    for head in heads:
        verdict = answer.get(head)
        yield "" if verdict is None else disarm(verdict.label)
        yield "" if verdict is None else f"{probability_of(model, head, verdict):.4f}"


def _all_columns(rows: Iterable[TableRow]) -> tuple[str, ...]:
    """The columns of all rows in order: sheets and JSON objects may differ."""
    columns: dict[tuple[str, int], None] = {}
    for names in dict.fromkeys(row.columns for row in rows):
        columns.update(dict.fromkeys(_numbered(names)))
    return tuple(name for name, _ in columns)


def _numbered(names: Sequence[str]) -> list[tuple[str, int]]:
    """Each name with how often it stood before: a name may stand twice."""
    return [(name, names[:place].count(name)) for place, name in enumerate(names)]


def _kept(row: TableRow, columns: Sequence[str]) -> Iterator[str]:
    if row.columns == columns:
        cells = row.cells[: len(columns)] + ("",) * (len(columns) - len(row.cells))
        yield from map(_disarmed, cells)
        return
    found = dict(zip(_numbered(row.columns), row.cells, strict=False))
    yield from (_disarmed(found.get(column, "")) for column in _numbered(columns))


def _disarmed(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a number or a lone sign is none."""
    return cell if len(cell) < 2 or _NUMBER_SIGNS.issuperset(cell) else disarm(cell)


def _renamed(columns: Sequence[str], added: Sequence[str]) -> list[str]:
    shown = []
    for name in columns:
        new = name
        while new in added:
            new += _BEFORE
        shown.append(new)
    return shown
