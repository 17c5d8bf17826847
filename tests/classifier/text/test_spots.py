"""Spots: patterns and pairs are found as a plain search would find them, compiled or not."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.personal import addresses as personal_addresses
from classifier.personal import bare_names
from classifier.personal import names as personal_names
from classifier.personal import numbers as personal_numbers
from classifier.reading import places
from classifier.text import names, spots
from classifier.text.spots import PairFinder, SpottedPattern

PATTERNS = {
    f"{module.__name__}.{name}": found
    for module in (bare_names, names, personal_addresses, personal_numbers, places)
    for name, found in vars(module).items()
    if isinstance(found, SpottedPattern)
}
# Of each pattern's own characters texts are made that it matches now and then.
_OFTEN = " \n,。:、是的我叫举报姓王李张建国强总工哥姐3栋2单元号楼院组房室—-@x1234567890一二三"
_OFTEN += "京A村小区路西地省"
texts = st.text(st.sampled_from(_OFTEN), max_size=40) | st.text(max_size=20)
LETTERS = "甲乙丙a🀄\ud800\0"


@pytest.fixture
def compiled() -> ModuleType:
    if spots.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    return spots.compiled


@pytest.fixture
def by_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spots, "compiled", None)


@pytest.mark.parametrize("name", PATTERNS)
@given(text=texts)
def test_a_pattern_finds_what_it_finds_by_itself(name: str, text: str) -> None:
    found = PATTERNS[name]
    spans = [match.span() for match in found.pattern.finditer(text)]
    assert [match.span() for match in found.finditer(text)] == spans
    first = found.search(text)
    assert (first.span() if first else None) == (spans[0] if spans else None)


@given(text=texts)
def test_every_household_holds_what_hints_at_one(text: str) -> None:
    if personal_addresses._HOUSEHOLD.pattern.search(text):
        assert personal_addresses._HINT.pattern.search(text)


def test_the_ends_of_a_text_stand_in_for_any_neighbour() -> None:
    pattern = SpottedPattern("b(?!x)", "b", before="a", behind="c")
    assert [match.span() for match in pattern.finditer("b")] == [(0, 1)]
    assert [match.span() for match in pattern.finditer("bc abc ab")] == [(0, 1), (4, 5), (8, 9)]


def test_matches_do_not_overlap() -> None:
    pattern = SpottedPattern("aa", "a")
    assert [match.span() for match in pattern.finditer("aaaaa")] == [(0, 2), (2, 4)]


@pytest.mark.usefixtures("by_python")
def test_a_pattern_works_without_the_compiled_part() -> None:
    pattern = SpottedPattern("ab", "a", behind="b")
    assert [match.span() for match in pattern.finditer("xabab")] == [(1, 3), (3, 5)]
    assert pattern.search("xx") is None


def plain_search(pairs: set[str], text: str) -> list[int]:
    return [place for place in range(len(text)) if text[place : place + 2] in pairs]


sets_of_pairs = st.sets(st.text(LETTERS, min_size=2, max_size=2), max_size=8)


@given(sets_of_pairs, st.text(LETTERS))
def test_pairs_are_found_as_by_a_plain_search(pairs: set[str], text: str) -> None:
    assert PairFinder(pairs).places(text) == plain_search(pairs, text)


@given(st.sets(st.text(min_size=2, max_size=2), max_size=40), st.text())
def test_any_pairs_are_found_in_any_text(pairs: set[str], text: str) -> None:
    text += "".join(sorted(pairs))
    assert PairFinder(pairs).places(text) == plain_search(pairs, text)


@pytest.mark.usefixtures("by_python")
@pytest.mark.parametrize("pairs", [set(), {"甲乙", "乙丙"}])
def test_pairs_are_found_without_the_compiled_part(pairs: set[str]) -> None:
    text = "甲乙丙甲丙"
    assert PairFinder(pairs).places(text) == plain_search(pairs, text)


def test_words_before_names_are_pairs() -> None:
    assert personal_names._WORDS.places("村民张三向王主任反映") == [0, 6]


@pytest.mark.parametrize("wrong", ["🀄", "\U0010ffff"])
def test_the_compiled_part_refuses_characters_it_has_no_room_for(
    compiled: ModuleType, wrong: str
) -> None:
    with pytest.raises(ValueError, match="no room"):
        compiled.Spots(None, wrong, None)
    with pytest.raises(ValueError, match="no room"):
        compiled.Pairs([f"a{wrong}"])


@pytest.mark.parametrize("wrong", ["", "a", "abc", "\0a"])
def test_the_compiled_part_refuses_what_is_no_pair(compiled: ModuleType, wrong: str) -> None:
    with pytest.raises(ValueError, match="no pair"):
        compiled.Pairs([wrong])


def test_what_matches_is_asked_for_no_more_than_once(compiled: ModuleType) -> None:
    asked: list[int] = []

    def match(text: str, place: int) -> re.Match[str] | None:
        asked.append(place)
        return None

    assert compiled.Spots(None, "a", None).all("aba", match) == []
    assert asked == [0, 2]
