"""Divisions as the state lists them, and what is above what."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.reading.divisions import above, level, read_divisions

FOLDER = Path(__file__).resolve().parents[3] / "data" / "divisions"


def test_all_divisions_are_read_parents_first() -> None:
    divisions = read_divisions(FOLDER)
    assert len(divisions) == 31 + 342 + 2978 + 41352
    seen: set[str] = set()
    for division in divisions:
        assert seen.issuperset(set(above(division.code)) - {division.code}), division
        seen.add(division.code)


def test_only_the_towns_of_the_served_are_read_when_they_are_named() -> None:
    divisions = read_divisions(FOLDER, ["610528"])
    towns = [division for division in divisions if level(division.code) == 9]
    assert towns
    assert all(town.code.startswith("610528") for town in towns)
    assert sum(level(division.code) < 9 for division in divisions) == 31 + 342 + 2978
    assert all(level(division.code) < 9 for division in read_divisions(FOLDER, []))


@pytest.mark.parametrize(
    ("code", "upper"),
    [
        ("61", ()),
        ("6105", ("61",)),
        ("610528", ("61", "6105")),
        ("610528101", ("61", "6105", "610528")),
        ("A3区", ("西地省", "A市")),
        ("A市", ("西地省",)),
        ("西地省", ()),
        ("高新区", ()),
    ],
)
def test_what_is_above_a_division(code: str, upper: tuple[str, ...]) -> None:
    assert above(code) == upper


@pytest.mark.parametrize(
    ("code", "expected"),
    [("61", 2), ("610528101", 9), ("西地省", 2), ("A市", 4), ("K8县", 6), ("C5市", 6)],
)
def test_the_level_of_a_division(code: str, expected: int) -> None:
    assert level(code) == expected
