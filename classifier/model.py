"""The model: judges a message by one linear function of its n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.calibration import sigmoid, softmax
from classifier.errors import ModelFileError
from classifier.evidence import character_weights, evidence_spans
from classifier.features import Text, spans
from classifier.heads import (
    DEPARTMENT,
    KIND,
    TOPIC,
    TOPIC_L1,
    URGENT,
    column_groups,
    read_heads,
    read_limits,
)
from classifier.judgement import Evidence, Judgement, Verdict
from classifier.modelfile import ModelFile, Section, read_model_file
from classifier.reading import Reading
from classifier.taxonomy import Taxonomy
from classifier.weights import damped, read_weights

F32 = npt.NDArray[np.float32]

_ALTERNATIVES = 3


def shipped_path() -> Path:
    """Where the model that comes with Minqing lies."""
    return Path(__file__).resolve().parent.parent / "data" / "model" / "default.mqm"


class Model:
    """Judges messages.

    Parameters
    ----------
    file
        A checked model file.
    taxonomy
        The taxonomy its topics are codes of.

    Raises
    ------
    ModelFileError
        The file holds no sound model of this taxonomy.
    """

    def __init__(self, file: ModelFile, taxonomy: Taxonomy) -> None:
        if file.header.get("taxonomy") != taxonomy.digest:
            raise ModelFileError(reason="模型所用的主题分类表与本系统的不同")
        try:
            self.heads = read_heads(file.header, taxonomy)
            self.limits = read_limits(file.header)
            self.weights = read_weights(file.header["features"], file.sections)
            self._groups = column_groups(self.heads, taxonomy)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFileError(reason="内容不完整或前后矛盾") from error
        if len(self._groups.members) != self.weights.rows.shape[1]:
            raise ModelFileError(reason="权重的列数与标签数不符")
        self.file = file
        self.taxonomy = taxonomy
        self._parents = np.array(
            [self.heads[TOPIC_L1].labels.index(code[:2]) for code in self.heads[TOPIC].labels]
        )

    @classmethod
    def load(cls, path: Path | None = None, taxonomy: Taxonomy | None = None) -> Model:
        """Read a model file; the shipped one, with the shipped taxonomy, where none is given.

        Raises
        ------
        ModelFileError
            The file is missing, damaged, foreign, or made for another taxonomy.
        """
        path = shipped_path() if path is None else path
        file = read_model_file(path)
        try:
            return cls(file, Taxonomy.load() if taxonomy is None else taxonomy)
        except ModelFileError as error:
            raise ModelFileError(path, error.reason) from error

    @property
    def version(self) -> str:
        """Names the weights: two models of one version judge alike."""
        return self.file.version

    def section(self, name: str) -> Section:
        """A named array of the model file. Raises KeyError where there is none."""
        return self.file.sections[name]

    def judge_many(self, readings: Iterable[Reading]) -> list[Judgement]:
        """Judge messages in order; see :meth:`judge`."""
        return [self.judge(reading) for reading in readings]

    def judge(self, reading: Reading) -> Judgement:
        """Judge one message of any content."""
        found = self.weights.look_up(Text.of(reading))
        scores = self.weights.scores(found)
        shares = self.probabilities(scores)
        topic_l1 = self._verdict(TOPIC_L1, shares)
        urgent = sigmoid(float(scores[self.heads[URGENT].first]))
        department = self._verdict(DEPARTMENT, shares)
        known = np.count_nonzero(found) / len(found)
        return Judgement(
            topic_l1=topic_l1,
            topic=self._verdict(TOPIC, shares, below=topic_l1.label),
            department=department,
            kind=self._verdict(KIND, shares),
            urgent_probability=urgent,
            is_urgent=urgent >= self.limits.urgent,
            doubts=tuple(self._doubts(reading, topic_l1, department, known)),
        )

    def probabilities(self, scores: F32) -> F32:
        """Probabilities from scores, both of shape (..., columns).

        A second level's is its first level's times its own among its siblings. The column of
        ``urgent`` is left at 1: a question without rivals has no share.
        """
        shares = softmax(scores, self._groups)
        shares[..., self.heads[TOPIC].columns] *= shares[..., self._parents]
        return shares

    def _verdict(self, name: str, shares: F32, below: str = "") -> Verdict:
        """The best label (under ``below``, where given) and the best of the others."""
        head = self.heads[name]
        own = shares[head.columns]
        order = np.argsort(-own)[: _ALTERNATIVES + 1].tolist()
        best = order[0]
        if below and not head.labels[best].startswith(below):
            under = [i for i, label in enumerate(head.labels) if label.startswith(below)]
            best = max(under, key=lambda i: float(own[i]))
        others = tuple((head.labels[i], float(own[i])) for i in order if i != best)
        return Verdict(head.labels[best], float(own[best]), others[:_ALTERNATIVES])

    def _doubts(
        self, reading: Reading, topic_l1: Verdict, department: Verdict, known: float
    ) -> Iterator[str]:
        letters = sum(map(str.isalnum, reading.whole[: 64 * self.limits.letters]))
        if letters < self.limits.letters:
            yield "没有可判断的文字" if letters == 0 else "文字太少"
        elif known < self.limits.known:
            yield "与以往的来信都不相像"
        second, probability = topic_l1.alternatives[0]
        if topic_l1.probability < self.limits.topic_l1:
            yield f"主题把握不足（{topic_l1.probability:.0%}）"
        if topic_l1.probability - probability < self.limits.margin:
            names = self.taxonomy.name(topic_l1.label), self.taxonomy.name(second)
            yield f"主题在“{names[0]}”与“{names[1]}”之间难分"
        if department.probability < self.limits.department:
            yield f"承办单位把握不足（{department.probability:.0%}）"

    def evidence(
        self, reading: Reading, head: str, label: str, count: int = 5
    ) -> tuple[Evidence, ...]:
        """The spans that spoke most for and against a label.

        Parameters
        ----------
        reading
            The message.
        head
            One of ``heads.HEADS``.
        label
            A label of the head; a second-level topic counts with its first level.
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
        columns = self._columns(head, label)
        places = spans(text, self.weights.scheme)
        parts = self._parts(self.weights.look_up(text), columns)
        weights = character_weights(len(reading.whole), places, parts)
        tokens = (*reading.title_tokens, "\n", *reading.body_tokens)
        return tuple(evidence_spans(reading.whole, tokens, weights)[:count])

    def _columns(self, head: str, label: str) -> list[int]:
        columns = [self.heads[head].column(label)]
        if head == TOPIC:
            columns.append(self.heads[TOPIC_L1].column(label[:2]))
        return columns

    def _parts(self, found: npt.NDArray[np.uint16], columns: list[int]) -> npt.NDArray[np.float64]:
        """What each n-gram adds to the sum of some columns; equal ones share theirs evenly."""
        kept = damped(np.sort(found))
        terms, times = np.unique(kept, return_counts=True)
        place = np.searchsorted(terms, found)
        share = times[place] / np.bincount(place)[place]
        scale = self.weights.scale(kept)[columns].astype(np.float64)
        parts: npt.NDArray[np.float64] = self.weights.rows[found][:, columns] @ scale * share
        return parts
