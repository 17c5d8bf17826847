"""Profiles of messages and scores of pairs, with a pair model set by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import ModelFileError
from classifier.lookup_keys import lookup_keys
from classifier.modelfile import Section
from classifier.pair_evidence import EVIDENCE, pair_evidence
from classifier.pair_model import PairModel
from classifier.places import Gazetteer
from classifier.profile import PROFILE, Records, make_profile
from classifier.reading import Reader
from classifier.segment import Segmenter
from classifier.term_statistics import TermStatistics, compress, expand
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
MODEL = tiny_pair_model()
STATISTICS = MODEL.statistics
DAY = 86_400

LAMP = ("路灯不亮", "东巷的路灯坏了半个月，晚上走路看不见，请派人来修。")
LAMP_AGAIN = ("东巷路灯还没修", "东巷路灯坏了，晚上走路看不见，老人摔了一跤，请快来修。")
SCHOOL = ("学校食堂", "孩子说食堂的菜是凉的，米饭夹生，家长想去看一看后厨。")

pieces = st.sampled_from(
    ["路灯", "坏了", "学校", "食堂", "。", "，", " ", "A1", "三合村", "请修", "😀"]
)
texts = st.lists(pieces, max_size=30).map("".join) | st.text(max_size=60)


def profile(
    title: str, body: str, sender: int = 0, sent_at: int = 0, places: tuple[str, ...] = ()
) -> Records:
    reading = READER.read(title, body)
    named = [(name, name in title) for name in places]
    return make_profile(reading, STATISTICS, sender, sent_at, named)


def many(*profiles: Records) -> Records:
    return np.array(list(profiles), dtype=PROFILE)


@given(texts, texts)
def test_the_profile_of_a_text_is_always_the_same_bytes(title: str, body: str) -> None:
    first, again = profile(title, body, 7, 1_700_000_000), profile(title, body, 7, 1_700_000_000)
    assert first.tobytes() == again.tobytes()
    assert len(first.tobytes()) == PROFILE.itemsize


@given(texts, texts)
def test_a_profile_survives_its_bytes(title: str, body: str) -> None:
    made = profile(title, body)
    assert np.frombuffer(made.tobytes(), PROFILE)[0] == made


@given(texts, texts)
def test_identical_texts_score_one_whatever_they_are(title: str, body: str) -> None:
    one, other = profile(title, body, 1, 0), profile(title, body, 2, 400 * DAY)
    (score,) = MODEL.score(one, many(other))
    assert score.same == score.copy == score.likeness == 1.0
    assert MODEL.shortlist(one, many(other)) == [0]
    assert MODEL.reasons(score) == ("全文相同",)


@given(texts, texts, texts, texts)
def test_the_score_is_symmetric_within_the_profiles_rounding(
    title: str, body: str, other_title: str, other_body: str
) -> None:
    one, other = profile(title, body), profile(other_title, other_body)
    (there,), (back,) = MODEL.score(one, many(other)), MODEL.score(other, many(one))
    assert there.same == pytest.approx(back.same, abs=1e-3)
    assert there.likeness == pytest.approx(back.likeness, abs=1e-3)
    for name in set(EVIDENCE) - {"rarest", "second_rarest", "third_rarest", "rare_sum"}:
        place = EVIDENCE.index(name)
        assert there.evidence[place] == pytest.approx(back.evidence[place], abs=1e-3), name


@given(texts, texts, texts, texts)
def test_scores_are_probabilities_and_evidence_is_finite(
    title: str, body: str, other_title: str, other_body: str
) -> None:
    one, other = profile(title, body, 3, DAY), profile(other_title, other_body, 3)
    evidence = pair_evidence(one, many(other), STATISTICS)
    assert evidence.shape == (1, len(EVIDENCE))
    assert np.isfinite(evidence).all()
    (score,) = MODEL.score(one, many(other))
    assert 0.0 <= score.same <= 1.0
    assert 0.0 <= score.copy <= 1.0
    assert 0.0 <= score.likeness <= 1.0 + 1e-3


def test_the_same_matter_scores_above_another() -> None:
    again, other = MODEL.score(profile(*LAMP), many(profile(*LAMP_AGAIN), profile(*SCHOOL)))
    assert again.same > 0.5 > other.same
    assert again.likeness < 1.0
    assert "用词相近" in MODEL.reasons(again)


def test_one_among_many_scores_as_it_would_alone() -> None:
    others = [profile(*LAMP_AGAIN), profile(*SCHOOL), profile("", ""), profile(*LAMP)]
    together = MODEL.score(profile(*LAMP), many(*others))
    alone = [MODEL.score(profile(*LAMP), many(other))[0] for other in others]
    assert [s.same for s in together] == pytest.approx([s.same for s in alone], abs=1e-6)


def test_punctuation_and_spaces_make_no_other_text() -> None:
    one, other = profile("路灯", "路灯，坏了。"), profile("路 灯", "路灯坏了！")
    assert one["digest"] == other["digest"]


def test_empty_texts_have_a_profile_without_terms() -> None:
    empty = profile("", "")
    assert empty["length"] == 0
    assert not empty["word_weights"].any()
    assert lookup_keys(empty, STATISTICS) == []


def test_an_empty_text_is_like_no_other() -> None:
    (score,) = MODEL.score(profile("", ""), many(profile(*LAMP)))
    assert score.same < 0.5
    assert score.likeness == 0.0
    assert MODEL.shortlist(profile("", ""), many(profile(*LAMP))) == []


def test_a_sender_counts_only_where_known() -> None:
    def same_sender(one: int, other: int) -> bool:
        (score,) = MODEL.score(profile(*LAMP, one), many(profile(*SCHOOL, other)))
        return score.is_same_sender

    assert same_sender(5, 5)
    assert not same_sender(5, 6)
    assert not same_sender(0, 0)
    assert same_sender(2**64 - 1, 2**64 - 1)


def test_places_agree_or_speak_against() -> None:
    def evidence(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[float, float]:
        row = pair_evidence(
            profile(*LAMP, places=mine), many(profile(*LAMP, places=theirs)), STATISTICS
        )[0]
        return row[EVIDENCE.index("same_place")], row[EVIDENCE.index("other_place")]

    assert evidence(("甲镇", "乙镇"), ("乙镇",)) == (1.0, 0.0)
    assert evidence(("甲镇",), ("乙镇",)) == (0.0, 1.0)
    assert evidence(("甲镇",), ()) == (0.0, 0.0)


def test_time_and_length_count_without_sign() -> None:
    early, late = profile(*LAMP, sent_at=0), profile(*LAMP_AGAIN, sent_at=3 * DAY)
    row, back = (
        pair_evidence(a, many(b), STATISTICS)[0] for a, b in ((early, late), (late, early))
    )
    place = EVIDENCE.index("log_days")
    assert row[place] == back[place] == pytest.approx(np.log(4.0))


def test_texts_of_one_matter_share_keys_and_others_few() -> None:
    def keys(title: str, body: str) -> set[int]:
        return {key for key, _ in lookup_keys(profile(title, body), STATISTICS)}

    assert len(keys(*LAMP) & keys(*LAMP_AGAIN)) > len(keys(*LAMP) & keys(*SCHOOL))
    assert keys(*LAMP) == keys(*LAMP)


@given(texts, texts)
def test_keys_are_few_positive_and_of_31_bits(title: str, body: str) -> None:
    keys = lookup_keys(profile(title, body), STATISTICS)
    assert len(keys) <= 26
    assert all(0 <= key < 2**31 and weight > 0 for key, weight in keys)


def test_a_very_long_text_has_a_profile_of_the_usual_size() -> None:
    long = profile(LAMP[0], "".join(f"第{n}户的路灯坏了。" for n in range(9_000)))
    assert len(long.tobytes()) == PROFILE.itemsize
    assert long["length"] == 0xFFFF


def test_statistics_are_kept_in_sixteenths() -> None:
    idf = np.array([0.0, 1.0, 3.14, 15.9, 99.0], np.float32)
    assert expand(compress(idf)).tolist() == [0.0, 1.0, 3.125, 15.875, 15.9375]


@pytest.mark.parametrize(
    "change",
    [
        {"pairs.weights": None},
        {"pairs.idf.words": None},
        {"pairs.weights": np.zeros((2, 5), np.float32)},
        {"pairs.weights": np.full((2, 1 + len(EVIDENCE)), np.nan, np.float32)},
        {"pairs.idf.grams": np.zeros(1000, np.uint8)},
        {"pairs.idf.grams": np.zeros(0, np.uint8)},
        {"pairs.idf.words": np.zeros((4, 4), np.uint8)},
    ],
)
def test_a_broken_pair_model_is_refused(change: dict[str, np.ndarray | None]) -> None:
    arrays: dict[str, np.ndarray | None] = {
        "pairs.idf.words": np.full(16, 80, np.uint8),
        "pairs.idf.grams": np.full(16, 80, np.uint8),
        "pairs.weights": np.zeros((2, 1 + len(EVIDENCE)), np.float32),
    } | change
    sections = {name: Section(array) for name, array in arrays.items() if array is not None}
    with pytest.raises(ModelFileError, match="并案模型"):
        PairModel.from_sections(sections.__getitem__)


def test_statistics_of_another_size_weigh_by_the_lower_bits() -> None:
    small = TermStatistics(np.full(16, 5.0, np.float32), np.full(16, 5.0, np.float32))
    assert make_profile(READER.read(*LAMP), small, 0, 0) == profile(*LAMP)
