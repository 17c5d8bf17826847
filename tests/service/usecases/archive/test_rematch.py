"""Profiles, keys and joins are made anew; what people decided stays where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.errors import PairModelUnavailableError
from service.storage import tables
from service.usecases.archive.rematch import Rematched, rematch
from service.usecases.context import Context
from service.usecases.matching.crew import Alone
from tests.makers import dispatch_matter
from tests.service.usecases.archive.test_complete import (
    LAMP,
    LAMP_TOO,
    OTHER,
    SCHOOL,
    all_rows,
    take_in,
)
from tests.service.usecases.books import check_books, forget_keys, found_by, rows

VAGUE = "庄里镇三合村东头这条巷子的灯坏了半个月，晚上走路看不见，请派人来修。"
VAGUE_TOO = "我也住庄里镇三合村东头这条巷子，灯坏了快半个月，老人晚上走路看不见。"


def anew(context: Context) -> Rematched:
    return rematch(context, Alone(context.triage))


def never_joining(context: Context) -> Context:
    return replace(context, triage=replace(context.triage, join_at=1.1))


def matters_of(context: Context) -> dict[int, int]:
    return {row["message_id"]: row["matter_id"] for row in rows(context, tables.demand)}


def test_what_nobody_looked_at_joins_what_it_is_about(context: Context) -> None:
    first = take_in(never_joining(context), VAGUE, title="")
    second = take_in(never_joining(context), VAGUE_TOO, title="", sender=OTHER)
    assert first.status is second.status is MatterStatus.REVIEW
    done = anew(context)
    assert (done.matter_count, done.joined_count) == (2, 1)
    assert len(set(matters_of(context).values())) == 1
    relations = [row["relation"] for row in rows(context, tables.demand)]
    assert relations.count(Relation.FIRST.value) == 1
    check_books(context)


def test_what_a_person_acted_on_or_was_sent_out_stays(context: Context) -> None:
    take_in(never_joining(context), LAMP)
    sent = take_in(never_joining(context), LAMP_TOO, sender=OTHER)
    vague = take_in(never_joining(context), VAGUE, title="")
    dispatch_matter(context, vague.matter_id, "admin")
    assert sent.status is MatterStatus.ASSIGNED
    before = {t.name: rows(context, t) for t in (tables.matter, tables.demand, tables.event)}
    assert anew(context).joined_count == 0
    assert {
        t.name: rows(context, t) for t in (tables.matter, tables.demand, tables.event)
    } == before


def test_profiles_and_keys_are_the_same_as_at_arrival(context: Context) -> None:
    for text in (LAMP, LAMP_TOO, SCHOOL):
        take_in(context, text, sender=OTHER)
    before = rows(context, tables.exemplar), found_by(context)
    forget_keys(context)
    with context.database.transaction() as connection:
        connection.execute(tables.exemplar.update().values(profile=b"old"))
    assert anew(context).joined_count == 0
    assert (rows(context, tables.exemplar), found_by(context)) == before


def test_twice_changes_nothing_more(context: Context) -> None:
    take_in(never_joining(context), VAGUE, title="")
    take_in(never_joining(context), VAGUE_TOO, title="", sender=OTHER)
    anew(context)
    before = all_rows(context)
    anew(context)
    assert all_rows(context) == before
    check_books(context)


def test_without_a_pair_model_it_is_refused(by_hand: Context) -> None:
    with pytest.raises(PairModelUnavailableError):
        rematch(by_hand, Alone(by_hand.triage))
