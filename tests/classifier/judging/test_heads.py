"""Heads: they survive the header, and a header that contradicts itself is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.judging.heads import (
    HEADS,
    KIND,
    Head,
    as_json,
    check_desk_heads,
    column_groups,
    families,
    read_first_level,
    read_heads,
    read_limits,
)
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import LIMITS

TAXONOMY = Taxonomy.load()
LABELS = (TAXONOMY.codes(2), ("城管局", "教育局"), ("投诉", "咨询"), ("1",))
FIRSTS = (0, 118, 120, 122)
PARTS = tuple(Head(*part) for part in zip(HEADS, LABELS, FIRSTS, strict=True))
HEADER = as_json(PARTS, (0.8, 0.1), LIMITS, TAXONOMY)


def test_heads_survive_the_header() -> None:
    assert tuple(read_heads(HEADER).values()) == PARTS
    assert read_first_level(HEADER) == (0.8, 0.1)
    assert read_limits(HEADER) == LIMITS


def test_columns_follow_each_other() -> None:
    groups = column_groups(PARTS)
    assert [int(start) for start in groups.starts] == list(FIRSTS)
    assert read_heads(HEADER)[KIND].column("咨询") == 121


def test_families_are_the_second_levels_under_each_first() -> None:
    members = families(TAXONOMY).members
    firsts = TAXONOMY.codes(1)
    assert [firsts[place] for place in members] == [code[:2] for code in TAXONOMY.codes(2)]


def test_an_unknown_label_has_no_column() -> None:
    with pytest.raises(KeyError):
        PARTS[0].column("没有这个主题")


@pytest.mark.parametrize(
    "parts",
    [
        PARTS[:-1],
        PARTS[::-1],
        (replace(PARTS[0], labels=PARTS[0].labels[::-1]), *PARTS[1:]),
        (PARTS[0], replace(PARTS[1], labels=("城管局", "城管局")), *PARTS[2:]),
        (*PARTS[:3], replace(PARTS[3], labels=("0", "1"))),
        (*PARTS[:3], replace(PARTS[3], slope=0.0)),
        (*PARTS[:3], replace(PARTS[3], offset=float("inf"))),
    ],
)
def test_unsound_heads_are_refused(parts: tuple[Head, ...]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        check_desk_heads(read_heads(as_json(parts, (1.0, 0.0), LIMITS, TAXONOMY)), TAXONOMY)


def test_a_desk_may_have_more_heads_after_its_own() -> None:
    more = (*PARTS, Head("function", ("甲", "乙"), 123))
    found = read_heads(as_json(more, (1.0, 0.0), LIMITS, TAXONOMY))
    check_desk_heads(found, TAXONOMY)
    assert found["function"].first == 123


@pytest.mark.parametrize("heads", [[], {}, "heads", [{"name": "a", "labels": ["x"]}]])
def test_heads_that_are_none_are_refused(heads: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_heads({"heads": heads})


@pytest.mark.parametrize("known", [-0.1, "much", None])
def test_unsound_limits_are_refused(known: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_limits({"limits": HEADER["limits"] | {"known": known}})
