from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.digest import MatterFact, MessageFact, build_digest
from service.digest.hot import HOT_COUNT
from service.domain.relation import Relation
from tests.service.digest.makers import NAMES, WEEK, a_digest, a_matter, a_message, some_facts
from tests.service.digest.strategies import MATTERS, MESSAGES


def test_more_people_are_hotter_than_more_letters_of_one() -> None:
    letters = [a_message(n, matter_id=1, sender_key=1) for n in range(1, 9)]
    people = [a_message(10 + n, matter_id=2, sender_key=n) for n in range(2)]
    one = [replace(letters[0], id=30, sender_key=2)]
    digest = a_digest(*letters, *people, *one, a_message(40, matter_id=2, sender_key=9),
                      matters=(a_matter(1), a_matter(2)))  # fmt: skip
    assert [hot.matter.id for hot in digest.hot] == [2, 1]


def test_the_index_is_the_sum_it_says() -> None:
    day = WEEK.first_day
    digest = a_digest(
        a_message(1, matter_id=1, sender_key=1, like_count=9, dislike_count=7),
        a_message(2, matter_id=1, sender_key=2, is_urgent=True, sent_on=day + timedelta(2)),
        a_message(3, matter_id=1, sender_key=2, relation=Relation.COPY),
        matters=(a_matter(1),),
    )
    hot = digest.hot[0]
    assert hot.heat == 2 * 10 + 2 * (2 + 2 + 4) + 5  # people; growth, days, votes; urgent
    assert hot.tally.copies.message_ids == (3,)
    assert hot.days.value == 2


def test_a_matter_of_one_person_is_not_hot() -> None:
    digest = a_digest(a_message(1, matter_id=1, sender_key=1), matters=(a_matter(1),))
    assert digest.hot == ()


def test_the_people_of_the_week_before_are_told() -> None:
    before = WEEK.first_day - timedelta(days=3)
    digest = a_digest(
        a_message(1, matter_id=1),
        a_message(2, matter_id=1),
        a_message(3, matter_id=1, sent_on=before),
        matters=(a_matter(1),),
    )
    assert digest.hot[0].previous_people == 1


def test_only_the_hottest_are_listed_and_ties_are_told_apart_by_number() -> None:
    ids = range(1, HOT_COUNT + 4)
    messages = [a_message(10 * n + k, matter_id=n) for n in ids for k in range(2)]
    digest = a_digest(*messages, matters=tuple(a_matter(n) for n in reversed(ids)))
    assert [hot.matter.id for hot in digest.hot] == list(range(1, HOT_COUNT + 1))


def test_matters_spoken_of_as_one_are_counted_together() -> None:
    messages = [
        a_message(1, matter_id=1, sender_key=1, place="庄里镇"),
        a_message(2, matter_id=2, sender_key=2, place="庄里镇"),
        a_message(3, matter_id=2, sender_key=3, place="淡村镇", like_count=4),
        a_message(4, matter_id=3, sender_key=4),
    ]
    matters = tuple(a_matter(n) for n in (1, 2, 3))
    facts = replace(some_facts(tuple(messages), matters), concerns=((1, 2),))
    (hot,) = build_digest(WEEK, facts, NAMES).hot
    assert hot.matter_ids == (2, 1)
    assert hot.tally.messages.message_ids == (1, 2, 3)
    assert hot.places == ("庄里镇", "淡村镇")
    assert hot.heat == 3 * 10 + 2 * (3 + 1 + 1 + 2)  # people; growth, days, places, votes


@settings(max_examples=60, deadline=None)
@given(MESSAGES, MATTERS, st.lists(st.integers(1, 8), max_size=8, unique=True))
def test_no_message_is_counted_in_two_hot_matters_but_as_parts(
    messages: list[MessageFact], matters: list[MatterFact], together: list[int]
) -> None:
    facts = replace(some_facts(tuple(messages), tuple(matters)), concerns=(tuple(together),))
    digest = build_digest(WEEK, facts, NAMES)
    ids = [each for hot in digest.hot for each in hot.matter_ids]
    assert len(ids) == len(set(ids))
    for hot in digest.hot:
        assert 2 <= hot.tally.people.value <= hot.tally.messages.value
        assert hot.first_day <= hot.last_day
        assert hot.heat >= 10 * hot.tally.people.value
