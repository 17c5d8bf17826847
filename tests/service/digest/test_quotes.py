"""Quotes: central, complete, of different people, verbatim."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.digest.quotes import LONGEST, SHORTEST, Text, pick_quotes, rank, sentences

LAMPS = (
    "东巷的路灯坏了半个月，晚上走路什么也看不见。请派人来修。",
    "尊敬的领导您好！东巷路灯坏了快一个月，晚上老人走路摔了跤。谢谢领导。",
    "我家的狗昨天走丢了，找了一个晚上都没有找到。东巷的路灯坏了，晚上孩子放学走路害怕。",
)


def texts(*bodies: str) -> list[Text]:
    return [Text(n, n, "路灯", body) for n, body in enumerate(bodies, start=1)]


def sure(line: str) -> bool:
    return True


def test_two_people_are_quoted_with_what_all_say() -> None:
    found = pick_quotes(texts(*LAMPS), sure)
    assert len({quote.message_id for quote in found}) == len(found) == 2
    assert all("路灯坏了" in quote.text for quote in found)


def test_greetings_fragments_and_what_is_too_long_are_not_quoted() -> None:
    assert sentences("尊敬的各位领导你们大家都好吗？路灯坏了。" + "长" * (LONGEST + 1) + "。") == []
    assert sentences("说了半句话就没有下文的一行字而且很长") == []
    assert sentences("他们说（路灯明天一定会有人来修理好的。") == []


def test_one_person_is_quoted_once_and_a_copy_adds_nothing() -> None:
    one = [Text(n, 7, "", body) for n, body in enumerate(LAMPS)]
    assert len(pick_quotes(one, sure)) == 1
    assert len(pick_quotes(texts(LAMPS[0], LAMPS[0]), sure)) == 1


def test_a_doubtful_sentence_is_passed_over() -> None:
    found = pick_quotes(texts(*LAMPS), lambda line: "老人" not in line)
    assert found
    assert not any("老人" in quote.text for quote in found)


def test_what_is_masked_comes_last() -> None:
    masked = "东巷路灯坏了半个月，〔姓名〕晚上走路看不见摔了跤。"
    ranked = rank(texts(masked, *LAMPS))
    assert ranked[-1][0].text == masked


def test_what_leans_on_the_sentence_before_comes_behind_what_stands_alone() -> None:
    leaning = (
        "因此东巷的路灯坏了半个月，晚上走路什么也看不见。",
        "二是东巷的路灯坏了半个月，晚上走路什么也看不见。",
        "（二）东巷的路灯坏了半个月，晚上走路什么也看不见。",
        "诉求2：东巷的路灯坏了半个月，晚上走路什么也看不见。",
        "这东巷的路灯坏了半个月，晚上走路什么也看不见。",
    )
    ranked = [passage.text for passage, _ in rank(texts(*leaning, *LAMPS))]
    assert set(ranked[-len(leaning) :]) == set(leaning)


@given(st.lists(st.text("东巷路灯坏了走看不见。！？\n（）abc〔〕，", max_size=80), max_size=8))
def test_quotes_are_verbatim_sentences_of_their_message(bodies: list[str]) -> None:
    held = texts(*bodies)
    found = pick_quotes(held, sure)
    for quote in found:
        assert quote.text in " ".join(bodies[quote.message_id - 1].split())
        assert SHORTEST <= len(quote.text) <= LONGEST
    assert pick_quotes(held[::-1], sure) == found
