"""Look-up keys: texts of one matter meet."""

from __future__ import annotations

from hypothesis import given

from classifier.lookup_keys import lookup_keys
from tests.classifier.pair_makers import LAMP, LAMP_AGAIN, SCHOOL, STATISTICS, profile, texts


def keys(title: str, body: str) -> set[int]:
    return {key for key, _ in lookup_keys(profile(title, body), STATISTICS)}


def test_texts_of_one_matter_share_keys_and_others_few() -> None:
    assert len(keys(*LAMP) & keys(*LAMP_AGAIN)) > len(keys(*LAMP) & keys(*SCHOOL))
    assert keys(*LAMP) == keys(*LAMP)


@given(texts, texts)
def test_keys_are_few_positive_and_of_31_bits_the_weightiest_first(title: str, body: str) -> None:
    found = lookup_keys(profile(title, body), STATISTICS)
    assert len({key for key, _ in found}) == len(found) <= 32
    assert all(0 <= key < 2**31 and weight > 0 for key, weight in found)
    assert found == sorted(found, key=lambda item: -item[1])


def test_a_text_without_words_has_no_keys() -> None:
    assert lookup_keys(profile("", ""), STATISTICS) == []
