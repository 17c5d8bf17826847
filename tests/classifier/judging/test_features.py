"""N-grams: which there are, where they stand, and where they are hashed to."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judging import features
from classifier.judging.features import (
    FeatureScheme,
    Text,
    joined_slots,
    slots,
    spans,
    word_ends,
    word_ends_by_numpy,
)
from classifier.text.segment import Segmenter

SCHEME = FeatureScheme(bits=20)
SHORT = FeatureScheme(bits=20, head_length=12, tail_length=6)
OTHER = FeatureScheme(character_orders=(3,), word_orders=(1, 2))
letters = st.text(alphabet="水电路灯坏了 \nA市3区。😀", max_size=40)


@cache
def segmenter() -> Segmenter:
    return Segmenter()


def make(title: str, body: str) -> Text:
    cut = segmenter().cut
    return Text(title, body, cut(title), cut(body))


def all_slots(text: Text, scheme: FeatureScheme) -> list[int]:
    found = slots(text, scheme)
    return [*found.whole.tolist(), *found.opening.tolist()]


@given(letters, letters)
def test_each_slot_has_a_span_in_the_text(title: str, body: str) -> None:
    text = make(title, body)
    for found, places in zip(slots(text, SCHEME), spans(text, SCHEME), strict=True):
        assert len(found) == len(places)
        assert all(0 <= span.start < span.end <= len(title) + 1 + len(body) for span in places)


@given(letters, letters)
def test_the_same_ngram_falls_into_the_same_slot_wherever_it_stands(before: str, body: str) -> None:
    short = set(slots(Text("", body, (), [body] if body else []), SCHEME).whole.tolist())
    whole = before + body
    long = set(slots(Text("", whole, (), [before, body]), SCHEME).whole.tolist())
    broken = set(slots(Text("", "", (), ()), SCHEME).whole.tolist())
    first = set(slots(Text("", body[:1], (), [body[:1]]), SCHEME).whole.tolist())
    # Only the pair of the line break with the first character is not in the longer text.
    assert len((short - broken) - long - first) <= 1


def test_a_title_is_the_opening() -> None:
    text = make("路灯坏了", "巷子里看不见路")
    assert set(spans(text, SCHEME)[1]) == {s for s in spans(text, SCHEME)[0] if s.end <= 4}
    assert not set(slots(text, SCHEME).opening) & set(slots(text, SCHEME).whole)


def test_a_text_without_title_opens_with_its_first_characters() -> None:
    text = make("", "路灯坏了" * 20)
    length = 1 + SCHEME.opening_length
    assert max(span.end for span in spans(text, SCHEME)[1]) == length
    titled = make("路灯坏了", "")
    assert set(slots(titled, SCHEME).opening) <= set(slots(text, SCHEME).opening)


def test_of_an_endless_title_only_the_beginning_is_the_opening() -> None:
    found = spans(make("路灯坏了" * 40, "水"), SCHEME)[1]
    assert max(span.end for span in found) == SCHEME.title_length


@given(letters, letters)
def test_of_a_long_text_only_both_ends_are_read(title: str, body: str) -> None:
    text = make(title, body)
    assert len(all_slots(text, SHORT)) <= 2 * 3 * (SHORT.head_length + SHORT.tail_length)
    for found, places in zip(slots(text, SHORT), spans(text, SHORT), strict=True):
        assert len(found) == len(places)
        assert all(0 <= span.start < span.end <= len(title) + 1 + len(body) for span in places)


def test_the_end_of_a_long_text_is_read() -> None:
    text = make("", "水" * 100 + "灯")
    whole = "\n" + text.body
    assert "灯" in {whole[span.start : span.end] for span in spans(text, SHORT)[0]}


def test_a_hundred_thousand_characters_cost_no_more_than_the_window() -> None:
    assert len(all_slots(make("", "路灯坏了" * 25_000), SCHEME)) < 20_000


def test_slots_stay_the_same_for_model_files_already_written() -> None:
    # Another value means: no model file written so far can be used any more.
    assert slots(make("水", "灯"), SCHEME).whole.tolist()[:3] == [711292, 353667, 561011]


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
        {"opening_length": 0},
        {"title_length": "60"},
        {"opening_share": 1.5},
        {"opening_share": "much"},
        {"opening_share": "0.4"},
        {"opening_share": float("nan")},
        {"character_orders": [], "word_orders": []},
        {"character_orders": [1] * 100},
        {"another": 1},
    ],
)
def test_a_strange_scheme_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        FeatureScheme.from_json({**SCHEME.as_json(), **change})


@given(letters, letters)
def test_both_parts_lie_one_behind_the_other(title: str, body: str) -> None:
    text = make(title, body)
    for scheme in (SCHEME, SHORT, OTHER):
        found, border = joined_slots(text, scheme)
        whole, opening = slots(text, scheme)
        assert found[:border].tolist() == whole.tolist()
        assert found[border:].tolist() == opening.tolist()


@given(letters, letters)
def test_equal_strings_of_a_part_share_their_slots(title: str, body: str) -> None:
    text = make(title, body)
    whole = f"{title}\n{body}"
    for scheme in (SCHEME, OTHER):
        for found, places in zip(slots(text, scheme), spans(text, scheme), strict=True):
            strings = [whole[span.start : span.end] for span in places]
            pairs = set(zip(strings, found.tolist(), strict=True))
            # As characters and as words.
            assert max(Counter(string for string, _ in pairs).values(), default=0) <= 2


@given(st.lists(letters), st.lists(letters))
def test_both_ways_find_the_same_ends_of_words(title: list[str], body: list[str]) -> None:
    for kind in (list, tuple):
        tokens = kind(title), kind(body)
        ends, expected = word_ends(*tokens), word_ends_by_numpy(*tokens)
        assert ends.dtype == expected.dtype
        assert ends.tolist() == expected.tolist()


class Boasting(list[str]):
    """Says that it is of another length."""

    def __init__(self, length: int, tokens: list[str]) -> None:
        super().__init__(tokens)
        self.length = length

    def __len__(self) -> int:
        return self.length


@pytest.mark.hostile
def test_the_compiled_part_counts_tokens_itself() -> None:
    if features.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    for wrong in (Boasting(0, ["路灯"]), Boasting(5, ["路灯"])):
        for tokens in ((wrong, ()), ((), wrong)):
            with pytest.raises(ValueError, match="tokens than it says"):
                features.compiled.word_ends(*tokens)
    for strange in ([b"bytes"], [None], [1]):
        with pytest.raises(TypeError):
            features.compiled.word_ends(strange, ())
