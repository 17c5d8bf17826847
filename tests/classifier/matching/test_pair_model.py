"""The pair model: probabilities, reasons, and a file that is checked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from classifier.errors import ModelFileError
from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import EVIDENCE_ZH, SAME_TEXT, PairModel
from classifier.modelfile import Section
from tests.classifier.pair_makers import (
    DAY,
    LAMP,
    LAMP_AGAIN,
    MODEL,
    SCHOOL,
    many,
    profile,
    texts,
)


@given(texts, texts)
def test_identical_texts_score_one_whatever_they_are(title: str, body: str) -> None:
    one, other = profile(title, body, 1, 0), profile(title, body, 2, 400 * DAY)
    (score,) = MODEL.score(one, many(other))
    assert score.same == score.copy == score.likeness == 1.0
    assert [place for place, _ in MODEL.compare(one, many(other))] == [0]
    assert MODEL.reasons(score) == ("全文相同",)


@given(texts, texts, texts, texts)
def test_scores_are_probabilities_and_the_same_from_both_sides(
    title: str, body: str, other_title: str, other_body: str
) -> None:
    one, other = profile(title, body, 3, DAY), profile(other_title, other_body, 3)
    (there,), (back,) = MODEL.score(one, many(other)), MODEL.score(other, many(one))
    assert there.same == pytest.approx(back.same, abs=1e-4)
    assert there.likeness == pytest.approx(back.likeness, abs=1e-4)
    for number in (there.same, there.copy, there.likeness):
        assert 0.0 <= number <= 1.0


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


def test_compared_are_those_that_share_the_most_words() -> None:
    others = many(*[profile(*SCHOOL)] * 9, profile(*LAMP_AGAIN), profile(*LAMP), profile("", ""))
    compared = MODEL.compare(profile(*LAMP), others)
    scores = MODEL.score(profile(*LAMP), others)
    assert [place for place, _ in compared] == [10, 9]
    assert [each.same for _, each in compared] == [scores[10].same, scores[9].same]
    assert len(MODEL.compare(profile(*SCHOOL), many(*[profile(*SCHOOL)] * 9))) == 8
    assert MODEL.compare(profile(*LAMP), others[:0]) == []


def test_an_empty_text_is_like_no_other() -> None:
    (score,) = MODEL.score(profile("", ""), many(profile(*LAMP)))
    assert score.same < 0.5
    assert score.likeness == 0.0
    assert MODEL.compare(profile("", ""), many(profile(*LAMP))) == []


def test_an_edited_text_is_still_the_same_and_a_reworded_one_is_not() -> None:
    body = "小区东门外的污水井盖上个月被压坏，车辆经过时发出巨响，整夜睡不好，多次找物业没有结果。"
    edited = body.replace("上个月", "一月前").replace("多次", "几次")
    reworded = "东门口井盖坏了一个月，夜里很吵，找物业也没人管，希望尽快修好这个污水井盖。"
    scores = MODEL.score(profile("", body), many(profile("", edited), profile("", reworded)))
    assert scores[0].likeness >= SAME_TEXT > scores[1].likeness


def test_who_shares_a_village_and_no_subject_is_left_to_a_person() -> None:
    one, other = (
        profile("三合村", "三合村三合村的路灯。"),
        profile("三合村", "三合村三合村的低保。"),
    )
    (score,) = MODEL.score(one, many(other))
    assert score.evidence[EVIDENCE.index("words")] > 0.5
    assert score.same <= 0.5


def test_each_reason_names_a_kind_of_evidence() -> None:
    assert set(EVIDENCE_ZH) <= set(EVIDENCE)


def arrays(**change: np.ndarray | None) -> dict[str, Section]:
    sound: dict[str, np.ndarray | None] = {
        "words": np.full(16, 80, np.uint8),
        "names": np.full(16, 80, np.uint8),
        "weights": np.zeros((2, 1 + len(EVIDENCE)), np.float32),
    } | change
    names = {"words": "pairs.idf.words", "names": "pairs.idf.names", "weights": "pairs.weights"}
    told = {"weights": {"evidence": list(EVIDENCE)}}
    return {
        names[key]: Section(array, told.get(key, {}))
        for key, array in sound.items()
        if array is not None
    }


def test_a_sound_pair_model_is_read() -> None:
    assert PairModel.from_sections(arrays().__getitem__).weights.shape == (2, 1 + len(EVIDENCE))


@pytest.mark.parametrize(
    "change",
    [
        {"weights": None},
        {"words": None},
        {"names": None},
        {"weights": np.zeros((2, 5), np.float32)},
        {"weights": np.full((2, 1 + len(EVIDENCE)), np.nan, np.float32)},
        {"names": np.zeros(1000, np.uint8)},
        {"names": np.zeros(0, np.uint8)},
        {"words": np.zeros((4, 4), np.uint8)},
    ],
)
def test_a_broken_pair_model_is_refused(change: dict[str, np.ndarray | None]) -> None:
    with pytest.raises(ModelFileError, match="并案模型"):
        PairModel.from_sections(arrays(**change).__getitem__)


def test_evidence_that_an_older_file_does_not_know_weighs_nothing() -> None:
    weights = np.arange(2.0 + 2 * len(EVIDENCE), dtype=np.float32).reshape(2, -1)
    sections = arrays()
    newest = len(EVIDENCE) - 1
    older = np.concatenate([weights[:, :1], weights[:, newest:0:-1]], axis=1)
    sections["pairs.weights"] = Section(older, {"evidence": [*EVIDENCE[:newest]][::-1]})
    found = PairModel.from_sections(sections.__getitem__).weights
    assert (found[:, :-1] == weights[:, :-1]).all()
    assert not found[:, -1].any()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"evidence": ["words"]},
        {"evidence": [*EVIDENCE[1:], "no evidence"]},
        {"evidence": [*EVIDENCE[1:], EVIDENCE[1]]},
        {"evidence": [*EVIDENCE[1:], 7]},
        {"evidence": "words"},
    ],
)
def test_weights_of_other_evidence_are_refused(told: dict[str, object]) -> None:
    sections = arrays()
    sections["pairs.weights"] = Section(sections["pairs.weights"].array, told)
    with pytest.raises(ModelFileError, match="并案模型"):
        PairModel.from_sections(sections.__getitem__)


@pytest.mark.parametrize(
    "curve", [[[0.5]], [[0.5, "x", 0.1]], 5, [[0.5, 1.5, 0.1]], [[float("nan"), 0.9, 0.1]], [None]]
)
def test_a_curve_that_is_none_is_refused(curve: object) -> None:
    sections = arrays()
    told = {"evidence": list(EVIDENCE), "curve": curve}
    sections["pairs.weights"] = Section(sections["pairs.weights"].array, told)
    with pytest.raises(ModelFileError, match="准确率对照"):
        PairModel.from_sections(sections.__getitem__)


def test_the_lowest_probability_that_is_as_precise_is_found() -> None:
    sections = arrays()
    curve = [[0.9, 0.98, 0.3], [0.5, 0.9, 0.8], [0.7, 0.95, 0.6]]
    told = {"evidence": list(EVIDENCE), "curve": curve}
    sections["pairs.weights"] = Section(sections["pairs.weights"].array, told)
    model = PairModel.from_sections(sections.__getitem__)
    least = [model.least_for(precision) for precision in (0.5, 0.92, 0.98, 0.99)]
    assert [point and point.probability for point in least] == [0.5, 0.7, 0.9, None]


FORM = (
    "底层商铺没有装排烟管道，烧烤的油烟从早到晚往楼上飘，窗户一天也不敢开，找了物业三回都没有结果。"
)


def test_a_form_letter_for_another_district_is_no_copy() -> None:
    one = profile("A3区阳光小区油烟扰民", FORM, 1)
    elsewhere = profile("A5区枫林苑油烟扰民", FORM, 2)
    (score,) = MODEL.score(one, many(elsewhere))
    assert score.likeness >= SAME_TEXT
    assert score.names_elsewhere
    assert not score.is_same_text
    assert score.same <= 0.5 and score.copy <= 0.5


@pytest.mark.parametrize(
    ("title", "sender"),
    [("A3区阳光小区油烟太大", 2), ("阳光小区油烟扰民", 2), ("A5区阳光小区油烟扰民", 1)],
    ids=["same district", "no district", "same person"],
)
def test_else_the_same_letter_is_a_copy(title: str, sender: int) -> None:
    one = profile("A3区阳光小区油烟扰民", FORM, 1)
    (score,) = MODEL.score(one, many(profile(title, FORM, sender)))
    assert score.is_same_text
