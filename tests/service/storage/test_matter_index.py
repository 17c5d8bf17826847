from __future__ import annotations

from service.storage.database import Connection
from service.storage.matter_index import insert_keys, insert_profiles, read_keys, read_profiles
from service.storage.matters import insert_matters
from service.storage.rejects import NewReject, count_rejects, insert_rejects
from tests.service.storage.new_rows import a_matter


def test_keys_come_back_in_order_and_once(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1), a_matter(2)])
    insert_keys(connection, [(7, 2), (7, 1), (0, 1), (2**31 - 1, 2)])
    insert_keys(connection, [(7, 1), (8, 1)])
    insert_keys(connection, [])
    assert read_keys(connection, [7, 0, 2**31 - 1, 5]) == [(0, 1), (7, 1), (7, 2), (2**31 - 1, 2)]
    assert read_keys(connection, []) == []


def test_many_keys_are_read_in_runs(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1)])
    insert_keys(connection, [(key, 1) for key in range(1500)])
    assert len(read_keys(connection, range(1500))) == 1500


def test_profiles_come_back_oldest_first_byte_by_byte(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1), a_matter(2)])
    profiles = [(2, b"\x00\xff"), (1, b""), (2, bytes(range(256)))]
    insert_profiles(connection, profiles)
    assert read_profiles(connection, [2]) == [profiles[0], profiles[2]]
    assert sorted(read_profiles(connection, [1, 2, 9])) == sorted(profiles)


def test_a_refused_row_of_a_source_counts_once(connection: Connection) -> None:
    def reject(source: str, digest: bytes, line: int = 1) -> NewReject:
        return NewReject(source, "a.csv", line, "empty_text", digest)

    insert_rejects(connection, [reject("甲", b"1"), reject("甲", b"1", 2), reject("乙", b"1")])
    insert_rejects(connection, [reject("甲", b"1"), reject("甲", b"2")])
    insert_rejects(connection, [])
    assert count_rejects(connection) == 3
