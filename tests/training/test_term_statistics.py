"""How rare a term is by matters, not by messages."""

import numpy as np
import pytest

from classifier.hashing import word_hashes
from classifier.matching.term_statistics import TermStatistics
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from training.term_statistics import fit_term_statistics

CAMPAIGN = "搅拌站的粉尘飘进教室，请把搅拌站迁走，搅拌站夜里也不停工"
OTHERS = (
    "路灯坏了没人修",
    "自来水发黄有怪味",
    "公交车站牌被撞倒",
    "养老金迟迟没有到账",
    "电梯困人三次了",
    "菜市场污水横流",
    "孩子入学名额怎么申请",
    "拆迁补偿款没有发放",
)


def fitted(texts: list[str]) -> TermStatistics:
    reader = Reader(Segmenter(), Gazetteer((), ()))
    return fit_term_statistics(reader.read("", text) for text in texts)


def idf(statistics: TermStatistics, word: str) -> float:
    slot = word_hashes([word]) & np.uint32(len(statistics.words) - 1)
    return float(statistics.words[slot][0])


def test_a_name_stays_rare_however_many_letters_its_matter_has() -> None:
    campaign = [f"{CAMPAIGN}，第{number}次反映" for number in range(8)]
    spread = [f"{text}，物业说不归他们管" for text in OTHERS]

    statistics = fitted([*campaign, *spread])

    assert idf(statistics, "粉尘") > idf(statistics, "物业") + 1


def test_texts_unlike_each_other_count_one_each() -> None:
    texts = [f"{text}，物业说不归他们管" for text in OTHERS]

    statistics = fitted(texts)

    expected = np.log((len(texts) + 1) / (len(texts) + 0.5))
    assert idf(statistics, "物业") == pytest.approx(expected, abs=1 / 16)


def test_an_empty_text_says_nothing() -> None:
    assert idf(fitted(["", *OTHERS]), "电梯") == pytest.approx(np.log(10 / 1.5), abs=1 / 16)
