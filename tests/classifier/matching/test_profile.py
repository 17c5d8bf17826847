"""Profiles: small, the same each time, and of a format that is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.hashing import word_hashes
from classifier.matching.pair_evidence import EVIDENCE, pair_evidence
from classifier.matching.profile import (
    EMPTY_SHORT,
    FORMAT,
    NAMES,
    PROFILE,
    WORDS,
    Records,
    is_current,
    make_profile,
)
from classifier.matching.sketch import BINS
from classifier.matching.term_statistics import TermStatistics, compress, expand, weigh
from classifier.matching.terms import EMPTY, hashes_of, is_in_subject, is_in_title, strengths
from classifier.reading.divisions import Division
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.names import concrete_names
from classifier.text.segment import Segmenter
from tests.classifier.pair_makers import LAMP, READER, SCHOOL, STATISTICS, many, profile, texts

LARGEST = 560


def words_where(made: Records, is_kept: np.ndarray) -> set[int]:
    return set(hashes_of(made["words"])[is_kept].tolist())


def hash_of(*words: str) -> set[int]:
    return {value & 0xFFFFFF for value in word_hashes(words).tolist()}


@given(texts, texts)
def test_the_profile_of_a_text_is_always_the_same_bytes(title: str, body: str) -> None:
    first, again = profile(title, body, 7, 1_700_000_000), profile(title, body, 7, 1_700_000_000)
    assert first.tobytes() == again.tobytes()
    assert is_current(first.tobytes())


@given(texts, texts)
def test_a_profile_survives_its_bytes(title: str, body: str) -> None:
    made = profile(title, body)
    assert np.frombuffer(made.tobytes(), PROFILE)[0] == made


def test_a_profile_is_small_and_begins_with_its_format() -> None:
    made = profile(*LAMP)
    assert len(made.tobytes()) == PROFILE.itemsize <= LARGEST
    assert made.tobytes()[0] == FORMAT


def test_what_is_of_another_format_or_size_is_not_current() -> None:
    stored = profile(*LAMP).tobytes()
    assert not is_current(b"")
    assert not is_current(stored[:-1])
    assert not is_current(stored + b"\0")
    assert not is_current(bytes([FORMAT - 1]) + stored[1:])


@given(texts, texts)
def test_words_stand_in_the_order_of_their_hashes_with_a_count_and_a_weight(
    title: str, body: str
) -> None:
    words = profile(title, body)["words"]
    hashes = hashes_of(words)
    assert (np.diff(hashes.astype(np.int64)) >= 0).all()
    rarity, strength = strengths(words, STATISTICS)
    assert (strength[words != EMPTY] > 0).all()
    assert not rarity[words == EMPTY].any()
    assert not strength[words == EMPTY].any()


def test_a_word_knows_whether_the_title_and_the_subject_say_it() -> None:
    made = profile("三合村路灯", "三合村东头的路灯坏了，请修理。")
    assert hash_of("路灯") <= words_where(made, is_in_title(made["words"]))
    assert not hash_of("修理") & words_where(made, is_in_title(made["words"]))
    assert hash_of("路灯", "修理") <= words_where(made, is_in_subject(made["words"]))
    assert not hash_of("三合村") & words_where(made, is_in_subject(made["words"]))


def test_a_title_counts_three_times() -> None:
    once, titled = profile("", "路灯。学校。"), profile("路灯", "学校。")
    strength = [
        dict(zip(hashes_of(m["words"]).tolist(), strengths(m["words"], STATISTICS)[1], strict=True))
        for m in (once, titled)
    ]
    (lamp,) = hash_of("路灯")
    assert strength[1][lamp] == pytest.approx((1 + np.log(3)) * strength[0][lamp], rel=0.002)


def test_names_are_two_characters_with_their_ending() -> None:
    assert concrete_names("阳光小区对面的东风路") == ["阳光小区", "东风路"]
    assert concrete_names("城南第三中学") == ["第三中学"]
    assert concrete_names("路，小区") == []
    assert concrete_names("") == []


def test_of_many_names_the_rarest_are_kept() -> None:
    names = [f"上{letter}村" for letter in "天地日月山川草木金石风云春夏秋冬东南西"]
    assert len(names) == NAMES + 5
    idf = np.full(1 << 16, 5, np.float32)
    common = word_hashes(names[:5])
    idf[common & np.uint32(0xFFFF)] = 1
    statistics = TermStatistics(STATISTICS.words, idf)
    made = make_profile(READER.read("", "，".join(names)), statistics, 0, 0)
    assert not set((common & np.uint32(0xFFFF)).tolist()) & set(made["names"].tolist())
    assert (made["names"] != EMPTY_SHORT).sum() == NAMES


def test_districts_are_counties_and_what_lies_in_them() -> None:
    divisions = [Division("61", "陕西省"), Division("6105", "渭南市"), Division("610528", "富平县")]
    divisions.append(Division("610528101", "庄里镇"))
    reader = Reader(Segmenter(), Gazetteer(divisions, ("610528",)))

    def districts(text: str) -> np.ndarray:
        return make_profile(reader.read("", text), STATISTICS, 0, 0)["districts"]

    assert (districts("富平县的路") == districts("庄里镇的路")).all()
    assert (districts("富平县的路") != EMPTY_SHORT).sum() == 1
    assert (districts("渭南市的路") == EMPTY_SHORT).all()
    assert (districts("A3区的路") != districts("A4区的路")).any()


def test_labels_keep_their_shares() -> None:
    made = profile(*LAMP, judged=(("0201", 0.64), ("住建局", 0.25)))
    assert (made["labels"] != EMPTY_SHORT).sum() == 2
    assert made["label_shares"][:2] / 255 == pytest.approx([0.8, 0.5], abs=1 / 255)
    assert not made["label_shares"][2:].any()


def test_empty_texts_have_a_profile_without_terms() -> None:
    empty = profile("", "")
    assert empty["length"] == 0
    assert (empty["words"] == EMPTY).all()
    assert (empty["names"] == EMPTY_SHORT).all()
    assert not empty["bins"].any()


def test_punctuation_and_spaces_make_no_other_text() -> None:
    one, other = profile("路灯", "路灯，坏了。"), profile("路 灯", "路灯坏了！")
    assert one["digest"] == other["digest"]


def test_a_very_long_text_has_a_profile_of_the_usual_size() -> None:
    long = profile(LAMP[0], "".join(f"第{n}户的路灯坏了。" for n in range(9_000)))
    assert len(long.tobytes()) == PROFILE.itemsize
    assert long["length"] == 0xFFFF
    assert (long["words"] != EMPTY).sum() == WORDS


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_bins_estimate_how_much_two_texts_share(share: float) -> None:
    letters = [chr(0x4E00 + number) for number in range(6_000)]
    common = "".join(letters[: int(1_200 * share)])
    one, other = (
        common + "".join(letters[start : start + 1_200 - len(common)]) for start in (2_000, 4_000)
    )
    row = pair_evidence(profile("", one), many(profile("", other)), STATISTICS)[0]
    alike = row[EVIDENCE.index("resemblance")]
    assert alike == pytest.approx(share / (2 - share), abs=4 * 0.5 / BINS**0.5)


@given(st.integers(-(2**40), 2**40))
def test_any_time_is_kept_or_cut_to_what_fits(sent_at: int) -> None:
    assert profile(*LAMP, sent_at=sent_at)["sent_at"] == min(max(sent_at, 0), 2**32 - 1)


def test_statistics_are_kept_in_sixteenths() -> None:
    idf = np.array([0.0, 1.0, 3.14, 15.9, 99.0], np.float32)
    assert expand(compress(idf)).tolist() == [0.0, 1.0, 3.125, 15.875, 15.9375]


def test_statistics_of_another_size_weigh_by_the_lower_bits() -> None:
    small = TermStatistics(np.full(16, 5.0, np.float32), np.full(16, 5.0, np.float32))
    assert make_profile(READER.read(*SCHOOL), small, 0, 0) == profile(*SCHOOL)
    idf = np.arange(16, dtype=np.float32)
    assert weigh(np.array([3, 19], np.uint32), idf).tolist() == [3, 3]
    assert weigh(np.array([3, 19], np.uint16), idf).tolist() == [3, 3]
