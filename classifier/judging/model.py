"""The model: judges a message by one linear function of its n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from classifier.errors import ModelFileError
from classifier.judging.features import Text
from classifier.judging.heads import (
    DEPARTMENT,
    KIND,
    TOPIC,
    TOPIC_L1,
    URGENT,
    Head,
    check_desk_heads,
    families,
    read_first_level,
    read_limits,
)
from classifier.judging.judgement import Judgement, Verdict
from classifier.judging.predictor import Predictor
from classifier.judging.ranking import Ranked, Ranking, best_of, yes_probability
from classifier.judging.taxonomy import Taxonomy
from classifier.judging.weights import F32, Rows
from classifier.modelfile import ModelFile, read_model_file
from classifier.reading.reader import Reading

_BATCH = 32
_SHOWN = 40
_NOT_OF_THE_DESK = (
    "没有分办所需的主题、承办单位、诉求类型和紧急；"
    "判断表格可用 minqing predict，用来分办须以随附的模型为底训练（minqing train --base default）"
)


def _named(heads: Iterable[str]) -> str:
    """Heads by name, in one short line whatever a stranger called them."""
    shown = "".join(filter(str.isprintable, "、".join(heads)))
    return f"“{shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''}”"


def shipped_path() -> Path:
    """Where the model that comes with Minqing lies."""
    return Path(__file__).resolve().parents[2] / "data" / "model" / "default.mqm"


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
        super().__init__(file)
        if "taxonomy" not in file.header:
            raise ModelFileError(reason=f"模型只判断{_named(self.heads)}，{_NOT_OF_THE_DESK}")
        if file.header["taxonomy"] != taxonomy.digest:
            raise ModelFileError(reason="模型所用的主题分类表与本系统的不同")
        try:
            check_desk_heads(self.heads, taxonomy)
            self.limits = read_limits(file.header)
            # Its shares stand behind those that have columns.
            behind, line = len(self._groups.members), read_first_level(file.header)
            self._first_level = Head(TOPIC_L1, taxonomy.codes(1), behind, *line)
            self._ranking = Ranking((*self._choices(), self._first_level))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFileError(reason="内容不完整或前后矛盾") from error
        self.taxonomy = taxonomy
        self._families = families(taxonomy)
        ends = pairwise((*self._families.starts.tolist(), len(self.heads[TOPIC].labels)))
        self._below = {
            code: slice(*places) for code, places in zip(taxonomy.codes(1), ends, strict=True)
        }

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
        batches = (kept[first : first + _BATCH] for first in range(0, len(kept), _BATCH))
        return [judgement for batch in batches for judgement in self._judge_together(batch)]

    def judge(self, reading: Reading) -> Judgement:
        """Judge one message of any content."""
        return self._judge_together([reading])[0]

    def _judge_together(self, readings: Sequence[Reading]) -> list[Judgement]:
        scores, known = self._scoring.of([Text.of(reading) for reading in readings])
        ranked = self._ranking.of(scores, self._shares(scores))
        return list(map(self._judge, readings, ranked, known))

    def _judge(self, reading: Reading, ranked: Ranked, known: float) -> Judgement:
        verdicts = self._verdicts(ranked)
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

    def _shares(self, scores: F32) -> F32:
        """With those of the first levels behind the others: each is the sum of its topics'."""
        own = super()._shares(scores)
        topics = own[..., self.heads[TOPIC].columns]
        firsts = np.add.reduceat(topics, self._families.starts, axis=-1)
        return np.concatenate((own, firsts), axis=-1)

    def _verdicts(self, ranked: Ranked) -> dict[str, Verdict]:
        """Those of each head and of the first level."""
        topic_l1 = best_of(self._first_level, ranked)
        verdicts = {TOPIC_L1: topic_l1, TOPIC: self._topic_under(topic_l1.label, ranked)}
        for name, head in self.heads.items():
            if name != TOPIC:
                verdicts[name] = self._verdict(head, ranked)
        return verdicts

    def _limit(self, head: str) -> float:
        return self.limits.urgent if head == URGENT else super()._limit(head)

    def _topic_under(self, first: str, ranked: Ranked) -> Verdict:
        """The best second level under the decided first one; others may stand elsewhere."""
        head, places = self.heads[TOPIC], self._below[first]
        below = ranked.shares[places]
        return best_of(head, ranked, places.start + below.index(max(below)))

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
