"""Terms: the compiled part and numpy make the same, to the last bit."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import hashing
from classifier.matching import sketch, terms
from classifier.matching.sketch import sketch_by_numpy
from classifier.matching.term_statistics import TermStatistics
from classifier.matching.terms import DAMPED, weighed_terms, weighed_terms_by_numpy
from classifier.personal.data import PersonalData, PersonalKind
from classifier.reading.reader import Reading
from classifier.reading.subject import ENDING_WORDS, ENDINGS, LONG_ENDINGS
from classifier.spans import Span
from classifier.text.clean import clean
from tests.classifier.pair_makers import LAMP, READER, SCHOOL, STATISTICS, texts

# Any characters, and many of those that matter: endings of names, digits, marks.
letters = st.text() | st.text("路灯县小区花园村A1 。", max_size=12)
tokens = st.lists(letters.filter(bool), max_size=300).map(tuple)
spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5)


@pytest.fixture
def compiled() -> ModuleType:
    if terms.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    return terms.compiled


def a_reading(
    title: tuple[str, ...], body: tuple[str, ...], found: list[tuple[int, int]]
) -> Reading:
    personal = tuple(PersonalData(Span(*each), PersonalKind.NAME) for each in found)
    return Reading(clean("".join(title)), clean("".join(body)), title, body, personal, ())


def assert_alike(reading: Reading, statistics: TermStatistics) -> None:
    both = weighed_terms(reading, statistics), weighed_terms_by_numpy(reading, statistics)
    for mine, theirs in zip(*both, strict=True):
        assert mine.dtype == theirs.dtype
        assert mine.tolist() == theirs.tolist()


@given(tokens, tokens, spans, st.integers(0, 2**32))
def test_both_ways_make_the_same_of_any_tokens(
    title: tuple[str, ...], body: tuple[str, ...], found: list[tuple[int, int]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    tables = [(random.integers(0, 256, size) / 16).astype(np.float32) for size in (512, 64)]
    assert_alike(a_reading(title, body, found), TermStatistics(*tables))


@given(texts, texts)
def test_both_ways_make_the_same_of_messages(title: str, body: str) -> None:
    assert_alike(READER.read(title, body), STATISTICS)


def test_a_word_said_very_often_is_counted_as_far_as_there_is_room() -> None:
    reading = a_reading(("路灯",) * 30, ("路灯", "学校") * 70, [])
    found, _ = weighed_terms(reading, STATISTICS)
    assert (found & 63).tolist() == [63, 63]
    assert_alike(reading, STATISTICS)


@given(st.text() | st.text("路灯", max_size=5))
def test_both_ways_make_the_same_sketch(text: str) -> None:
    assert sketch.sketch(text).tolist() == sketch_by_numpy(text).tolist()


@given(st.lists(st.text() | st.sampled_from(["", "\ud800", "😀路"])))
def test_both_ways_make_the_same_hashes(words: list[str]) -> None:
    assert hashing.word_hashes(words).tolist() == hashing.word_hashes_by_numpy(words).tolist()


@pytest.mark.parametrize("message", [LAMP, SCHOOL, ("", "")])
def test_without_the_compiled_part_numpy_makes_them(
    message: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = READER.read(*message)
    before = weighed_terms(reading, STATISTICS), sketch.sketch(message[1])
    for module in (hashing, sketch, terms):
        monkeypatch.setattr(module, "compiled", None)
    after = weighed_terms(reading, STATISTICS), sketch.sketch(message[1])
    assert [each.tolist() for each in before[0]] == [each.tolist() for each in after[0]]
    assert before[1].tolist() == after[1].tolist()


def test_tables_of_another_size_and_what_is_no_text_are_refused(compiled: ModuleType) -> None:
    words = ("路灯",), ("坏",), [Span(0, 1)], ENDINGS, LONG_ENDINGS, ENDING_WORDS
    assert len(compiled.weighed_terms(*words, STATISTICS.words, DAMPED)) == 2
    for tables in (
        (STATISTICS.words[1:], DAMPED),
        (STATISTICS.words[:0], DAMPED),
        (STATISTICS.words, DAMPED[:-1]),
    ):
        with pytest.raises(ValueError, match=r"power|number"):
            compiled.weighed_terms(*words, *tables)
    with pytest.raises(TypeError):
        compiled.weighed_terms((b"bytes",), *words[1:], STATISTICS.words, DAMPED)
    with pytest.raises(TypeError):
        compiled.weighed_terms((None,), *words[1:], STATISTICS.words, DAMPED)
    with pytest.raises(TypeError):
        compiled.word_hashes(["路灯", None])
