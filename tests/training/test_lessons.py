"""Lessons dealt out: copies on one side, nothing but the texts decides."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.training.taught import taught
from training.errors import TrainingError
from training.lessons import FEWEST, Lesson, Split, deal_out, split


def texts(lessons: tuple[Lesson, ...]) -> list[str]:
    return [lesson.example.text.body for lesson in lessons]


def test_three_tenths_are_held_out_and_nothing_is_lost() -> None:
    found = split(taught(), 0.3)
    assert len(found.held_out) == 18
    assert sorted(texts(found.learned) + texts(found.held_out)) == sorted(texts(tuple(taught())))


def test_neither_order_nor_the_numbers_of_matters_change_anything() -> None:
    shuffled = [replace(lesson, group=lesson.group * 7 + 1000) for lesson in taught()]
    random.Random(3).shuffle(shuffled)
    one, other = split(taught(), 0.3), split(shuffled, 0.3)
    assert texts(one.held_out) == texts(other.held_out)
    assert texts(one.learned) == texts(other.learned)


def test_messages_of_one_matter_stay_together() -> None:
    lessons = [replace(lesson, group=lesson.group // 6) for lesson in taught()]
    found = split(lessons, 0.3)
    assert not {o.group for o in found.learned} & {o.group for o in found.held_out}


def test_near_copies_stay_together() -> None:
    long = taught()[0].example
    body = "东街的水管昨夜爆了，一直到今天中午都没有人来修，全楼的人没水用。"
    copies = [
        Lesson(replace(long, text=long.text._replace(body=f"{body}{end}")), 100 + n, True)
        for n, end in enumerate(("请快来。", "急！", "谢谢。", "盼复。"))
    ]
    lessons = Split.ordered([*taught(), *copies])
    folds = deal_out(lessons, 5)
    own = {int(folds[place]) for place, o in enumerate(lessons) if o.group >= 100}
    assert len(own) == 1


def test_what_the_champion_has_learned_is_never_held_out() -> None:
    lessons = [replace(lesson, is_new=number >= 15) for number, lesson in enumerate(taught())]
    found = split(lessons, 0.3)
    assert all(lesson.is_new for lesson in found.held_out)
    assert len(found.held_out) == round(0.3 * 45)


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_too_few_are_refused_with_the_number_needed(count: int) -> None:
    with pytest.raises(TrainingError, match=f"未学过的有 {count} 条，至少要有 {FEWEST} 条"):
        split(taught()[:count], 0.3)


def test_lessons_learned_before_do_not_count() -> None:
    with pytest.raises(TrainingError, match="未学过的有 0 条"):
        split(taught(is_new=False), 0.3)


def test_lessons_of_one_matter_cannot_be_parted() -> None:
    with pytest.raises(TrainingError, match="几乎都相同"):
        split([replace(lesson, group=1) for lesson in taught()], 0.3)
