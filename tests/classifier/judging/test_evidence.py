"""Evidence: weights are shared out and joined, never lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judging.evidence import character_weights, evidence_spans
from classifier.spans import Span

LENGTH = 30
spans = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 8)).map(
    lambda pair: Span(pair[0], min(LENGTH, pair[0] + pair[1]))
)
parts = st.lists(st.tuples(spans, st.floats(-5, 5)), max_size=40)


@given(parts)
def test_characters_share_all_of_each_weight(found: list[tuple[Span, float]]) -> None:
    places, weights = [span for span, _ in found], np.array([weight for _, weight in found])
    shared = character_weights(LENGTH, places, weights)
    assert shared.shape == (LENGTH,)
    assert shared.sum() == pytest.approx(weights.sum(), abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=12, max_size=12))
def test_spans_hold_all_weight_and_all_text(weights: list[float]) -> None:
    text = "路灯坏了 没人来修\n真急"
    found = evidence_spans(text, ["路灯", "坏", "了", " ", "没人", "来", "修", "\n", "真", "急"],
                           np.array(weights[: len(text)]))  # fmt: skip
    assert sum(e.weight for e in found) == pytest.approx(sum(weights[: len(text)]), abs=1e-6)
    assert "".join(e.text for e in sorted(found, key=lambda e: e.span)) == text
    assert all(text[e.span.start : e.span.end] == e.text for e in found)
    strengths = [abs(e.weight) for e in found]
    assert strengths == sorted(strengths, reverse=True)


def test_words_that_say_the_same_are_one_span() -> None:
    found = evidence_spans("路灯坏了吗", ["路灯", "坏了", "吗"], np.array([1, 1, 1, 1, -3.0]))
    assert [(e.text, e.weight) for e in found] == [("路灯坏了", 4.0), ("吗", -3.0)]


def test_a_span_does_not_grow_without_end() -> None:
    found = evidence_spans("路灯" * 20, ["路灯"] * 20, np.ones(40))
    assert max(len(e.text) for e in found) <= 14
