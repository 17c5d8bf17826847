"""A model's answers beside the rows of any table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.judging.features import Text
from classifier.judging.judgement import Verdict
from classifier.judging.predictor import Predictor
from classifier.judging.ranking import yes_probability
from classifier.text.clean import clean
from classifier.text.segment import Segmenter
from service.intake.rejects import disarm
from service.intake.tables import TableRow, read_table
from service.usecases.files.kept_columns import all_columns, kept_cells, renamed_beside
from service.usecases.files.output_files import check_output, written_whole


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
    check_output(output, file)
    rows = list(read_table(file, texts))
    columns = all_columns(rows)
    heads = answered_heads(model)
    added = [name for head in heads for name in (head, f"{head}_p")]
    shown = renamed_beside(columns, added)
    report = PredictReport(len(rows), renamed=tuple(n for n in columns if n not in shown))
    with written_whole(output) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*map(disarm, shown), *map(disarm, added)])
        for row in rows:
            report.empty_count += row.is_empty and not row.fault
            report.fault_count += bool(row.fault)
            answer = {} if row.is_empty else model.answer(text_of(row, segmenter))
            writer.writerow([*kept_cells(row, columns), *_told(model, answer, heads)])
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
