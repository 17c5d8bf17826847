from datetime import date, timedelta

from service.digest import build_digest
from tests.service.digest.makers import NAMES, WEEK, a_digest, a_matter, a_message, some_facts

BEFORE = WEEK.first_day - timedelta(days=10)


def a_pair(id: int, **changes: object) -> object:
    return a_message(id, topic_l1="04", topic="0401", place="庄里镇", **changes)


def test_a_pair_of_two_people_that_was_not_there_before_is_new() -> None:
    digest = a_digest(a_pair(1), a_pair(2))
    [pair] = digest.fresh.pairs or ()
    assert (pair.topic_name, pair.place) == ("环境保护／环保管理", "庄里镇")
    assert pair.tally.people.message_ids == (1, 2)


def test_a_pair_seen_in_the_four_weeks_before_is_not_new() -> None:
    assert a_digest(a_pair(1), a_pair(2), a_pair(3, sent_on=BEFORE)).fresh.pairs == ()


def test_one_voice_or_an_unknown_place_makes_no_new_pair() -> None:
    nowhere = [a_message(n, topic="0401") for n in (2, 3)]
    assert a_digest(a_pair(1), *nowhere).fresh.pairs == ()


def test_where_the_data_begin_too_late_newness_is_not_judged() -> None:
    facts = some_facts((a_pair(1), a_pair(2)), known_since=date(2019, 7, 1))
    assert build_digest(WEEK, facts, NAMES).fresh.pairs is None


def test_a_matter_opened_in_the_week_by_two_people_is_new() -> None:
    old = a_matter(2, opened_at=a_matter(2).opened_at - timedelta(days=30))
    digest = a_digest(
        *(a_message(n, matter_id=1) for n in (1, 2)),
        *(a_message(n, matter_id=2) for n in (3, 4)),
        a_message(5, matter_id=3),
        matters=(a_matter(1), old, a_matter(3)),
    )
    assert [new.matter.id for new in digest.fresh.matters] == [1]


def test_the_day_a_matter_was_opened_is_that_of_shanghai() -> None:
    late = a_matter(1, opened_at=a_matter(1).opened_at.replace(day=14, hour=23))
    digest = a_digest(*(a_message(n, matter_id=1) for n in (1, 2)), matters=(late,))
    assert len(digest.fresh.matters) == 1
