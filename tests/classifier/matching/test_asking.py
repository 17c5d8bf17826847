"""What to ask a person next: unsure and unlike."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from classifier.matching.asking import ask_order, directions
from classifier.matching.profile import PROFILE, make_profile
from classifier.matching.term_statistics import TermStatistics
from tests.training.small import a_reading

NOTHING = np.zeros((0, 2), np.float32)
STATISTICS = TermStatistics(np.full(1 << 12, 3, np.float32), np.full(1 << 12, 3, np.float32))


def rows(*vectors: tuple[float, float]) -> np.ndarray:
    return np.array(vectors, np.float32)


def test_of_equally_unlike_ones_the_least_sure_comes_first() -> None:
    candidates = rows((1, 0), (0, 1), (-1, 0))
    assert ask_order([0.9, 0.1, 0.5], candidates, NOTHING, 3)[0] == 1


def test_of_equally_unsure_ones_the_one_unlike_the_labelled_comes_first() -> None:
    assert ask_order([0.2, 0.2], rows((1, 0), (0, 1)), rows((1, 0)), 2) == [1, 0]


def test_a_copy_of_what_was_just_asked_comes_last() -> None:
    candidates = rows((1, 0), (1, 0), (0, 1))
    assert ask_order([0.0, 0.01, 0.6], candidates, NOTHING, 3) == [0, 2, 1]


def test_no_more_than_asked_for_and_no_more_than_there_are() -> None:
    candidates = rows((1, 0), (0, 1))
    assert len(ask_order([0, 0], candidates, NOTHING, 1)) == 1
    assert sorted(ask_order([1, 1], candidates, NOTHING, 9)) == [0, 1]
    assert ask_order([], NOTHING, NOTHING, 5) == []
    assert ask_order([], NOTHING, rows((1, 0)), 5) == []


@given(
    arrays(np.float32, (7, 3), elements=st.floats(-1, 1, width=32)),
    arrays(np.float32, (4, 3), elements=st.floats(-1, 1, width=32)),
    st.lists(st.floats(0, 1), min_size=7, max_size=7),
)
def test_every_candidate_is_chosen_once(
    candidates: np.ndarray, asked: np.ndarray, margins: list[float]
) -> None:
    assert sorted(ask_order(margins, candidates, asked, 7)) == list(range(7))


def test_directions_tell_likeness() -> None:
    texts = ("东巷的路灯不亮了。", "东巷路灯一直不亮。", "小学招生要什么证件？")
    profiles = np.array([make_profile(a_reading("", one), STATISTICS, 0, 0) for one in texts])
    found = directions(profiles, STATISTICS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    likeness = found @ found.T
    assert likeness[0, 1] > 0.3 > likeness[0, 2]


def test_a_profile_without_terms_points_nowhere() -> None:
    assert not directions(np.zeros(2, PROFILE), STATISTICS).any()
    assert directions(np.zeros(0, PROFILE), STATISTICS).shape == (0, 1024)
