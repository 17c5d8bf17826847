"""Heaviest: the most weight first, then the oldest; compiled and by numpy alike."""

from __future__ import annotations

from array import array
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.matching import heaviest as module
from classifier.matching.heaviest import (
    Parts,
    heaviest,
    heaviest_by_numpy,
    rarest,
    rarest_by_sorting,
)

# Weights as those of words are: with few binary digits.
weights = st.integers(1, 2**19).map(lambda number: number / 4096)
ids = st.lists(st.integers(0, 40) | st.integers(0, 2**62), unique=True, max_size=30)
keys = st.lists(st.tuples(ids, weights), max_size=20)


def as_arrays(found: list[tuple[list[int], float]]) -> tuple[list[Parts], list[float]]:
    return [[array("q", under)] for under, _ in found], [weight for _, weight in found]


def in_parts(found: list[tuple[list[int], float]]) -> tuple[list[Parts], list[float]]:
    """The same with the ids that lie near the first one as a run, and the rest behind it."""
    parts: list[Parts] = []
    for under, _ in found:
        first = min(under, default=0)
        near = [each - first for each in under if each - first < 2**32]
        far = [each for each in under if each - first >= 2**32]
        parts.append([(first, pack(f"<{len(near)}I", *near)), array("q", far)])
    return parts, [weight for _, weight in found]


@given(keys, st.integers(1, 50))
def test_both_ways_find_what_adding_up_finds(
    found: list[tuple[list[int], float]], most: int
) -> None:
    shares: dict[int, float] = {}
    for under, weight in found:
        for each in under:
            shares[each] = shares.get(each, 0.0) + weight
    expected = sorted((-share, each) for each, share in shares.items())[:most]
    assert heaviest(*as_arrays(found), most) == expected
    assert heaviest_by_numpy(*as_arrays(found), most) == expected
    parts, weights = in_parts(found)
    assert heaviest(parts, weights, most) == expected
    assert heaviest_by_numpy(parts, weights, most) == expected


def test_without_the_compiled_part_numpy_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "compiled", None)
    assert heaviest(*as_arrays([([5, 3], 1.0), ([3], 2.0)]), 9) == [(-3.0, 3), (-1.0, 5)]


@given(
    st.lists(st.tuples(st.integers(0, 2**31), weights), max_size=60),
    st.dictionaries(st.integers(0, 2**31), st.integers(1, 50), max_size=60),
    st.integers(0, 500),
)
def test_both_ways_choose_the_rarest(
    asked: list[tuple[int, float]], counts: dict[int, int], room: int
) -> None:
    counts |= {key: place % 7 + 1 for place, (key, _) in enumerate(asked[::2])}
    chosen = rarest(asked, counts, room)
    assert chosen == rarest_by_sorting(asked, counts, room)
    assert sum(counts[key] for key, _ in chosen) <= room


def test_the_rarest_are_chosen_until_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(1, 9.0), (2, 1.0), (3, 5.0), (4, 5.0)]
    for compiled in (module.compiled, None):
        monkeypatch.setattr(module, "compiled", compiled)
        assert rarest(asked, {1: 10, 2: 3, 3: 2}, 5) == [(3, 5.0), (2, 1.0)]
        assert rarest(asked, {1: 10, 2: 3, 3: 2}, 1) == []
        assert rarest([], {1: 10}, 5) == []


@pytest.mark.skipif(module.compiled is None, reason="Minqing was built without a C compiler")
def test_what_does_not_fit_together_is_refused() -> None:
    two = array("q", [1, 2])
    refused: list[tuple[list[object], list[float], int]] = [
        ([[two]], [1.0, 2.0], 5),
        ([[two]], [], 5),
        ([[two]], [1.0], 0),
        ([[array("i", [1, 2])]], [1.0], 5),
        ([[array("d", [1.0, 2.0])]], [1.0], 5),
        ([[two], [b"12345678"]], [1.0, 1.0], 5),
        ([[two], [(1, b"123")]], [1.0, 1.0], 5),
        ([[(1, two)]], [1.0], 5),
        ([[(1,)]], [1.0], 5),
        ([[two, (1, b"1234", 2)]], [1.0], 5),
    ]
    for given_them in refused:
        with pytest.raises(ValueError, match=r"weight|64 bits|unpack"):
            module.compiled.heaviest(*given_them)
    for none in ([1, 2], None, "texts", (1, "texts"), ("one", b"1234")):
        with pytest.raises(TypeError):
            module.compiled.heaviest([[two], [none]], [1.0, 1.0], 5)
    two.append(3)  # nobody holds it any more
