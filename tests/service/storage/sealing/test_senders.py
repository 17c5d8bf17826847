"""Senders are sealed: found again by a keyed digest, readable with the key only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from service.domain.message import SenderDetails
from service.errors import SettingsError
from service.storage.database import Connection
from service.storage.sealing.sealer import Sealer
from service.storage.sealing.senders import find_or_add_senders, read_senders
from service.storage.tables import sender

SEALER = Sealer(b"k" * 32)
PERSON = SenderDetails("陈某", "19900001111")

any_text = st.text(st.characters(exclude_categories=()), max_size=50)
details = st.builds(SenderDetails, any_text, any_text)


@given(details)
def test_what_is_sealed_opens_again(person: SenderDetails) -> None:
    assert SEALER.open(SEALER.seal(person)) == person


def test_a_seal_hides_and_never_looks_the_same() -> None:
    one, other = SEALER.seal(PERSON), SEALER.seal(PERSON)
    assert one != other
    assert PERSON.phone.encode() not in one
    assert "陈".encode() not in one


@pytest.mark.parametrize("secret", [b"K" * 32, b"k" * 31 + b"K", b"k" * 33])
def test_another_key_opens_nothing_and_says_so_in_chinese(secret: bytes) -> None:
    with pytest.raises(SettingsError, match="来信人资料无法用现有密钥打开"):
        Sealer(secret).open(SEALER.seal(PERSON))


@given(st.data())
def test_a_seal_changed_in_any_bit_or_cut_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(PERSON))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    cut = SEALER.seal(PERSON)[: data.draw(st.integers(0, len(sealed) - 1))]
    for broken in (bytes(sealed), cut):
        with pytest.raises(SettingsError):
            SEALER.open(broken)


def test_a_digest_tells_people_apart_by_phone_else_by_name() -> None:
    def digest(name: str, phone: str, sealer: Sealer = SEALER) -> bytes:
        return sealer.digest(SenderDetails(name, phone))

    assert digest("陈某", "1") == digest("陈先生", "1")
    assert digest("陈某", "1") != digest("陈某", "2")
    assert digest("陈某", "") != digest("林某", "")
    assert digest("1", "") != digest("", "1")
    assert digest("陈某", "1") != digest("陈某", "1", Sealer(b"other" * 8))
    assert len(digest("陈某", "1")) == 16


def test_the_same_person_is_stored_once(connection: Connection) -> None:
    first = find_or_add_senders(connection, SEALER, [PERSON, SenderDetails("林某"), PERSON])
    again = find_or_add_senders(connection, SEALER, [SenderDetails("林某"), PERSON])
    assert (first.known, again.known) == (set(), set(again.ids.values()))
    assert first.ids == again.ids
    assert len(first.ids) == 2


def test_a_person_under_two_names_is_one_by_the_phone(connection: Connection) -> None:
    people = [PERSON, SenderDetails("陈先生", PERSON.phone)]
    found = find_or_add_senders(connection, SEALER, people)
    assert len(found.ids) == 2
    assert len(set(found.ids.values())) == 1


def test_the_nameless_are_not_stored(connection: Connection) -> None:
    assert find_or_add_senders(connection, SEALER, [SenderDetails(), SenderDetails()]).ids == {}
    assert connection.execute(select(sender)).all() == []


def test_people_come_back_by_their_ids(connection: Connection) -> None:
    people = [SenderDetails(f"某{n}", f"1990000{n:04d}") for n in range(1200)]
    ids = find_or_add_senders(connection, SEALER, people).ids
    assert len(set(ids.values())) == len(people)
    found = read_senders(connection, SEALER, list(ids.values()))
    assert {found[ids[person]] for person in people} == set(people)
    assert read_senders(connection, SEALER, []) == {}
