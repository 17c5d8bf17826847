"""Messages are stored once by natural key and come back as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from service.storage.database import Connection
from service.storage.messages.messages import find_known, insert_messages, read_message
from service.storage.rows import is_id
from tests.service.storage.new_rows import a_new_message


def test_what_is_known_is_found_by_natural_key(connection: Connection) -> None:
    stored = [a_new_message(n) for n in range(1, 451)]
    insert_messages(connection, stored)
    keys = [message.key for message in stored]
    foreign = [("x", "1", b""), (keys[0][0], keys[0][1], b"\x00" * 32), ("test", "", b"")]
    assert find_known(connection, [*keys, *foreign]) == {m.key: m.id for m in stored}
    assert find_known(connection, []) == {}


@pytest.mark.parametrize(
    "key", [("来源", "编号'\"%_", b""), ("s", "", bytes(range(32))), ("s", " a ", b"\x00" * 32)]
)
def test_keys_of_any_signs_are_told_apart(
    connection: Connection, key: tuple[str, str, bytes]
) -> None:
    insert_messages(connection, [replace(a_new_message(1), key=key)])
    assert find_known(connection, [key]) == {key: 1}
    assert find_known(connection, [(key[0].upper() + "x", key[1], key[2])]) == {}


def test_the_database_itself_refuses_a_key_twice(connection: Connection) -> None:
    insert_messages(connection, [a_new_message(1)])
    twice = replace(a_new_message(2), key=a_new_message(1).key)
    with pytest.raises(IntegrityError):
        insert_messages(connection, [twice])


def test_the_database_itself_refuses_a_receipt_twice(connection: Connection) -> None:
    one = a_new_message(1)
    with pytest.raises(IntegrityError):
        insert_messages(connection, [one, replace(a_new_message(2), receipt=one.receipt)])


def test_a_message_comes_back_as_it_was(connection: Connection) -> None:
    new = a_new_message(7, like_count=3, dislike_count=2, external_id="A-7")
    insert_messages(connection, [new])
    found = read_message(connection, 7)
    assert found is not None
    assert (found.id, found.receipt, found.sender_id) == (7, new.receipt, None)
    for name in ("title", "text", "sent_at", "channel", "source", "external_id", "like_count"):
        assert getattr(found, name) == getattr(new.incoming, name)


@pytest.mark.parametrize("number", [0, -1, 8, 2**63, -(2**63) - 1])
def test_a_number_without_a_message_gives_none(connection: Connection, number: int) -> None:
    assert read_message(connection, number) is None


def test_ids_are_positive_and_fit_eight_bytes() -> None:
    assert [is_id(n) for n in (0, 1, 2**63 - 1, 2**63, -1)] == [False, True, True, False, False]


def test_no_messages_are_no_rows(connection: Connection) -> None:
    insert_messages(connection, [])
    assert read_message(connection, 1) is None
