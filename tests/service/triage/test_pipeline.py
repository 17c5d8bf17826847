"""The steps joined: what is understood of one message, and why a person should look."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.judging.judgement import Judgement, Verdict
from classifier.reading.places import NOWHERE
from classifier.text.search_terms import index_terms
from service.domain.assignment import Assignment
from service.domain.classification import MODEL
from service.domain.kind import Kind
from service.domain.message import SenderDetails
from service.triage.classify import as_classification
from service.triage.pipeline import NO_MODEL, Triage, review_reasons
from tests.makers import a_message
from tests.tiny_model import VERSION, TinyModel, tiny_pair_model

TEXT = "我是陈某，电话19900001111，庄里镇三合村的路灯坏了。"
NOBODY = Assignment("", (), "", ())
STUDIO = Assignment("T1", (), "", ())


@pytest.fixture(scope="module")
def tiny(triage: Triage) -> Triage:
    return replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())


@pytest.fixture(scope="module")
def by_hand(triage: Triage) -> Triage:
    return replace(triage, model=None, pair_model=None)


def test_a_message_is_read_placed_masked_and_classified(tiny: Triage) -> None:
    found = tiny.understand(a_message(TEXT), 5)
    assert found.incoming.text == TEXT
    assert found.place.name == "富平县庄里镇"
    assert "19900001111" not in found.masked_text
    assert "陈某" not in found.masked_text
    assert found.classification is not None
    assert found.classification.department.label == "住建局"
    assert found.profile is not None
    assert int(found.profile["sender"]) == 5
    assert found.keys


def test_without_a_model_the_rest_is_understood(by_hand: Triage) -> None:
    found = by_hand.understand(a_message(TEXT), 5)
    assert found.classification is None
    assert found.profile is None
    assert list(found.keys) == []
    assert found.place.name == "富平县庄里镇"
    assert "19900001111" not in found.masked_text


def test_many_messages_are_understood_as_each_by_itself(triage: Triage) -> None:
    texts = (TEXT, "", "学校要收钱。", "路灯坏了。" * 2_000, TEXT, "\ud800\x00", "1")
    messages = [(a_message(text), place) for place, text in enumerate(texts)]
    many = triage.understand_many(messages)
    for found, (message, sender) in zip(many, messages, strict=True):
        alone = triage.understand(message, sender)
        assert found.profile is not None
        assert alone.profile is not None
        assert found.profile.tobytes() == alone.profile.tobytes()
        assert replace(found, profile=None) == replace(alone, profile=None)
    assert triage.understand_many([]) == []


def test_the_terms_to_be_found_by_are_those_of_the_masked_text(tiny: Triage) -> None:
    texts = (TEXT, "", "路灯坏了，ＬＥＤ灯也不亮。", "電話 19900001111 没人接", "\x00①２楼漏水")
    messages = [(a_message(text), 0) for text in texts]
    for found in tiny.understand_many(messages, is_to_be_found=True):
        segmenter = tiny.reader.segmenter
        assert found.index_terms == index_terms(segmenter, found.masked_title, found.masked_text)


def test_a_message_without_a_place_is_nowhere(tiny: Triage) -> None:
    assert tiny.understand(a_message("学校要收钱。", title=""), 0).place == NOWHERE


@pytest.mark.parametrize("sender", [0, 1, 2**63, 2**64 - 1])
def test_a_sender_of_eight_bytes_fits_the_profile(tiny: Triage, sender: int) -> None:
    found = tiny.understand(a_message(TEXT), sender)
    assert found.profile is not None
    assert int(found.profile["sender"]) == sender


def test_the_same_message_is_always_understood_alike(tiny: Triage) -> None:
    one, again = (tiny.understand(a_message(TEXT), 5) for _ in range(2))
    assert one == replace(again, profile=one.profile)
    assert one.profile is not None
    assert again.profile is not None
    assert one.profile.tobytes() == again.profile.tobytes()


def test_a_route_has_reasons(tiny: Triage, by_hand: Triage) -> None:
    for triage in (tiny, by_hand):
        found = triage.understand(a_message(TEXT), 0)
        assignment = triage.route(found, {})
        assert assignment.studio == "T1"
        assert assignment.because
        assert assignment == triage.route(found, {})


def test_what_speaks_for_a_look(tiny: Triage, by_hand: Triage) -> None:
    sure = tiny.understand(a_message(TEXT), 0)
    doubtful = tiny.understand(a_message("……", title=""), 0)
    unread = by_hand.understand(a_message(TEXT), 0)
    assert review_reasons(sure, STUDIO) == ()
    assert review_reasons(sure, NOBODY) == ("没有找到合适的委员工作室",)
    assert review_reasons(doubtful, STUDIO) == ("没有可判断的文字",)
    assert len(review_reasons(doubtful, NOBODY)) == 2
    assert review_reasons(unread, STUDIO) == review_reasons(unread, NOBODY) == (NO_MODEL,)


def test_a_nameless_message_is_understood(tiny: Triage) -> None:
    assert tiny.understand(a_message(TEXT, sender=SenderDetails()), 0).classification is not None


@pytest.mark.parametrize("kind", list(Kind))
def test_a_judgement_becomes_a_classification_by_the_model(kind: Kind) -> None:
    judgement = Judgement(
        topic_l1=Verdict("01", 0.9, (("14", 0.1),)),
        topic=Verdict("0102", 0.8, ()),
        department=Verdict("住建局", 0.7, (("公安局", 0.2),)),
        kind=Verdict(kind.label_zh, 0.6, tuple((other.label_zh, 0.1) for other in Kind)),
        urgent_probability=0.3,
        is_urgent=False,
        doubts=("文字太少",),
    )
    found = as_classification(judgement, VERSION)
    assert found.kind.label == kind.value
    assert found.kind_zh == kind.label_zh
    assert [label for label, _ in found.kind.alternatives] == [other.value for other in Kind]
    assert (found.topic_l1.label, found.topic.label) == ("01", "0102")
    assert found.department.alternatives == (("公安局", 0.2),)
    assert (found.review, found.model_version, found.decided_by) == (("文字太少",), VERSION, MODEL)
