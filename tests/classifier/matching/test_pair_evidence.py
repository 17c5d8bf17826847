"""Pair evidence: symmetric, finite, and each kind says what its name says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from classifier.matching.agreement import agreement, subject_cosine, words_cosine
from classifier.matching.pair_evidence import EVIDENCE, pair_evidence
from classifier.matching.profile import Records
from tests.classifier.pair_makers import (
    DAY,
    LAMP,
    LAMP_AGAIN,
    SCHOOL,
    STATISTICS,
    many,
    profile,
    texts,
)


def evidence(one: Records, other: Records) -> dict[str, float]:
    row = pair_evidence(one, many(other), STATISTICS)[0]
    return dict(zip(EVIDENCE, row.tolist(), strict=True))


@given(texts, texts, texts, texts)
def test_evidence_is_finite_and_the_same_from_both_sides(
    title: str, body: str, other_title: str, other_body: str
) -> None:
    one, other = profile(title, body, 3, DAY), profile(other_title, other_body, 3)
    there, back = evidence(one, other), evidence(other, one)
    assert np.isfinite(list(there.values())).all()
    assert there == pytest.approx(back, abs=1e-4)


@given(texts, texts)
def test_shares_lie_between_nothing_and_all(title: str, body: str) -> None:
    found = evidence(profile(title, body), profile(*LAMP))
    for name in ("words", "title_words", "title_in_other", "resemblance", "covered", "topic"):
        assert 0.0 <= found[name] <= 1.0 + 1e-5, name


def test_a_text_is_wholly_like_itself() -> None:
    found = evidence(profile(*LAMP), profile(*LAMP))
    for name in ("words", "title_words", "title_in_other_both", "resemblance", "covered"):
        assert found[name] == pytest.approx(1.0), name


def test_one_among_many_has_the_evidence_it_has_alone() -> None:
    others = [profile(*LAMP_AGAIN), profile(*SCHOOL), profile("", ""), profile(*LAMP)]
    together = pair_evidence(profile(*LAMP), many(*others), STATISTICS)
    alone = [pair_evidence(profile(*LAMP), many(other), STATISTICS)[0] for other in others]
    assert np.allclose(together, alone)


def test_what_two_have_in_common_may_be_given_as_well_as_found() -> None:
    one, others = profile(*LAMP), many(profile(*LAMP_AGAIN), profile(*SCHOOL))
    given_them = pair_evidence(one, others, STATISTICS, agreement(one, others, STATISTICS))
    assert (given_them == pair_evidence(one, others, STATISTICS)).all()


def test_a_shared_name_counts_by_its_rarity() -> None:
    estate, other = ("", "阳光小区漏水。"), ("", "月光小区停电。")
    assert evidence(profile(*estate), profile("", "阳光小区停电。"))["name"] == 5.0
    assert evidence(profile(*estate), profile(*other))["name"] == 0.0
    assert evidence(profile(*estate), profile("", ""))["name"] == 0.0


def test_topics_agree_by_the_shares_of_common_labels() -> None:
    def topic(*theirs: tuple[str, float]) -> float:
        mine = (("0201", 0.8), ("0202", 0.2), ("住建局", 1.0))
        return evidence(profile(*LAMP, judged=mine), profile(*LAMP, judged=theirs))["topic"]

    assert topic(("0201", 0.8), ("0202", 0.2), ("住建局", 1.0)) == pytest.approx(1, abs=0.01)
    assert topic(("0202", 0.2), ("住建局", 1.0)) == pytest.approx(0.6, abs=0.01)
    assert topic(("0999", 1.0), ("教育局", 1.0)) == topic() == 0.0


def test_what_a_title_finds_and_misses() -> None:
    titled = profile("学校，食堂", "请看一看。")
    found = evidence(titled, profile("", "食堂的菜是凉的。"))
    assert found["title_hit"] == found["title_miss"] == 5.0
    assert found["title_in_other"] == pytest.approx(0.5)
    assert found["title_in_other_both"] == 0.0
    whole = evidence(titled, profile("", "学校的食堂。"))
    assert (whole["title_miss"], whole["title_in_other"]) == (0.0, 1.0)


def test_places_agree_or_speak_against() -> None:
    def place(mine: str, theirs: str) -> tuple[float, float, float]:
        found = evidence(profile("", mine), profile("", theirs))
        return found["same_place"], found["other_place"], found["other_district"]

    assert place("A1区和A2区的灯", "A2区的灯") == (1.0, 0.0, 0.0)
    assert place("A1区的灯", "A2区的灯") == (0.0, 1.0, 1.0)
    assert place("A市的灯", "A2区的灯") == (0.0, 1.0, 0.0)
    assert place("A1区的灯", "灯") == (0.0, 0.0, 0.0)
    titles = evidence(profile("A1区", "A2区"), profile("A2区", "A1区"))
    assert (titles["same_place"], titles["other_title_place"]) == (1.0, 1.0)


def test_a_sender_counts_only_where_known() -> None:
    def same_sender(one: int, other: int) -> float:
        return evidence(profile(*LAMP, one), profile(*SCHOOL, other))["same_sender"]

    assert same_sender(5, 5) == same_sender(2**64 - 1, 2**64 - 1) == 1.0
    assert same_sender(5, 6) == same_sender(0, 0) == 0.0


def test_only_the_later_letter_of_the_same_sender_is_said_again() -> None:
    again = ("再次反映路灯", "东巷路灯坏了。")

    def said_again(sender: int, sent_at: int) -> float:
        one, other = profile(*again, 5, sent_at), profile(*LAMP, sender, DAY)
        there, back = evidence(one, other)["said_again"], evidence(other, one)["said_again"]
        assert there == back
        return there

    assert said_again(5, 2 * DAY) == said_again(5, DAY) == 1.0
    assert said_again(5, 0) == said_again(6, 2 * DAY) == said_again(0, 2 * DAY) == 0.0


def test_time_and_length_count_without_sign() -> None:
    early, late = profile(*LAMP, sent_at=0), profile(*LAMP_AGAIN, sent_at=3 * DAY)
    there, back = evidence(early, late), evidence(late, early)
    assert there["log_days"] == back["log_days"] == pytest.approx(np.log(4.0))
    assert there["log_length_ratio"] == back["log_length_ratio"] > 0


def test_words_of_a_village_are_no_subject() -> None:
    one, other = profile("", "三合村的路灯坏了。"), many(profile("", "三合村的低保没发。"))
    found = agreement(one, other, STATISTICS)
    assert words_cosine(one, other, found)[0] > 0.05
    assert subject_cosine(one, other, found)[0] == 0.0
