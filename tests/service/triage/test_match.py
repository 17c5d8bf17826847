"""Matching against an index of matters, with a pair model set by hand."""

from __future__ import annotations

import pytest

from classifier.lookup_keys import lookup_keys
from classifier.places import Gazetteer
from classifier.profile import make_profile
from classifier.reading import Reader
from classifier.segment import Segmenter
from service.domain.relation import Relation
from service.triage.exemplar_index import ExemplarIndex
from service.triage.match import OWN_MATTER, match
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
MODEL = tiny_pair_model()
LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"


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
