"""N-grams: which there are, where they stand, and where they are hashed to."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import FeatureScheme, Text, slots, spans
from classifier.segment import Segmenter

SCHEME = FeatureScheme(bits=20)
SHORT = FeatureScheme(bits=20, head_length=12, tail_length=6)
letters = st.text(alphabet="水电路灯坏了 \nA市3区。😀", max_size=40)


@cache
def segmenter() -> Segmenter:
    return Segmenter()


def make(title: str, body: str) -> Text:
    cut = segmenter().cut
    return Text(title, body, cut(title), cut(body))


@given(letters, letters)
def test_each_slot_has_a_span_in_the_text(title: str, body: str) -> None:
    text = make(title, body)
    found = spans(text, SCHEME)
    assert len(slots(text, SCHEME)) == len(found)
    assert all(0 <= span.start < span.end <= len(title) + 1 + len(body) for span in found)


@given(letters, letters)
def test_the_same_ngram_falls_into_the_same_slot_wherever_it_stands(before: str, body: str) -> None:
    short = {int(slot) for slot in slots(Text("", body, (), [body] if body else []), SCHEME)}
    whole = before + body
    long = {int(slot) for slot in slots(Text("", whole, (), [before, body]), SCHEME)}
    broken = {int(slot) for slot in slots(Text("", "", (), ()), SCHEME)}
    first = {int(slot) for slot in slots(Text("", body[:1], (), [body[:1]]), SCHEME)}
    # Only the pair of the line break with the first character is not in the longer text.
    assert len((short - broken) - long - first) <= 1


def test_a_title_says_more_than_a_body() -> None:
    in_title, in_body = (set(slots(text, SCHEME).tolist()) for text in (
        make("路灯", ""), make("", "路灯")
    ))  # fmt: skip
    assert in_title - in_body


@given(letters, letters)
def test_of_a_long_text_only_both_ends_are_read(title: str, body: str) -> None:
    text = make(title, body)
    assert len(slots(text, SHORT)) <= 2 * 3 * (SHORT.head_length + SHORT.tail_length)
    found = spans(text, SHORT)
    assert len(found) == len(slots(text, SHORT))
    assert all(0 <= span.start < span.end <= len(title) + 1 + len(body) for span in found)


def test_the_end_of_a_long_text_is_read() -> None:
    text = make("", "水" * 100 + "灯")
    whole = "\n" + text.body
    assert "灯" in {whole[span.start : span.end] for span in spans(text, SHORT)}


def test_a_hundred_thousand_characters_cost_no_more_than_the_window() -> None:
    assert len(slots(make("", "路灯坏了" * 25_000), SCHEME)) < 20_000


def test_slots_stay_the_same_for_model_files_already_written() -> None:
    # Another value means: no model file written so far can be used any more.
    assert slots(make("水", "灯"), SCHEME).tolist()[:3] == [711292, 353667, 561011]


def test_a_scheme_survives_json() -> None:
    assert FeatureScheme.from_json(SHORT.as_json()) == SHORT


@pytest.mark.parametrize(
    "change",
    [
        {"bits": 0},
        {"bits": 33},
        {"bits": "20"},
        {"character_orders": [0]},
        {"word_orders": [9]},
        {"head_length": -1},
        {"tail_length": 10**9},
        {"another": 1},
    ],
)
def test_a_strange_scheme_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        FeatureScheme.from_json({**SCHEME.as_json(), **change})
