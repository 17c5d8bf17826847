"""Matching against an index of matters, with a pair model set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.matching.doubt import Doubt
from classifier.matching.lookup_keys import lookup_keys
from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import PairScore
from classifier.matching.profile import make_profile
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from service.domain.relation import Relation
from service.triage.exemplar_index import ExemplarIndex
from service.triage.match import OWN_MATTER, _Found, match
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
MODEL = tiny_pair_model()
LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
LAMP_ONCE_MORE = "三合村东巷路灯不亮，老人晚上走路看不见，盼望派人修路灯。"
ASKED = "庄里镇三合村东巷路灯坏了，老人晚上走路看不见。"
SURE = "庄里镇三合村东巷路灯坏了，老人晚上走路看不见，摔了。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"
SCHOOL_TOO = "学校操场停满了车，孩子的体育课没有地方上，操场租给了谁？"


def profile(text: str, sender: int = 0):
    return make_profile(READER.read("", text), MODEL.statistics, sender, 0)


def index_of(*messages: tuple[int, str, int]) -> ExemplarIndex:
    """Of messages by their matter, text and sender."""
    index = ExemplarIndex()
    for number, (matter_id, text, sender) in enumerate(messages, start=1):
        made = profile(text, sender)
        index.remember(number, matter_id, made, lookup_keys(made, MODEL.statistics))
    return index


def matched(text: str, index: ExemplarIndex, sender: int = 0, join_at: float = 0.9):
    made = profile(text, sender)
    return match(made, lookup_keys(made, MODEL.statistics), index, MODEL, join_at, suggest_at=0.5)


def model_scores(text: str, other: str) -> float:
    """The probability that two texts are about the same matter."""
    (score,) = MODEL.score(profile(text), np.array([profile(other)]))
    return score.same


def score_of(probability: float, likeness: float = 0.1, doubt: Doubt = Doubt.NONE) -> PairScore:
    evidence = np.zeros(len(EVIDENCE), np.float32)
    return PairScore(probability, 0.0, likeness, False, evidence, doubt)


def test_in_an_empty_index_every_message_is_the_first() -> None:
    assert matched(LAMP, ExemplarIndex()) == OWN_MATTER


def test_a_message_finds_its_matter_among_others() -> None:
    found = matched(LAMP_TOO, index_of((3, SCHOOL, 1), (7, LAMP, 2)), sender=9)
    assert (found.matter_id, found.relation) == (7, Relation.VOICE)
    assert found.probability >= 0.9
    assert found.because


@pytest.mark.parametrize(
    ("text", "sender", "relation"),
    [
        (LAMP, 9, Relation.COPY),
        (LAMP, 2, Relation.COPY),
        (LAMP_TOO, 2, Relation.RESUBMISSION),
        (LAMP_TOO, 9, Relation.VOICE),
        (LAMP_TOO, 0, Relation.VOICE),
    ],
)
def test_copy_comes_before_resubmission_before_voice(
    text: str, sender: int, relation: Relation
) -> None:
    assert matched(text, index_of((7, LAMP, 2)), sender).relation is relation


def test_below_the_threshold_a_message_opens_a_matter_and_keeps_the_probability() -> None:
    index = index_of((7, LAMP, 2))
    strict = matched(LAMP_TOO, index, join_at=1.0)
    assert (strict.matter_id, strict.relation, strict.because) == (None, Relation.FIRST, ())
    assert 0.9 < strict.probability < 1.0
    assert matched(LAMP, index, join_at=1.0).relation is Relation.COPY


def test_between_equal_matters_the_older_wins() -> None:
    assert matched(LAMP, index_of((9, LAMP, 1), (4, LAMP, 2))).matter_id == 4


def test_a_relation_is_judged_against_every_exemplar() -> None:
    index = index_of((7, LAMP_TOO, 1), (7, LAMP, 2))
    assert matched(LAMP, index, sender=5).relation is Relation.COPY


def test_a_text_without_words_joins_only_its_like() -> None:
    index = index_of((7, "", 1))
    assert matched("！！", index).matter_id is None
    assert matched(LAMP, index).matter_id is None


def bridged() -> ExemplarIndex:
    """Two matters of two letters each that a letter on both fits equally well."""
    return index_of((3, LAMP, 1), (3, LAMP_TOO, 2), (5, SCHOOL, 3), (5, SCHOOL_TOO, 4))


def test_a_message_that_fits_two_matters_joins_one_and_suggests_the_other() -> None:
    found = matched(LAMP + SCHOOL, bridged(), sender=9, join_at=0.5)
    assert found.matter_id in (3, 5)
    (other,) = found.suggestions
    assert {found.matter_id, other.matter_id} == {3, 5}
    assert other.probability >= 0.5
    assert other.because


def test_many_exemplars_that_agree_weigh_more_than_the_surest_one() -> None:
    index = index_of((3, SURE, 1), (5, LAMP, 2), (5, LAMP_TOO, 3), (5, LAMP_ONCE_MORE, 4))
    one = model_scores(ASKED, SURE)
    others = [model_scores(ASKED, text) for text in (LAMP, LAMP_TOO, LAMP_ONCE_MORE)]
    assert max(others) < one < sum(others)
    assert matched(ASKED, index, sender=9, join_at=min(0.5, *others)).matter_id == 5


def test_a_copy_goes_where_its_original_is_whatever_the_others_say() -> None:
    index = index_of((5, LAMP, 1), *((5, f"{number}号{SCHOOL}", 2) for number in range(5)))
    assert matched(LAMP, index, sender=9).matter_id == 5


def test_a_matter_whose_other_exemplars_speak_against_it_is_suggested_only() -> None:
    score = score_of(probability=0.9)
    chained = _Found(7, (score, *(score_of(probability=0.01) for _ in range(5))), 6)
    assert not chained.joins(0.65)
    assert _Found(7, (score, score_of(probability=0.6)), 6).joins(0.65)
    assert not _Found(7, (score_of(probability=0.6),), 1).joins(0.65)
    assert _Found(7, (score_of(probability=0.9, likeness=0.9),), 6).joins(0.65)


def test_no_more_than_three_suggestions_the_surest_first() -> None:
    letters = ((matter, f"{LAMP_TOO}第{'一二三四五'[matter - 1]}次", 0) for matter in range(1, 6))
    suggestions = matched(LAMP, index_of(*letters), join_at=1.0).suggestions
    assert len(suggestions) == 3
    probabilities = [each.probability for each in suggestions]
    assert probabilities == sorted(probabilities, reverse=True)


def test_a_form_letter_for_another_district_opens_a_matter_and_says_so_of_the_other() -> None:
    def made(title: str, sender: int):
        return make_profile(READER.read(title, LAMP), MODEL.statistics, sender, 0)

    index = ExemplarIndex()
    first = made("A3区路灯不亮", 1)
    index.remember(1, 7, first, lookup_keys(first, MODEL.statistics))
    for title, matter_id in (("A5区路灯不亮", None), ("A3区路灯坏了", 7)):
        other = made(title, 2)
        found = match(other, lookup_keys(other, MODEL.statistics), index, MODEL, 0.9, 0.3)
        assert found.matter_id == matter_id
        assert [each.matter_id for each in found.suggestions] == ([] if matter_id else [7])


@pytest.mark.parametrize(
    ("objection", "joins"),
    [
        (score_of(0.5, 0.2, Doubt.OPPOSITE), False),
        (score_of(0.5, 0.9, Doubt.ELSEWHERE), False),
        # Others of the matter may live elsewhere, or speak of something else.
        (score_of(0.5, 0.2, Doubt.ELSEWHERE), True),
        (score_of(0.5, 0.2, Doubt.SUBJECT), True),
    ],
)
def test_no_third_letter_joins_what_is_opposite_or_a_form_letter(
    objection: PairScore, joins: bool
) -> None:
    found = _Found(7, (score_of(0.95), objection), 2)
    assert found.joins(0.7) is joins
    assert found.told is (found.best if joins else objection)
    assert _Found(7, (score_of(1.0, 1.0), objection), 2).joins(0.7)


def test_what_is_in_doubt_joins_nothing_however_low_the_limit() -> None:
    assert _Found(7, (score_of(0.5),), 1).joins(0.5)
    assert not _Found(7, (score_of(0.5, doubt=Doubt.SUBJECT),), 1).joins(0.5)


def test_who_wants_the_opposite_of_a_matter_is_suggested_to_a_person() -> None:
    closed = "河堤路夜市油烟熏人，晚上吵得孩子睡不好，请取消河堤路夜市。"
    kept = "河堤路夜市油烟熏人，晚上吵得孩子睡不好，可我靠它过日子，请保留河堤路夜市。"
    noisy = "河堤路夜市油烟熏人，晚上吵得孩子睡不好。"
    index = index_of((7, closed, 1), (7, noisy, 2))
    found = matched(kept, index, sender=3, join_at=0.7)
    assert found.matter_id is None
    (other,) = found.suggestions
    assert (other.matter_id, other.probability) == (7, 0.5)
    assert other.because[-1] == "但诉求相反，请人工判断"
    assert matched(noisy, index, sender=3, join_at=0.7).matter_id == 7
