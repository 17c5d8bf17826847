"""Champion and challenger side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import small_examples, write_small_model
from training.comparison import Comparison, Question, Side, compare


def comparison(*classes: tuple[int, int, int]) -> Comparison:
    sides = [Side(*counts) for counts in classes]
    whole = Side(
        sum(s.support for s in sides),
        sum(s.champion_count for s in sides),
        sum(s.challenger_count for s in sides),
    )
    named = tuple((str(number), side) for number, side in enumerate(sides))
    return Comparison((Question("kind", whole, named),))


def test_shares_and_means() -> None:
    found = comparison((10, 5, 8), (10, 5, 6))
    assert (found.champion, found.challenger) == (0.5, 0.7)
    assert found.is_better
    assert not comparison((10, 5, 5)).is_better


@pytest.mark.parametrize(
    ("classes", "margin", "expected"),
    [
        ([(20, 20, 19)], 0.05, []),  # just the margin is no fall
        ([(20, 20, 18)], 0.05, [("kind", "0")]),
        ([(20, 20, 18)], 0.1, []),
        ([(4, 4, 0)], 0.05, []),  # too few to tell
        ([(5, 5, 4), (50, 10, 50)], 0.05, [("kind", "0")]),
        ([(5, 1, 0)], 1.0, []),
    ],
)
def test_a_class_falls_by_more_than_the_margin(
    classes: list[tuple[int, int, int]], margin: float, expected: list[tuple[str, str]]
) -> None:
    assert comparison(*classes).falls(margin) == expected


def test_models_are_compared_as_the_desk_judges(tmp_path: Path) -> None:
    write_small_model(tmp_path / "m.mqm")
    model = Model.load(tmp_path / "m.mqm")
    examples = small_examples(Taxonomy.load())
    found = compare(model, model, examples)
    assert [q.name for q in found.questions] == [
        "topic_l1",
        "topic",
        "department",
        "kind",
        "urgent",
    ]
    for question in found.questions:
        assert question.whole.support == len(examples)
        assert question.whole.champion == question.whole.challenger > 0.7
        supports = [side.support for _, side in question.classes]
        assert supports == sorted(supports, reverse=True)
        assert sum(supports) == len(examples)
    assert dict(found.questions[-1].classes).keys() == {"0", "1"}
    assert found.as_json()["questions"]["kind"]["all"][0] == len(examples)
