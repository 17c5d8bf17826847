"""Look-up keys: texts of one matter meet, and a message asks for more than it stands under."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.matching import lookup_keys as module
from classifier.matching.lookup_keys import (
    ASKED,
    STANDING,
    keys_of_words,
    keys_of_words_by_numpy,
    lookup_keys,
)
from classifier.matching.profile import FORMAT, Records, make_profile
from classifier.matching.term_statistics import TermStatistics
from classifier.matching.terms import DAMPED, EMPTY
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
STATISTICS = tiny_pair_model().statistics
LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"

WAYS = keys_of_words, keys_of_words_by_numpy
texts = st.text("路灯坏了学校操场,。 \nabc123", max_size=400)


def profile(text: str) -> Records:
    return make_profile(READER.read("", text), STATISTICS, 0, 0)


def keys_of(text: str) -> dict[int, float]:
    return dict(lookup_keys(profile(text), STATISTICS))


def test_texts_of_one_matter_share_keys_and_others_few() -> None:
    lamp, again, school = (keys_of(text).keys() for text in (LAMP, LAMP_TOO, SCHOOL))
    assert len(lamp & again) > len(lamp & school)
    assert keys_of(LAMP) == keys_of(LAMP)


@given(texts)
def test_keys_are_few_distinct_and_of_31_bits_the_weightiest_first(text: str) -> None:
    keys = lookup_keys(profile(text), STATISTICS)
    assert len({key for key, _ in keys}) == len(keys) <= ASKED + 1
    assert all(0 <= key < 2**31 and weight > 0 for key, weight in keys)
    assert keys == sorted(keys, key=lambda item: -item[1])


def test_more_is_asked_for_than_a_message_stands_under() -> None:
    long = "".join(f"第{n}号院的{name}" for n, name in enumerate(SCHOOL + LAMP))
    assert len(lookup_keys(profile(long), STATISTICS)) == ASKED > STANDING


def test_a_text_of_hardly_any_words_is_found_by_the_whole_of_it() -> None:
    assert keys_of("灯？？") == keys_of("灯")
    assert not keys_of("灯").keys() & keys_of("门").keys()
    assert keys_of("") == keys_of("！？") == {}


def test_profiles_of_another_format_have_other_keys() -> None:
    assert {key >> 25 for key in keys_of(LAMP)} == {FORMAT}


@given(st.integers(0, 2**32), st.integers(0, 72), st.integers(0, 8))
def test_both_ways_make_the_same_keys(seed: int, count: int, empty_count: int) -> None:
    random = np.random.default_rng(seed)
    table = (random.integers(0, 4, 64) / 16).astype(np.float32)  # many weigh the same, or nothing
    words = random.integers(0, 2**32, count, np.uint32)
    words = np.append(words, np.full(empty_count, EMPTY))
    both = [way(words, TermStatistics(table, table)) for way in WAYS]
    assert both[0] == both[1]
    assert [list(map(type, each)) for each in both[0]] == [[int, float]] * len(both[0])


def test_tables_of_another_size_are_refused() -> None:
    if module.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    words = np.zeros(3, np.uint32)
    for tables in (
        (STATISTICS.words[1:], DAMPED),
        (STATISTICS.words[:0], DAMPED),
        (STATISTICS.words, DAMPED[:-1]),
    ):
        with pytest.raises(ValueError, match=r"power|number"):
            module.compiled.weighed_keys(words, *tables, ASKED, 0)
