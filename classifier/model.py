"""The model: judges a message by one linear function of its n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.calibration import sigmoid, softmax, straightened
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
    families,
    read_first_level,
    read_heads,
    read_limits,
)
from classifier.judgement import Evidence, Judgement, Verdict
from classifier.modelfile import ModelFile, Section, read_model_file
from classifier.reading import Reading
from classifier.taxonomy import Taxonomy
from classifier.weights import F32, U16, damped, read_weights

F64 = npt.NDArray[np.float64]

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
            self._first_level = read_first_level(file.header)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFileError(reason="内容不完整或前后矛盾") from error
        self._groups = column_groups(tuple(self.heads.values()))
        if len(self._groups.members) != self.weights.rows.shape[1]:
            raise ModelFileError(reason="权重的列数与标签数不符")
        self.file = file
        self.taxonomy = taxonomy
        self._families = families(taxonomy)
        self._first_codes = taxonomy.codes(1)

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
        shares = softmax(scores, self._groups)
        topics = shares[self.heads[TOPIC].columns]
        firsts = np.add.reduceat(topics, self._families.starts)
        topic_l1 = _verdict(self._first_codes, firsts, *self._first_level)
        department = self._answer(DEPARTMENT, shares)
        urgent = sigmoid(float(scores[self.heads[URGENT].first]))
        known = np.count_nonzero(found) / len(found)
        return Judgement(
            topic_l1=topic_l1,
            topic=self._topic_under(topic_l1.label, topics),
            department=department,
            kind=self._answer(KIND, shares),
            urgent_probability=urgent,
            is_urgent=urgent >= self.limits.urgent,
            doubts=tuple(self._doubts(reading, topic_l1, department, known)),
        )

    def _answer(self, name: str, shares: F32) -> Verdict:
        head = self.heads[name]
        return _verdict(head.labels, shares[head.columns], head.slope, head.offset)

    def _topic_under(self, first: str, topics: F32) -> Verdict:
        """The best second level under the decided first one; others may stand elsewhere."""
        head = self.heads[TOPIC]
        place = self._first_codes.index(first)
        start = int(self._families.starts[place])
        best = start + int(topics[self._families.members == place].argmax())
        return _verdict(head.labels, topics, head.slope, head.offset, best)

    def _doubts(
        self, reading: Reading, topic_l1: Verdict, department: Verdict, known: float
    ) -> Iterator[str]:
        letters = len(list(islice(filter(str.isalnum, reading.whole), self.limits.letters)))
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
            One of ``heads.HEADS``, or ``TOPIC_L1``.
        label
            A label of the head. A first-level topic is spoken for by the likeliest second level
            under it: it has no weights of its own.
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
        parts = self._parts(found, self._column(head, label, found))
        weights = character_weights(len(reading.whole), spans(text, self.weights.scheme), parts)
        tokens = (*reading.title_tokens, "\n", *reading.body_tokens)
        return tuple(evidence_spans(reading.whole, tokens, weights)[:count])

    def _column(self, head: str, label: str, found: U16) -> int:
        if head != TOPIC_L1:
            return self.heads[head].column(label)
        scores = self.weights.scores(found)
        children = [self.heads[TOPIC].column(code) for code in self.taxonomy.children(label)]
        if not children:
            raise KeyError(label)
        return max(children, key=lambda column: float(scores[column]))

    def _parts(self, found: U16, column: int) -> F64:
        """What each n-gram adds to a column's score; equal ones share theirs evenly."""
        kept = damped(np.sort(found))
        terms, times = np.unique(kept, return_counts=True)
        place = np.searchsorted(terms, found)
        share = times[place] / np.bincount(place)[place]
        parts: F64 = (
            self.weights.rows[found, column] * share * float(self.weights.scale(kept)[column])
        )
        return parts


def _verdict(
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
