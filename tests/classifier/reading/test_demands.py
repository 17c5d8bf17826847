"""Where a message turns from one demand to the next."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.reading.demands import divide

POINTS = ("1、", "2、", "3.", "一、", "二、", "(一)", "①", "②", "第一,", "一是", "另外", "此外,")
WORDS = (
    "路灯坏了很久没有人修",
    "学校门口的车停得满满当当",
    "。",
    ";",
    " ",
    "\n",
    "10",
    "2.5米",
    "😀",
)
pieces = st.sampled_from((*POINTS, *WORDS))
texts = st.lists(pieces, max_size=25).map("".join) | st.text(max_size=60)


def parts(text: str) -> list[str]:
    return [text[part.start : part.end] for part in divide(text)]


@pytest.mark.parametrize(
    "text",
    [
        "您好,反映两件事。1、东巷的路灯坏了半个月没有人修。2、学校门口每天早上堵车很严重。",
        "您好,反映两件事:\n(1)东巷的路灯坏了半个月没有人修\n(2)学校门口每天早上堵车很严重",
        "您好,反映两件事。一、东巷的路灯坏了半个月没有人修;二、学校门口每天早上堵车很严重。",
        "您好,反映两件事。一是东巷的路灯坏了半个月没有人修;二是学校门口每天早上堵车很严重。",
        "您好,反映两件事。第一,东巷的路灯坏了半个月没有人修。第二,学校门口每天早上堵车很严重。",
        "您好,反映两件事。①东巷的路灯坏了半个月没有人修。②学校门口每天早上堵车很严重。",
        "您好,反映两件事,一是东巷的路灯坏了半个月没有人修,二是学校门口每天早上堵车很严重。",
        "您好,东巷的路灯坏了半个月没有人修  另外学校门口每天早上堵车很严重",
        "您好,东巷的路灯坏了半个月没有人修。另外,学校门口每天早上堵车很严重。",
        "您好,东巷的路灯坏了半个月没有人修!还有一件事,学校门口每天早上堵车很严重。",
    ],
)
def test_points_and_another_thing_are_borders(text: str) -> None:
    first, second = parts(text)
    assert first + second == text
    assert "路灯" in first
    assert "堵车" in second


@pytest.mark.parametrize(
    "text",
    [
        "",
        "东巷的路灯坏了半个月没有人修,晚上走路看不见。",
        "路面宽2.5米,坑深3.1厘米,车都过不去,请派人来修。",
        "2、从第二点写起的一段话,前面没有第一点也没有别的。",
        "我家住一楼。二楼一直漏水,物业不管,请帮忙协调一下。",
        "1、短。2、也短。",
        "另外,一开头就说另外的,其实只有这一件事情要讲。",
    ],
)
def test_one_thing_stays_whole(text: str) -> None:
    assert divide(text) == ()


def test_three_points_and_what_follows_the_last() -> None:
    text = (
        "尊敬的领导:\n一、东巷的路灯坏了半个月没有人修。\n二、学校门口每天早上堵车很严重。\n"
        "三、自来水放出来是黄的不敢喝。\n望回复,谢谢。"
    )
    first, second, third = parts(text)
    assert first.strip().endswith("没有人修。")
    assert second.strip().endswith("很严重。")
    assert third.endswith("谢谢。")


def test_a_point_of_a_few_letters_stays_with_the_one_before() -> None:
    text = "1、东巷的路灯坏了半个月没有人修。2、谢谢。3、学校门口每天早上堵车很严重。"
    assert parts(text) == [text[:22], text[22:]]


def test_the_style_with_most_points_counts() -> None:
    text = (
        "一、出行方面的问题有以下几点。1、东巷的路灯坏了半个月没有人修。"
        "2、学校门口每天早上堵车很严重。3、公交车半小时才来一趟还不停站。"
    )
    assert len(parts(text)) == 3


@pytest.mark.parametrize("piece", [" ", "\n", "1、", "。另外,", "一", "第一", "(", "路灯坏了。"])
def test_eight_times_the_text_takes_not_much_more_than_eight_times_as_long(piece: str) -> None:
    def seconds(count: int) -> float:
        best = float("inf")
        for _ in range(3):
            began = time.thread_time()
            divide(f"路{piece * (count // len(piece))}灯")
            best = min(best, time.thread_time() - began)
        return best

    assert seconds(80_000) < 40 * seconds(10_000)


@given(texts)
def test_parts_follow_each_other_without_gaps(text: str) -> None:
    found = divide(text)
    assert len(found) != 1
    if found:
        assert found[0].start == 0
        assert found[-1].end == len(text)
        assert all(one.end == other.start for one, other in pairwise(found))
