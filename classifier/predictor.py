"""The predictor: answers the questions of any model file by one linear function of n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

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
from classifier.weights import F32, U16, Rows, read_weights

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
        return self._verdicts(self.weights.scores(self.weights.look_up(text)))

    def _verdicts(self, scores: F32) -> dict[str, Verdict]:
        shares = softmax(scores, self._groups)
        return {name: self._verdict(head, scores, shares) for name, head in self.heads.items()}

    def _verdict(self, head: Head, scores: F32, shares: F32) -> Verdict:
        if head.is_yes_or_no:
            return yes_or_no(head, float(scores[head.first]), _LIKELY)
        return best_of(head.labels, shares[head.columns], head.slope, head.offset)

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

    def _parts(self, found: U16, kept: U16, column: int) -> F64:
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


def best_of(
    labels: Sequence[str], shares: F32, slope: float, offset: float, best: int | None = None
) -> Verdict:
    """The best label, or the one at ``best``, with the likeliest others.

    The best label's share is straightened; the others divide what is left as before.
    """
    order = np.argsort(-shares)[: _ALTERNATIVES + 1].tolist()
    best = order[0] if best is None else best
    share = float(shares[best])
    probability = straightened(share, slope, offset)
    left = (1.0 - probability) / max(1.0 - share, 1e-9)
    others = tuple((labels[i], min(float(shares[i]) * left, 1.0)) for i in order if i != best)
    return Verdict(labels[best], probability, others[:_ALTERNATIVES])


def yes_probability(verdict: Verdict) -> float:
    """The probability of yes that :func:`yes_or_no` found."""
    told: Iterable[tuple[str, float]] = ((verdict.label, verdict.probability),)
    return next(p for label, p in (*told, *verdict.alternatives) if label != NO)
