"""A model that knows a handful of words, and a pair model set by hand. Nothing is trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from classifier.judging.judgement import Evidence, Judgement, Verdict
from classifier.judging.taxonomy import Taxonomy
from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import PairModel
from classifier.modelfile import Section
from classifier.reading.reader import Reading
from classifier.spans import Span

VERSION = "tiny-1"


@dataclass(frozen=True)
class Meaning:
    """What a word speaks for: a second-level topic, a department, a kind, urgency."""

    topic: tuple[str, str]
    department: str
    kind: str
    is_urgent: bool = False


MEANINGS = {
    "塌陷": Meaning(("城乡建设", "城市建设和市政管理"), "住建局", "求助", is_urgent=True),
    "路灯": Meaning(("城乡建设", "城市建设和市政管理"), "住建局", "投诉"),
    "学校": Meaning(("教育文体", "教育行政管理"), "教育局", "咨询"),
}
UNKNOWN = Meaning(("城乡建设", "城市建设和市政管理"), "其他", "求助")


class TinyModel:
    """Judges by the first word of ``MEANINGS`` that a text holds; doubts where it holds none."""

    version = VERSION

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy

    def judge(self, reading: Reading) -> Judgement:
        """What the words say."""
        word = self._word(reading)
        meaning = MEANINGS.get(word, UNKNOWN)
        code = self._taxonomy.code(*meaning.topic)
        sure = 0.9 if word else 0.3
        return Judgement(
            topic_l1=Verdict(code[:2], sure, ()),
            topic=Verdict(code, sure, ()),
            department=Verdict(meaning.department, sure, (("公安局", 1 - sure),)),
            kind=Verdict(meaning.kind, sure, (("建议", 1 - sure),)),
            urgent_probability=0.9 if meaning.is_urgent else 0.1,
            is_urgent=meaning.is_urgent,
            doubts=() if word else ("没有可判断的文字",),
        )

    def judge_many(self, readings: Iterable[Reading]) -> list[Judgement]:
        """What the words of each say."""
        return [self.judge(reading) for reading in readings]

    def evidence(
        self, reading: Reading, head: str, label: str, count: int = 5
    ) -> tuple[Evidence, ...]:
        """The word itself, for the label it speaks for; KeyError for one it never learnt."""
        word = self._word(reading)
        judged = self.judge(reading)
        if label != {"topic": judged.topic, "department": judged.department}[head].label:
            raise KeyError(label)
        if not word:
            return ()
        start = reading.whole.index(word)
        return (Evidence(Span(start, start + len(word)), word, 2.0),)[:count]

    def _word(self, reading: Reading) -> str:
        return next((word for word in MEANINGS if word in reading.whole), "")


def tiny_pair_model() -> PairModel:
    """Two messages are one matter where they share many words; all words weigh alike."""
    weights = np.zeros((2, 1 + len(EVIDENCE)), np.float32)
    weights[:, 0] = -6.0
    weights[:, 1 + EVIDENCE.index("words")] = 14.0
    idf = np.full(1 << 12, 80, np.uint8)  # sixteenths: each term weighs 5
    sections = {
        "pairs.idf.words": Section(idf),
        "pairs.idf.names": Section(idf),
        "pairs.weights": Section(weights, {"evidence": list(EVIDENCE)}),
    }
    return PairModel.from_sections(sections.__getitem__)
