"""Exemplars in memory: few a matter, found by the weight of shared keys."""

from __future__ import annotations

import numpy as np

from classifier.places import Gazetteer
from classifier.profile import PROFILE, Records, make_profile
from classifier.reading import Reader
from classifier.segment import Segmenter
from service.triage.exemplar_index import CANDIDATES, EXEMPLARS, ExemplarIndex
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
STATISTICS = tiny_pair_model().statistics


def profile(text: str) -> Records:
    return make_profile(READER.read("", text), STATISTICS, 0, 0)


def test_a_matter_has_room_for_few() -> None:
    index = ExemplarIndex()
    index.note_counts({7: EXEMPLARS - 1, 8: EXEMPLARS})
    assert index.has_room(7)
    assert not index.has_room(8)
    index.remember(1, 7, profile("路灯坏了"), [(3, 1.0)])
    assert not index.has_room(7)
    assert index.has_room(9)


def test_what_is_remembered_is_found_and_comes_back_with_its_matter() -> None:
    index = ExemplarIndex()
    lamp, school = profile("路灯坏了"), profile("食堂的菜凉了")
    index.remember(1, 7, lamp, [(3, 1.0), (4, 1.0)])
    index.add_posting(4, 2)
    index.add(2, 9, np.frombuffer(school.tobytes(), PROFILE)[0])
    assert index.candidates([(4, 2.0), (3, 1.0)]) == [1, 2]
    owners, profiles = index.profiles_of([2, 5, 1])
    assert owners == [9, 7]
    assert profiles.tobytes() == school.tobytes() + lamp.tobytes()
    assert index.profiles_of([])[1].shape == (0,)


def test_candidates_come_by_the_weight_of_shared_keys_then_by_age() -> None:
    index = ExemplarIndex()
    for key, message_id in ((1, 9), (1, 5), (2, 5), (2, 7), (3, 8)):
        index.add_posting(key, message_id)
    assert index.candidates([(1, 2.0), (2, 2.0), (4, 9.0)]) == [5, 7, 9]
    assert index.candidates([]) == []


def test_candidates_are_few_even_under_a_popular_key() -> None:
    index = ExemplarIndex()
    for message_id in range(1000, 0, -1):
        index.add_posting(1, message_id)
    assert index.candidates([(1, 1.0)]) == list(range(1, CANDIDATES + 1))
