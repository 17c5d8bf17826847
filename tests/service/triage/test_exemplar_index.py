"""Exemplars in memory: few a matter, found by the weight of shared keys."""

from __future__ import annotations

from array import array

from classifier.matching.lookup_keys import STANDING
from classifier.matching.profile import Records, make_profile
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from service.triage.exemplar_index import (
    CANDIDATES,
    EXEMPLARS,
    MOST_POSTINGS,
    ExemplarIndex,
    standing,
)
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
STATISTICS = tiny_pair_model().statistics


def profile(text: str) -> Records:
    return make_profile(READER.read("", text), STATISTICS, 0, 0)


def test_a_matter_has_room_for_few() -> None:
    stored = {7: EXEMPLARS - 1, 8: EXEMPLARS}
    asked: list[int] = []

    def count_stored(matter_id: int) -> int:
        asked.append(matter_id)
        return stored[matter_id]

    index = ExemplarIndex(count_stored)
    lamp = profile("路灯坏了")
    index.add([(1, 7, lamp.tobytes()), (2, 8, lamp.tobytes())])
    assert index.has_room(7)
    assert not index.has_room(8)
    index.remember(3, 7, lamp, [(3, 1.0)])
    assert not index.has_room(7)
    assert index.has_room(9)
    for number in range(EXEMPLARS):
        index.remember(10 + number, 9, lamp, [(3, 1.0)])
    assert not index.has_room(9)
    assert asked == [7, 8]


def test_what_is_remembered_is_found_and_comes_back_with_its_matter() -> None:
    index = ExemplarIndex()
    lamp, school = profile("路灯坏了"), profile("食堂的菜凉了")
    index.remember(1, 7, lamp, [(3, 1.0), (4, 1.0)])
    index.add_postings(4, 1, [array("q", [2])])
    index.add([(2, 9, school.tobytes())])
    assert index.candidates([(4, 2.0), (3, 1.0)]) == [1, 2]
    owners, profiles = index.profiles_of([2, 5, 1])
    assert owners == [9, 7]
    assert profiles.tobytes() == school.tobytes() + lamp.tobytes()
    assert index.profiles_of([])[1].shape == (0,)


def test_a_message_stands_under_its_weightiest_keys_and_is_asked_for_by_more() -> None:
    keys = [(key, 99.0 - key) for key in range(STANDING + 2)]
    assert standing(5, keys) == (5, list(range(STANDING)))
    index = ExemplarIndex()
    index.remember(5, 7, profile("路灯坏了"), keys)
    assert index.candidates(keys[STANDING - 1 :]) == [5]
    assert index.candidates(keys[STANDING:]) == []


def test_candidates_come_by_the_weight_of_shared_keys_then_by_age() -> None:
    index = ExemplarIndex()
    for key, message_ids in ((1, [5, 9]), (2, [5, 7]), (3, [8])):
        index.add_postings(key, len(message_ids), [array("q", message_ids)])
    assert index.candidates([(1, 2.0), (2, 2.0), (4, 9.0)]) == [5, 7, 9]
    assert index.candidates([(1, 2.0), (2, 2.0)], most=1) == [5]
    assert index.candidates([]) == []
    assert index.candidates([(4, 9.0)]) == []


def test_candidates_are_few_even_under_a_popular_key() -> None:
    index = ExemplarIndex()
    index.add_postings(1, 1000, [array("q", range(1, 1001))])
    assert index.candidates([(1, 1.0)]) == list(range(1, CANDIDATES + 1))


def test_what_too_many_say_is_not_counted() -> None:
    index = ExemplarIndex()
    index.add_postings(1, MOST_POSTINGS, [array("q", range(100, 100 + MOST_POSTINGS))])
    index.add_postings(2, 1, [array("q", [7])])
    assert index.rarest_stored([(1, 9.0), (2, 1.0)]) == [(2, 1.0)]
    assert index.candidates([(1, 9.0), (2, 1.0)]) == [7]
    assert index.candidates([(1, 9.0)])[0] == 100


def test_where_all_is_common_the_newest_are_looked_at() -> None:
    index = ExemplarIndex()
    index.add_postings(1, 10**6, [array("q", [10**6 - 1, 10**6])])
    index.add_postings(2, 10**6, [array("q", [10**6])])
    assert index.rarest_stored([(1, 1.0), (2, 1.0)]) == []
    assert index.candidates([(1, 1.0), (2, 1.0)]) == [10**6, 10**6 - 1]
