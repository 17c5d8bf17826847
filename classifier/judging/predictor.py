"""The predictor: answers the questions of any model file by one linear function of n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from classifier.errors import ModelFileError
from classifier.judging.calibration import softmax
from classifier.judging.evidence import character_weights, evidence_spans
from classifier.judging.features import Text, spans
from classifier.judging.heads import Head, column_groups, read_heads
from classifier.judging.judgement import Evidence, Verdict
from classifier.judging.ranking import Ranked, Ranking, best_of, yes_or_no
from classifier.judging.scoring import scoring
from classifier.judging.weights import F32, RowNumbers, Rows, read_weights
from classifier.modelfile import ModelFile, Section, read_model_file
from classifier.reading.reader import Reading

F64 = npt.NDArray[np.float64]

_LIKELY = 0.5


class Predictor:
    """Answers each head of a model file; knows no taxonomy.

    Parameters
    ----------
    file
        A checked model file.

    Raises
    ------
    ModelFileError
        The file holds no sound model.
    """

    def __init__(self, file: ModelFile) -> None:
        try:
            self.heads = read_heads(file.header)
            self.weights = read_weights(file.header["features"], file.sections)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFileError(reason="内容不完整或前后矛盾") from error
        self._groups = column_groups(tuple(self.heads.values()))
        if len(self._groups.members) != self.weights.rows.shape[1]:
            raise ModelFileError(reason="权重的列数与标签数不符")
        self._scoring = scoring(self.weights)
        self._ranking = Ranking(self._choices())
        self.file = file

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model file.

        Raises
        ------
        ModelFileError
            The file is missing, damaged or foreign.
        """
        file = read_model_file(path)
        try:
            return cls(file)
        except ModelFileError as error:
            raise ModelFileError(path, error.reason) from error

    @property
    def version(self) -> str:
        """Names the weights: two models of one version judge alike."""
        return self.file.version

    def section(self, name: str) -> Section:
        """A named array of the model file. Raises KeyError where there is none."""
        return self.file.sections[name]

    def answer(self, text: Text) -> Mapping[str, Verdict]:
        """The verdict of each question by its name, for a message of any content."""
        scores, _ = self._scoring.of([text])
        return self._verdicts(self._ranking.of(scores, self._shares(scores))[0])

    def _choices(self) -> Iterable[Head]:
        """The heads that choose between labels."""
        return (head for head in self.heads.values() if not head.is_yes_or_no)

    def _shares(self, scores: F32) -> F32:
        """The share of each label within its head; scores have shape (..., columns)."""
        return softmax(scores, self._groups)

    def _verdicts(self, ranked: Ranked) -> dict[str, Verdict]:
        """What each head says of a message, by its name."""
        return {name: self._verdict(head, ranked) for name, head in self.heads.items()}

    def _verdict(self, head: Head, ranked: Ranked) -> Verdict:
        if head.is_yes_or_no:
            return yes_or_no(head, float(ranked.scores[head.first]), self._limit(head.name))
        return best_of(head, ranked)

    def _limit(self, head: str) -> float:
        """From which probability on a yes-or-no question is answered with yes."""
        return _LIKELY

    def evidence(
        self, reading: Reading, head: str, label: str, count: int = 5
    ) -> tuple[Evidence, ...]:
        """The spans that spoke most for and against a label.

        Parameters
        ----------
        reading
            The message.
        head
            The name of a question.
        label
            A label of the head.
        count
            How many spans at most.

        Returns
        -------
        tuple of Evidence
            Strongest first. Over all spans (``count`` large) the weights add up to the label's
            score without its bias; they are on the scale of log odds.

        Raises
        ------
        KeyError
            There is no such head or label.
        """
        text = Text.of(reading)
        found = self.weights.look_up(text)
        column = self._column(head, label, found)
        weights = self._character_weights(text, found, column)
        tokens = (*reading.title_tokens, "\n", *reading.body_tokens)
        return tuple(evidence_spans(reading.whole, tokens, weights)[:count])

    def _column(self, head: str, label: str, found: Rows) -> int:
        """The column that speaks for a label; ``found`` are the text's rows."""
        return self.heads[head].column(label)

    def _character_weights(self, text: Text, found: Rows, column: int) -> F64:
        """What each character of the whole text adds to a column's score."""
        kept = found.damped()
        total = np.zeros(len(text.title) + 1 + len(text.body))
        parts = zip(
            found, kept, self.weights.scales(kept), spans(text, self.weights.scheme), strict=True
        )
        for rows, terms, scale, places in parts:
            weights = self._parts(rows, terms, column) * float(scale[column])
            total += character_weights(len(total), places, weights)
        return total

    def _parts(self, found: RowNumbers, kept: RowNumbers, column: int) -> F64:
        """What each n-gram adds to a column's sum of rows; equal ones share theirs evenly."""
        terms, times = np.unique(kept, return_counts=True)
        place = np.searchsorted(terms, found)
        share = times[place] / np.bincount(place)[place]
        parts: F64 = self.weights.rows[found, column] * share
        return parts
