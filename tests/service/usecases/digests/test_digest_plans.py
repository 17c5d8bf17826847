"""How SQLite goes about the queries of a digest: it must not read the whole history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from service.digest.periods import parse_period
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.usecases.context import Context
from service.usecases.digests.digest_facts.read import read_facts
from tests.service.usecases.digests.test_digest import filled

__all__ = ["filled"]

HISTORY = ("message", "demand", "matter", "classification", "event")
# What nearly every row has in common leads to nearly all of them; so does having been opened once.
WIDE = ("(merged_into=?", "(part_of=?", "(opened_at<?)", "(decided_by=?")
SCOPES = (
    WHOLE_COUNTY,
    DigestScope(DigestScopeKind.COMMITTEE, "c", "c", ("c", "d")),
    DigestScope(DigestScopeKind.STUDIO, "s", "s"),
    DigestScope(DigestScopeKind.DEPARTMENT, "住建局", "住建局"),
    DigestScope(DigestScopeKind.TOPIC, "04", "04"),
)


@contextmanager
def plans(context: Context) -> Iterator[list[str]]:
    """The steps of all plans made while it lasts."""
    steps: list[str] = []

    def explain(connection: Any, _: Any, statement: str, values: Any, *__: Any) -> None:
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        steps.extend(row[3] for row in cursor.fetchall())

    event.listen(context.database.engine, "before_cursor_execute", explain)
    yield steps
    event.remove(context.database.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("context", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.kind.value)
def test_no_query_goes_through_the_whole_history(filled: Context, scope: DigestScope) -> None:
    with plans(filled) as steps, filled.database.reading() as connection:
        read_facts(connection, parse_period("2026-W09"), scope, filled.now())
    assert any("ix_message_sent_on" in step for step in steps)
    scans = [step for step in steps if step in {f"SCAN {table}" for table in HISTORY}]
    assert scans == []
    assert [step for step in steps if any(wide in step for wide in WIDE)] == []
