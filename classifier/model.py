"""The model: judges a message by one linear function of its n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from classifier.calibration import softmax
from classifier.errors import ModelFileError
from classifier.features import Text
from classifier.heads import (
    DEPARTMENT,
    KIND,
    TOPIC,
    TOPIC_L1,
    URGENT,
    check_desk_heads,
    families,
    read_first_level,
    read_limits,
)
from classifier.judgement import Judgement, Verdict
from classifier.modelfile import ModelFile, read_model_file
from classifier.predictor import Predictor, best_of, yes_or_no, yes_probability
from classifier.reading import Reading
from classifier.taxonomy import Taxonomy
from classifier.weights import F32, Rows


def shipped_path() -> Path:
    """Where the model that comes with Minqing lies."""
    return Path(__file__).resolve().parent.parent / "data" / "model" / "default.mqm"


def open_model(path: Path, taxonomy: Taxonomy) -> Predictor:
    """Read any model file: a :class:`Model` where it judges for the desk, else a Predictor.

    Raises
    ------
    ModelFileError
        The file is missing, damaged or foreign, or a desk's model of another taxonomy.
    """
    file = read_model_file(path)
    try:
        return Model(file, taxonomy) if "taxonomy" in file.header else Predictor(file)
    except ModelFileError as error:
        raise ModelFileError(path, error.reason) from error


class Model(Predictor):
    """Judges messages for the desk.

    Parameters
    ----------
    file
        A checked model file.
    taxonomy
        The taxonomy its topics are codes of; the shipped one where none is given.

    Raises
    ------
    ModelFileError
        The file holds no sound model of this taxonomy.
    """

    def __init__(self, file: ModelFile, taxonomy: Taxonomy | None = None) -> None:
        taxonomy = Taxonomy.load() if taxonomy is None else taxonomy
        if file.header.get("taxonomy") != taxonomy.digest:
            raise ModelFileError(reason="模型所用的主题分类表与本系统的不同")
        super().__init__(file)
        try:
            check_desk_heads(self.heads, taxonomy)
            self.limits = read_limits(file.header)
            self._first_level = read_first_level(file.header)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFileError(reason="内容不完整或前后矛盾") from error
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
            return cls(file, taxonomy)
        except ModelFileError as error:
            raise ModelFileError(path, error.reason) from error

    def judge_many(self, readings: Iterable[Reading]) -> list[Judgement]:
        """Judge messages in order; see :meth:`judge`."""
        kept = list(readings)
        found = self.weights.scores_many([Text.of(reading) for reading in kept])
        return [self._judge(r, *scored) for r, scored in zip(kept, found, strict=True)]

    def judge(self, reading: Reading) -> Judgement:
        """Judge one message of any content."""
        found = self.weights.look_up(Text.of(reading))
        return self._judge(reading, self.weights.scores(found), found.known)

    def _judge(self, reading: Reading, scores: F32, known: float) -> Judgement:
        verdicts = self._verdicts(scores)
        topic_l1, department = verdicts[TOPIC_L1], verdicts[DEPARTMENT]
        urgent = yes_probability(verdicts[URGENT])
        text_doubts = tuple(self._text_doubts(reading, known))
        return Judgement(
            topic_l1=topic_l1,
            topic=verdicts[TOPIC],
            department=department,
            kind=verdicts[KIND],
            urgent_probability=urgent,
            is_urgent=urgent >= self.limits.urgent,
            doubts=(*text_doubts, *self._label_doubts(topic_l1, department)),
            text_doubts=text_doubts,
        )

    def _verdicts(self, scores: F32) -> dict[str, Verdict]:
        """Those of each head; the first level's, which has no column, is the sum of its own."""
        shares = softmax(scores, self._groups)
        topics = shares[self.heads[TOPIC].columns]
        firsts = np.add.reduceat(topics, self._families.starts)
        topic_l1 = best_of(self._first_codes, firsts, *self._first_level)
        verdicts = {TOPIC_L1: topic_l1, TOPIC: self._topic_under(topic_l1.label, topics)}
        for name, head in self.heads.items():
            if name != TOPIC:
                verdicts[name] = self._verdict(head, scores, shares)
        urgent = self.heads[URGENT]
        verdicts[URGENT] = yes_or_no(urgent, float(scores[urgent.first]), self.limits.urgent)
        return verdicts

    def _topic_under(self, first: str, topics: F32) -> Verdict:
        """The best second level under the decided first one; others may stand elsewhere."""
        head = self.heads[TOPIC]
        place = self._first_codes.index(first)
        start = int(self._families.starts[place])
        best = start + int(topics[self._families.members == place].argmax())
        return best_of(head.labels, topics, head.slope, head.offset, best)

    def _text_doubts(self, reading: Reading, known: float) -> Iterator[str]:
        letters = len(list(islice(filter(str.isalnum, reading.whole), self.limits.letters)))
        if letters < self.limits.letters:
            yield "没有可判断的文字" if letters == 0 else "文字太少"
        elif known < self.limits.known:
            yield "与以往的来信都不相像"

    def _label_doubts(self, topic_l1: Verdict, department: Verdict) -> Iterator[str]:
        second, probability = topic_l1.alternatives[0]
        if topic_l1.probability < self.limits.topic_l1:
            yield f"主题把握不足（{topic_l1.probability:.0%}）"
        if topic_l1.probability - probability < self.limits.margin:
            names = self.taxonomy.name(topic_l1.label), self.taxonomy.name(second)
            yield f"主题在“{names[0]}”与“{names[1]}”之间难分"
        if self.limits.department >= 1.0:  # none was found that is sure enough
            yield "承办单位的判断还没有检验过"
        elif department.probability < self.limits.department:
            yield f"承办单位把握不足（{department.probability:.0%}）"

    def _column(self, head: str, label: str, found: Rows) -> int:
        """A first-level topic has no weights: the likeliest second level under it speaks for it."""
        if head != TOPIC_L1:
            return super()._column(head, label, found)
        scores = self.weights.scores(found)
        children = [self.heads[TOPIC].column(code) for code in self.taxonomy.children(label)]
        if not children:
            raise KeyError(label)
        return max(children, key=lambda column: float(scores[column]))
