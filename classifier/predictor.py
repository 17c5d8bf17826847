"""The predictor: answers the questions of any model file by one linear function of n-grams."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from classifier.calibration import sigmoid, softmax, straightened
from classifier.errors import ModelFileError
from classifier.evidence import character_weights, evidence_spans
from classifier.features import Text, spans
from classifier.heads import NO, Head, column_groups, read_heads
from classifier.judgement import Evidence, Verdict
from classifier.modelfile import ModelFile, Section, read_model_file
from classifier.reading import Reading
from classifier.weights import F32, RowNumbers, Rows, read_weights

F64 = npt.NDArray[np.float64]

_ALTERNATIVES = 3
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
        scores = self.weights.scores(self.weights.look_up(text))
        return self._verdicts(scores, Shares.of(self._shares(scores)))

    def _shares(self, scores: F32) -> F32:
        """The share of each label within its head; scores have shape (..., columns)."""
        return softmax(scores, self._groups)

    def _verdicts(self, scores: F32, shares: Shares) -> dict[str, Verdict]:
        """What each head says of a message, by its name."""
        return {name: self._verdict(head, scores, shares) for name, head in self.heads.items()}

    def _verdict(self, head: Head, scores: F32, shares: Shares) -> Verdict:
        if head.is_yes_or_no:
            return yes_or_no(head, float(scores[head.first]), self._limit(head.name))
        return best_of(head, shares)

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


def yes_or_no(head: Head, score: float, limit: float) -> Verdict:
    """The verdict of a head with one column: yes from the probability ``limit`` on."""
    yes = sigmoid(score)
    sides = (head.labels[0], yes), (NO, 1.0 - yes)
    said, other = sides if yes >= limit else sides[::-1]
    return Verdict(*said, (other,))


class Shares(NamedTuple):
    """The shares of all labels of a message: as they are, and negated, so that the best come first.

    Plain numbers are quick to pick out one by one, the array of shape (columns,) to sort.
    """

    listed: list[float]
    negated: F32

    @classmethod
    def of(cls, shares: F32) -> Shares:
        """Those of an array of shape (columns,)."""
        return cls(shares.tolist(), np.negative(shares))


def best_of(head: Head, shares: Shares, best: int | None = None) -> Verdict:
    """The best label of a head, or the one at place ``best``, with the likeliest others.

    The best label's share is straightened; the others divide what is left as before.
    """
    labels, first = head.labels, head.first
    order = shares.negated[head.columns].argsort()[: _ALTERNATIVES + 1].tolist()
    best = order[0] if best is None else best
    share = shares.listed[first + best]
    probability = straightened(share, head.slope, head.offset)
    left = (1.0 - probability) / max(1.0 - share, 1e-9)
    others = [
        (labels[at], min(shares.listed[first + at] * left, 1.0)) for at in order if at != best
    ]
    return Verdict(labels[best], probability, tuple(others[:_ALTERNATIVES]))


def yes_probability(verdict: Verdict) -> float:
    """The probability of yes that :func:`yes_or_no` found."""
    return verdict.alternatives[0][1] if verdict.label == NO else verdict.probability
