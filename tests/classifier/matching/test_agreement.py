"""Agreement: the compiled part and numpy count the same, to the last bit."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.matching import agreement as module
from classifier.matching.agreement import (
    Agreement,
    agreement,
    agreement_by_numpy,
    shortlist,
    shortlist_by_numpy,
)
from classifier.matching.profile import EMPTY_SHORT, LABELS, PROFILE, WORDS, Records
from classifier.matching.term_statistics import TermStatistics
from classifier.matching.terms import DAMPED, EMPTY
from tests.classifier.pair_makers import (
    LAMP,
    LAMP_AGAIN,
    SCHOOL,
    STATISTICS,
    many,
    profile,
    texts,
)


@pytest.fixture
def compiled() -> ModuleType:
    if module.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    return module.compiled


def drawn(random: np.random.Generator, count: int) -> Records:
    """Profiles of which no part is like a message's, but each field is as profiles have it."""
    made = np.zeros(count, PROFILE)
    for row in made:
        filled = random.integers(0, WORDS + 1)
        terms = np.sort(random.choice(2 * WORDS, filled, replace=False)).astype(np.uint32)
        row["words"] = EMPTY
        row["words"][:filled] = terms << 8 | random.integers(0, 256, filled).astype(np.uint32)
        for field in ("names", "places", "title_places", "districts", "labels"):
            filled = random.integers(0, len(row[field]) + 1)
            row[field] = EMPTY_SHORT
            row[field][:filled] = np.sort(random.integers(0, 20, filled))
        row["bins"] = random.integers(0, 3, len(row["bins"]))
        row["label_shares"] = random.integers(0, 256, LABELS)
    return made


@given(st.integers(0, 2**32), st.integers(0, 30))
def test_both_ways_count_the_same_whatever_profiles_hold(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    tables = [(random.integers(0, 256, size) / 16).astype(np.float32) for size in (512, 64)]
    statistics = TermStatistics(*tables)
    one, others = drawn(random, 1)[0], drawn(random, count)
    assert_alike(agreement(one, others, statistics), agreement_by_numpy(one, others, statistics))


@given(texts, texts, texts)
def test_both_ways_count_the_same_of_messages(title: str, body: str, other: str) -> None:
    one, others = profile(title, body), many(profile(title, other), profile(body, title))
    assert_alike(agreement(one, others, STATISTICS), agreement_by_numpy(one, others, STATISTICS))


def assert_alike(one: Agreement, other: Agreement) -> None:
    for name, mine, theirs in zip(Agreement._fields, one, other, strict=True):
        assert mine.shape == theirs.shape, name
        assert mine.dtype == theirs.dtype == np.float64, name
        assert mine.tobytes() == theirs.tobytes(), name


def test_without_the_compiled_part_numpy_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    one, others = profile(*LAMP), many(profile(*LAMP_AGAIN), profile(*SCHOOL))
    before = agreement(one, others, STATISTICS)
    monkeypatch.setattr(module, "compiled", None)
    assert_alike(before, agreement(one, others, STATISTICS))


@given(st.integers(0, 2**32), st.integers(0, 30), st.integers(1, 9))
def test_both_ways_shortlist_the_same(seed: int, count: int, most: int) -> None:
    random = np.random.default_rng(seed)
    tables = [(random.integers(0, 256, size) / 16).astype(np.float32) for size in (512, 64)]
    statistics = TermStatistics(*tables)
    drawn_ones = drawn(random, count + 1)
    drawn_ones["word_norm"] = random.integers(1, 2_000, count + 1) / 8
    drawn_ones["digest"] = random.integers(0, 9, count + 1)
    one, others = drawn_ones[0], drawn_ones[1:]
    for fewest in (0.0, 0.5, 1.5, 3.0):
        found = shortlist(one, others, statistics, most, fewest)
        assert found == shortlist_by_numpy(one, others, statistics, most, fewest)


def test_the_very_text_comes_first_then_the_likest(monkeypatch: pytest.MonkeyPatch) -> None:
    others = many(profile(*SCHOOL), profile(*LAMP_AGAIN), profile(*LAMP), profile(*LAMP_AGAIN))
    for compiled_or_not in (module.compiled, None):
        monkeypatch.setattr(module, "compiled", compiled_or_not)
        assert shortlist(profile(*LAMP), others, STATISTICS, 3, 0.1) == [2, 1, 3]
        assert shortlist(profile(*LAMP), others, STATISTICS, 1, 0.1) == [2]
        assert shortlist(profile(*LAMP), others[:1], STATISTICS, 3, 0.9) == []
        assert shortlist(profile(*LAMP), others[:0], STATISTICS, 3, 0.1) == []


def test_profiles_and_tables_of_another_size_are_refused(compiled: ModuleType) -> None:
    stored, tables = bytes(PROFILE.itemsize), (STATISTICS.words, STATISTICS.names, DAMPED)
    others = np.zeros((2, PROFILE.itemsize), np.uint8)
    assert PROFILE.itemsize == compiled.PROFILE_BYTES
    assert compiled.compare(stored, others, *tables).shape == (len(Agreement._fields), 2)
    refused = [
        (stored[1:], others, *tables),
        (b"", others, *tables),
        (stored, others[:, 1:].copy(), *tables),
        (stored, others, STATISTICS.words[1:], STATISTICS.names, DAMPED),
        (stored, others, STATISTICS.words, STATISTICS.names[:0], DAMPED),
        (stored, others, STATISTICS.words, STATISTICS.names, DAMPED[:-1]),
    ]
    for given_them in refused:
        with pytest.raises(ValueError, match=r"size|power|number"):
            compiled.compare(*given_them)
        one, theirs, words, names, damped = given_them
        if len(names):
            with pytest.raises(ValueError, match=r"size|power|number"):
                compiled.shortlist(one, theirs, words, damped, 8, 0.1)
