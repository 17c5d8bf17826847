"""A model's answers held against the labels of any table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from classifier.judging.features import Text
from classifier.judging.predictor import Predictor
from classifier.text.segment import Segmenter
from service.errors import InvalidInputError
from service.intake.tables import TableRow, read_table
from service.usecases.files.predict_file import answered_heads, text_of
from training.known_texts import is_known
from training.measures import Answered, measure


class _Said(NamedTuple):
    """Of a row: its label, a second one, what was found, how probable, and if trained on."""

    truth: str
    second: str
    found: str
    probability: float
    is_trained_on: bool


def evaluate_file(
    model: Predictor,
    segmenter: Segmenter,
    file: Path,
    texts: Sequence[str],
    labels: Mapping[str, tuple[str, str]],
) -> dict[str, dict[str, Any]]:
    """Measure a model on the rows that tell a label.

    Parameters
    ----------
    model, segmenter, file, texts
        As in ``predict_to_csv``.
    labels
        For each head the columns of its label and of a second acceptable one (or ""). A row
        whose label is empty is passed over for that head; one without text counts as wrong.

    Returns
    -------
    dict
        For each head what ``training.measures.measure`` gives, and ``rows_trained_on``: how many
        of the rows the model tells to have been trained on, which flatter it.

    Raises
    ------
    FileUnreadableError
        The file cannot be read or lacks a column.
    InvalidInputError
        The model has no such head, or no row has a label of it.
    """
    known = answered_heads(model)
    for head in labels:
        if head not in known:
            raise InvalidInputError(f"模型没有题目“{head}”，只有：{'、'.join(known)}")
    needed = [name for pair in labels.values() for name in pair if name]
    said: dict[str, list[_Said]] = {head: [] for head in labels}
    for row in read_table(file, texts, needed):
        for head, answer in _said(model, segmenter, row, labels).items():
            said[head].append(answer)
    return {head: _measured(head, answers) for head, answers in said.items()}


def _said(
    model: Predictor,
    segmenter: Segmenter,
    row: TableRow,
    labels: Mapping[str, tuple[str, str]],
) -> dict[str, _Said]:
    """What is said of the row by each head that it tells a label of."""
    told = {head: pair for head, pair in labels.items() if not row.fault and row.cell(pair[0])}
    if not told:
        return {}
    text = Text("", "", (), ()) if row.is_empty else text_of(row, segmenter)
    answers = model.answer(text)
    is_trained_on = is_known(text, model.file.sections)
    found: dict[str, _Said] = {}
    for head, (column, second) in told.items():
        verdict = answers[head]
        label, probability = ("", 0.0) if row.is_empty else (verdict.label, verdict.probability)
        sides = row.cell(column), row.cell(second)
        found[head] = _Said(*sides, label, probability, is_trained_on)
    return found


def _measured(head: str, answers: Sequence[_Said]) -> dict[str, Any]:
    if not answers:
        raise InvalidInputError(f"“{head}”没有一行有标签")
    truth, second, found, probability, is_trained_on = map(np.array, zip(*answers, strict=True))
    figures = measure(Answered.of(truth, second, found, probability))
    return {**figures, "rows_trained_on": int(is_trained_on.sum())}
