from dataclasses import replace
from datetime import timedelta

from service.digest.hot import HOT_COUNT
from service.domain.relation import Relation
from tests.service.digest.makers import WEEK, a_digest, a_matter, a_message


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
    assert hot.heat == 2 * 10 + 2 + 4 + 5
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
