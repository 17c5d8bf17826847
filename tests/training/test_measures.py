"""Measures: they are what counting gives."""

from __future__ import annotations

import json

import numpy as np
import pytest

from training.measures import Answered, class_table, confusion, measure

TRUTH = np.array(["甲", "甲", "甲", "乙", "乙", "丙"])
FOUND = np.array(["甲", "甲", "乙", "乙", "", "甲"])
SECOND = np.array(["", "", "乙", "", "", ""])
PROBABILITY = np.array([0.9, 0.8, 0.7, 0.9, 0.0, 0.3])
PLAIN = Answered(TRUTH, FOUND, PROBABILITY)


def test_the_figures_are_what_counting_gives() -> None:
    found = measure(PLAIN)
    assert found["rows"] == 6
    assert found["accuracy"] == 0.5
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0.5 + 0) / 3, abs=1e-4)
    assert found["coverage"]["0.90"] == {"share": 0.5, "limit": 0.8}
    low, high = found["accuracy_interval"]
    assert 0 <= low <= 0.5 <= high <= 1
    assert json.loads(json.dumps(found)) == found


def test_a_second_acceptable_label_counts_as_right() -> None:
    assert measure(Answered.of(TRUTH, SECOND, FOUND, PROBABILITY))["accuracy"] == 0.6667


def test_the_table_has_every_label_and_no_empty_one() -> None:
    table = class_table(PLAIN)
    assert list(table) == ["丙", "乙", "甲"]
    assert table["乙"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2.0}
    assert table["丙"]["recall"] == 0.0


def test_confusion_counts_each_pair_with_the_commonest_label_first() -> None:
    labels, counts = confusion(PLAIN)
    assert labels == ["甲", "乙", "丙"]
    assert counts.tolist() == [[2, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_one_message_can_be_measured() -> None:
    one = measure(Answered(TRUTH[:1], FOUND[:1], PROBABILITY[:1]))
    assert one["accuracy"] == 1.0
