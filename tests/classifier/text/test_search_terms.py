"""By what texts are found: each known word of a text leads to it, whatever stands around it."""

from __future__ import annotations

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import search_terms
from classifier.text.clean import clean
from classifier.text.search_terms import (
    STOP_WORDS,
    Cut,
    fold,
    index_terms,
    joined_terms,
    joined_terms_by_python,
    query_terms,
    terms_of,
)
from classifier.text.segment import Segmenter

# Any characters, and many of those that matter: stop words, marks, rare characters, ASCII.
tokens = st.lists(
    (st.text(max_size=6) | st.text("路灯县的我们了。，a1İ㐀龥龦", max_size=6)).filter(bool),
    max_size=60,
)
cuts = st.lists(st.tuples(tokens, tokens), max_size=3)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(["福和里"])


def are_led_to(segmenter: Segmenter, words: str, text: str) -> bool:
    terms = query_terms(segmenter, fold(clean(words).plain))
    return bool(terms) and terms <= set(index_terms(segmenter, text).split(" "))


def test_long_tokens_are_found_by_their_parts() -> None:
    assert terms_of(["公交车", "路灯", "WiFi", "，", "的", "a-1"]) == {
        *("公交", "交车", "路灯", "wifi", "a", "1"),
    }


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("路灯", "第3排的路灯不亮，请修。"),  # cut as 路, 灯不亮
        ("东巷", "庄里镇三合村东巷的灯全黑了"),  # cut as 村东, 巷
        ("通行", "公交通行不便"),
        ("公交", "公交通行不便"),
        ("學校", "学校门口"),
        ("学校", "學校門口"),
        ("２０３路", "203路车"),
        ("LED", "led屏坏了"),
        ("福和里", "福和里的下水道堵了"),
        ("交通局", "市交通局"),
        ("水", "家里没有水。"),
    ],
)
def test_words_lead_to_texts_in_which_they_stand(
    segmenter: Segmenter, words: str, text: str
) -> None:
    assert are_led_to(segmenter, words, text)


def test_a_new_word_is_found_in_texts_that_were_indexed_before_it() -> None:
    indexed = set(index_terms(Segmenter(), "福和里的下水道堵了").split(" "))
    assert query_terms(Segmenter(["福和里"]), "福和里") <= indexed


def test_stop_words_lead_nowhere(segmenter: Segmenter) -> None:
    assert not STOP_WORDS & set(index_terms(segmenter, "我们的路灯因为停电不亮了").split(" "))


pieces = st.sampled_from([*"路灯坏了水电里村的", "公交车", "居民", "a1", "，"])


@given(words=st.lists(pieces, max_size=9))
def test_every_dictionary_word_in_a_text_leads_to_it(words: list[str]) -> None:
    jieba.initialize()
    text = "".join(words)
    segmenter = Segmenter()
    found = set(index_terms(segmenter, text).split(" "))
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + 4) + 1):
            word = text[start:end]
            if jieba.dt.FREQ.get(word) and word.isalpha() and not word.isascii():
                assert terms_of([word]) <= found


@given(text=st.text(max_size=300))
def test_terms_of_any_text_are_letters_and_digits(text: str) -> None:
    terms = index_terms(Segmenter(), text)
    assert all(term.isalnum() and term == fold(term) for term in terms.split(" ") if term)
    terms.encode()  # no half of a character


@given(text=st.text(max_size=50))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_a_text_of_all_characters_has_bounded_terms(segmenter: Segmenter) -> None:
    many = "".join(map(chr, range(0x4E00, 0x9FA5))) * 3
    assert len(index_terms(segmenter, many[:60_000], many[7:60_000:2]).encode()) < 1_000_000


@given(cuts)
def test_both_ways_make_the_same_terms_of_any_tokens(cut: list[Cut]) -> None:
    assert joined_terms(cut) == joined_terms_by_python(cut)


@given(st.lists(st.text() | st.text("路灯不亮，请修。203的电话Wi-Fi"), max_size=3))
def test_both_ways_make_the_same_terms_of_any_texts(texts: list[str]) -> None:
    segmenter = Segmenter()
    plains = [clean(text).plain for text in texts]
    cut = [(segmenter.cut(plain), segmenter.every_word(plain)) for plain in plains]
    assert joined_terms(cut) == joined_terms_by_python(cut)


def test_the_compiled_part_refuses_what_is_no_token() -> None:
    if search_terms.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    for wrong in ([("路灯", [])], [(["路灯"], None)], [([None], [])], [([b"a"], [])]):
        with pytest.raises(TypeError):
            search_terms.compiled.SearchTerms(STOP_WORDS, lambda token: (token,), 9).joined(wrong)


def test_the_compiled_part_never_writes_beyond_its_room() -> None:
    if search_terms.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    greedy = search_terms.compiled.SearchTerms(STOP_WORDS, lambda _: ["路灯"] * 999, 9)
    with pytest.raises(ValueError, match="more terms than characters"):
        greedy.joined([(["a"], [])])
    with pytest.raises(ValueError, match="stop word"):
        search_terms.compiled.SearchTerms(frozenset(("路灯县",)), tuple, 9)


def test_no_more_terms_are_written_than_asked_for() -> None:
    if search_terms.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    few = search_terms.compiled.SearchTerms(STOP_WORDS, lambda token: (token,), 2)
    assert few.joined([(["路灯", "b", "a"], [])]) == "a b"
