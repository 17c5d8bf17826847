from hypothesis import given
from hypothesis import strategies as st

from service.digest.new_words import Tokens, find_new_words

BEFORE = [Tokens(n, n, ("小区", "路灯", "不亮", "，", "老人", "出门")) for n in range(100, 180)]


def said(id: int, *words: str, sender: int | None = None) -> Tokens:
    return Tokens(id, id if sender is None else sender, ("小区", *words, "，", "出门"))


def words_of(*now: Tokens) -> list[str]:
    return [one.word for one in find_new_words(now, BEFORE, lambda word: True)]


def test_a_word_of_several_people_that_nobody_used_is_new() -> None:
    [found] = find_new_words(
        [said(n, "的", "共享电动车") for n in (1, 2, 3, 4, 5)], BEFORE, lambda word: True
    )
    assert found.word == "共享电动车"
    assert (found.people.value, found.people.message_ids) == (5, (1, 2, 3, 4, 5))


def test_two_words_that_stand_together_are_one_phrase() -> None:
    assert words_of(*(said(n, "，", "飞线", "充电", "的") for n in range(1, 7))) == ["飞线充电"]


def test_what_the_segmenter_cuts_into_characters_is_one_word() -> None:
    assert words_of(*(said(n, "，", "氢", "喵", "站", "的") for n in range(1, 7))) == ["氢喵站"]


def test_a_common_word_makes_a_new_one_with_another_that_comes_with_it_only() -> None:
    now = [said(n, "，", "暖巢", "计划", "的") for n in range(1, 7)]
    others = [said(n, "，", "计划", "的") for n in range(11, 41)]
    before = [*BEFORE, said(90, "计划")]
    told = find_new_words([*now, *others], before, lambda word: True)
    assert [one.word for one in told] == ["暖巢计划"]


def test_what_was_cut_otherwise_before_is_not_new() -> None:
    before = [*BEFORE, said(90, "有关", "部", "门")]
    now = [said(n, "，", "有关部门", "的") for n in range(1, 7)]
    assert find_new_words(now, before, lambda word: True) == ()


def test_of_one_text_that_many_sent_one_word_is_told() -> None:
    told = words_of(*(said(n, "，", "飞线充电", "，", "倾囊而出", "的") for n in range(1, 7)))
    assert len(told) == 1


def test_words_that_hold_a_sentence_together_are_no_part_of_a_word() -> None:
    assert words_of(*(said(n, "关于", "飞线", "的", "事") for n in range(1, 7))) == ["飞线"]


def test_two_people_are_too_few() -> None:
    assert words_of(*(said(n, "的", "共享电动车", sender=n % 2) for n in range(1, 7))) == []


def test_what_was_said_before_is_not_new() -> None:
    assert words_of(*(said(n, "路灯", "，", "老人", "，") for n in range(1, 7))) == []


def test_one_person_makes_no_new_word() -> None:
    assert words_of(*(said(n, "的", "共享电动车", sender=1) for n in range(1, 7))) == []


def test_numbers_masks_and_other_signs_are_no_words() -> None:
    assert words_of(*(said(n, "的", "139", "〔", "x3号", "的") for n in range(1, 7))) == []


def test_what_may_name_somebody_is_left_out() -> None:
    now = [said(n, "的", "钱多多", "的") for n in range(1, 7)]
    assert find_new_words(now, BEFORE, lambda word: word != "钱多多") == ()


def test_nothing_said_is_nothing_new() -> None:
    assert find_new_words([], [], lambda word: True) == ()


@given(st.permutations(range(1, 9)))
def test_the_order_of_the_messages_changes_nothing(ids: list[int]) -> None:
    told = [said(n, "的", "共享电动车", "飞线" if n % 2 else "的") for n in ids]
    in_order = sorted(told, key=lambda one: one.message_id)
    assert find_new_words(told, BEFORE, lambda word: True) == find_new_words(
        in_order, BEFORE, lambda word: True
    )
