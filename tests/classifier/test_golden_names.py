"""Names of others in sentences of our own: planted in ``names`` (between |), or none at all.

The sentences are invented, and so are the names. Counted is a name whose every character is masked.
"""

from __future__ import annotations

import csv
from pathlib import Path

from classifier.personal.find import find_personal_data
from classifier.text.clean import clean
from service.triage.pipeline import Triage
from service.triage.public_title import names_nobody

SENTENCES = Path(__file__).parents[1] / "golden" / "names" / "sentences.csv"
LEAST_MASKED = 0.95


def rows() -> list[tuple[str, list[str]]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        found = [(row["text"], row["names"]) for row in csv.DictReader(file)]
    return [(text, [name for name in names.split("|") if name]) for text, names in found]


def covered(text: str) -> set[int]:
    return {at for found in find_personal_data(text) for at in range(*found.span)}


def unmasked(text: str, names: list[str]) -> list[str]:
    """The names of a sentence of which a character stays."""
    plain = clean(text).plain
    masked = covered(plain)
    starts = {name: plain.index(clean(name).plain) for name in names}
    return [name for name, at in starts.items() if not set(range(at, at + len(name))) <= masked]


def test_there_are_enough_sentences_of_either_kind() -> None:
    assert sum(bool(names) for _, names in rows()) >= 300
    assert sum(not names for _, names in rows()) >= 100


def test_at_least_95_of_100_names_are_masked() -> None:
    planted = sum(len(names) for _, names in rows())
    left = [name for text, names in rows() for name in unmasked(text, names)]
    assert 1 - len(left) / planted >= LEAST_MASKED, left


def test_places_firms_and_words_that_look_like_names_stay() -> None:
    masked = [text for text, names in rows() if not names and covered(clean(text).plain)]
    assert masked == []


def test_nothing_else_is_masked_but_a_character_beside_a_name() -> None:
    for text, names in rows():
        plain = clean(text).plain
        places = [(plain.index(clean(name).plain), len(clean(name).plain)) for name in names]
        held = {at for start, length in places for at in range(start, start + length)}
        assert len(covered(plain) - held) <= 1, text


def test_hardly_a_sentence_with_a_name_left_in_it_could_be_quoted(triage: Triage) -> None:
    """What masking misses is in doubt, so that the sentence is not quoted."""
    left = [text for text, names in rows() if unmasked(text, names)]
    quoted = [text for text in left if names_nobody(text, triage.reader)]
    planted = sum(bool(names) for _, names in rows())
    assert len(quoted) <= planted * (1 - LEAST_MASKED) / 2
