"""Profiles of an older format are made anew, and matters are found as before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.matching.profile import is_current
from service.domain.message import SenderDetails
from service.domain.relation import Relation
from service.storage.matching.exemplars import read_exemplars_of
from service.storage.tables import exemplar
from service.triage.exemplar_index import EXEMPLARS
from service.usecases.archive import reindex as module
from service.usecases.archive.reindex import reindex
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.taking_out import take_out
from tests.makers import a_message
from tests.service.usecases.books import check_books, forget_keys, found_by, rows

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"


def take_in(context: Context, text: str, name: str = "") -> Received:
    sender = SenderDetails(name, "19900001111") if name else SenderDetails()
    (received,) = receive_messages(context, [a_message(text, sender=sender)])
    return received


def age(context: Context) -> None:
    """Leave of each matter one profile of another format, as the migration does."""
    forget_keys(context)
    with context.database.transaction() as connection:
        connection.execute(exemplar.update().values(profile=b""))


def test_an_aged_index_finds_again_what_it_found(context: Context) -> None:
    lamp, school = take_in(context, LAMP), take_in(context, SCHOOL)
    before = rows(context, exemplar), found_by(context)
    age(context)
    assert reindex(context) == 2
    assert (rows(context, exemplar), found_by(context)) == before
    again = take_in(context, LAMP_TOO)
    assert (again.matter_id, again.relation) == (lamp.matter_id, Relation.VOICE)
    assert again.matter_id != school.matter_id
    assert reindex(context) == 0
    check_books(context)


def test_copies_stand_for_nothing_and_voices_are_few(context: Context) -> None:
    first = take_in(context, LAMP)
    take_in(context, LAMP, "林某")
    for number in range(EXEMPLARS + 2):
        take_in(context, f"{LAMP_TOO}我家是{number}号。")
    age(context)
    reindex(context)
    with context.database.reading() as connection:
        made = read_exemplars_of(connection, [first.matter_id])
    assert len(made) <= EXEMPLARS
    assert all(is_current(each.profile) for each in made)
    assert made[0].message_id == first.message_id
    assert first.message_id + 1 not in [each.message_id for each in made]


def test_it_goes_on_where_it_was_stopped(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(context, LAMP)
    take_in(context, SCHOOL)
    age(context)
    monkeypatch.setattr(module, "BATCH", 1)
    told: list[int] = []

    def stop(done: int) -> None:
        told.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(context, stop)
    assert reindex(context) == 1
    assert told == [1]


def test_what_joins_meanwhile_stays(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    first = take_in(context, LAMP)
    age(context)
    understand = module.understand_stored

    def joined_meanwhile(*given: object) -> object:
        monkeypatch.setattr(module, "understand_stored", understand)
        with context.database.transaction() as connection:
            connection.execute(exemplar.delete())
        take_in(context, LAMP_TOO)  # opens a matter: nothing stands for the first
        return understand(*given)

    monkeypatch.setattr(module, "understand_stored", joined_meanwhile)
    reindex(context)
    with context.database.reading() as connection:
        assert len(read_exemplars_of(connection, [first.matter_id, first.matter_id + 1])) == 2
    check_books(context)


def test_what_is_taken_out_meanwhile_stands_for_its_own_matter(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = take_in(context, LAMP), take_in(context, LAMP_TOO)
    assert second.matter_id == first.matter_id
    age(context)
    understand = module.understand_stored

    def taken_out_meanwhile(*given: object) -> object:
        monkeypatch.setattr(module, "understand_stored", understand)
        take_out(context, first.matter_id, second.message_id, "王科")
        return understand(*given)

    monkeypatch.setattr(module, "understand_stored", taken_out_meanwhile)
    reindex(context)
    stand = {row["message_id"]: row["matter_id"] for row in rows(context, exemplar)}
    assert stand == {
        first.message_id: first.matter_id,
        second.message_id: first.matter_id + 1,
    }
    check_books(context)


def test_without_a_pair_model_there_is_nothing_to_make(context: Context) -> None:
    take_in(context, LAMP)
    age(context)
    by_hand = replace(context, triage=replace(context.triage, pair_model=None))
    assert reindex(by_hand) == 0
