"""Refused rows count once."""

from __future__ import annotations

from service.storage.database import Connection
from service.storage.intake.rejects import NewReject, count_rejects, insert_rejects


def test_a_refused_row_of_a_source_counts_once(connection: Connection) -> None:
    def reject(source: str, digest: bytes, line: int = 1) -> NewReject:
        return NewReject(source, "a.csv", line, "empty_text", digest)

    insert_rejects(connection, [reject("甲", b"1"), reject("甲", b"1", 2), reject("乙", b"1")])
    insert_rejects(connection, [reject("甲", b"1"), reject("甲", b"2")])
    insert_rejects(connection, [])
    assert count_rejects(connection) == 3
