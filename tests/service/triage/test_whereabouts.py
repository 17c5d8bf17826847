"""Whereabouts: what an automaton finds there is all that it finds in the whole text."""

from __future__ import annotations

import ahocorasick
from hypothesis import given
from hypothesis import strategies as st

from service.triage.whereabouts import NOWHERE, Whereabouts

letters = st.sampled_from("水电局公安😀\0 ")
words = st.sets(st.text(letters, min_size=1, max_size=5), min_size=1, max_size=12)
long_words = st.sets(st.text(letters, min_size=2, max_size=5), min_size=1, max_size=12)


@given(words | long_words, st.text(letters, max_size=60))
def test_nothing_is_found_elsewhere(of_words: set[str], text: str) -> None:
    automaton = ahocorasick.Automaton()
    for word in of_words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    start, end = Whereabouts(of_words).within(text)
    for search in (automaton.iter, automaton.iter_long):
        found = list(search(text, start, end)) if end else []
        assert found == list(search(text))


def test_where_no_word_may_begin_is_looked_at_least() -> None:
    where = Whereabouts(["公安局", "水务局"])
    assert where.within("请公安局和水务局都来看一看，路灯坏了") == (1, 8)
    assert where.within("路灯坏了") == where.within("") == NOWHERE
    assert where.within("来自公安") == (2, 4)
    assert Whereabouts([]).within("路灯坏了") == NOWHERE
