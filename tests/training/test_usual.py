"""How usual a label is before letters tell, and how this gives way."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.judging.model import Model
from training.usual import asked, usual_shift


def test_each_of_the_shipped_models_departments_is_asked() -> None:
    often = asked(Model.load().heads["department"].labels)
    assert often is not None
    assert often.min() > 0
    assert often.sum() == pytest.approx(1000, abs=2)


@pytest.mark.parametrize("departments", [(), ("住建局", "别处的局")])
def test_of_other_departments_nothing_is_known(departments: tuple[str, ...]) -> None:
    assert asked(departments) is None
    assert usual_shift(None, np.eye(2)) == 0.0


def test_nothing_moves_without_labels() -> None:
    assert usual_shift(np.array([3.0, 1.0]), np.zeros((0, 2))) == 0.0


def test_labels_that_came_evenly_leave_the_usual_one_ahead() -> None:
    first, second = np.asarray(usual_shift(np.array([3.0, 1.0]), np.repeat(np.eye(2), 20, axis=0)))
    assert 0 < first - second < np.log(3)


def test_many_labels_speak_for_themselves() -> None:
    usual = np.array([3.0, 1.0])
    few, many = (
        np.ptp(np.asarray(usual_shift(usual, np.repeat(np.eye(2), count, axis=0))))
        for count in (20, 20_000)
    )
    assert many < few / 10
