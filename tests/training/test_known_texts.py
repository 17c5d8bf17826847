"""Known texts: a model tells what it was trained on, and nothing of what that says."""

from __future__ import annotations

import numpy as np

from classifier.judging.features import Text
from classifier.modelfile import Section
from training.known_texts import is_known, known_texts

LAMP = Text("路灯", "东巷的路灯不亮。", ("路灯",), ("东巷", "的", "路灯", "不亮", "。"))
LAMP_CUT = Text("", "路灯 东巷的路灯不亮", (), ())
SCHOOL = Text("", "食堂的菜是凉的。", (), ())


def test_what_was_trained_on_is_known_however_it_is_divided_and_spaced() -> None:
    sections = known_texts([LAMP])
    assert is_known(LAMP, sections)
    assert is_known(LAMP_CUT, sections)
    assert not is_known(SCHOOL, sections)


def test_a_model_trained_from_another_knows_the_texts_of_both() -> None:
    sections = known_texts([SCHOOL, SCHOOL], known_texts([LAMP]))
    assert is_known(LAMP, sections)
    assert is_known(SCHOOL, sections)
    (section,) = sections.values()
    assert section.array.dtype == np.uint64
    assert len(section.array) == 2


def test_a_model_that_does_not_tell_knows_nothing() -> None:
    assert not is_known(LAMP, {})
    assert not is_known(LAMP, known_texts([]))


def test_a_file_with_something_else_in_that_place_knows_nothing() -> None:
    (name,) = known_texts([LAMP])
    for array in (np.zeros((2, 2), np.uint64), np.array([np.nan])):
        assert not is_known(LAMP, {name: Section(array)})
