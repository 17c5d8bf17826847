"""The tables and sums of a digest of each reader, counted again by SQL of their own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from service.digest.counts import Dimension
from service.digest.periods import Period, parse_period
from service.digest.report import Digest
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from tests.makers import Clock
from tests.service.digest.test_sums import check_sums
from tests.service.usecases.digests.test_digest import WEEK, filled

__all__ = ["filled"]

FEBRUARY = parse_period("2026-02")
COLUMNS = {
    Dimension.TOPIC_L1: "substr(matter.topic, 1, 2)",
    Dimension.TOPIC: "matter.topic",
    Dimension.DEPARTMENT: "matter.department",
    Dimension.PLACE: "matter.place",
    Dimension.COMMITTEE: "matter.committee",
    Dimension.STUDIO: "matter.studio",
    Dimension.CHANNEL: "message.channel",
    Dimension.KIND: "matter.kind",
}
COUNTED = """
    SELECT {key}, count(*), sum(CASE WHEN demand.relation = 'copy' THEN 1 ELSE 0 END),
           count(DISTINCT message.sender_id)
               + sum(CASE WHEN message.sender_id IS NULL THEN 1 ELSE 0 END)
    FROM message, demand, matter
    WHERE demand.message_id = message.id AND matter.id = demand.matter_id
      AND message.part_of IS NULL AND message.sent_on BETWEEN :first AND :last AND {share}
    GROUP BY 1
"""
SHARES = {
    DigestScopeKind.WHOLE: "'' = :key",
    DigestScopeKind.COMMITTEE: "matter.committee = :key",
    DigestScopeKind.STUDIO: "matter.studio = :key",
    DigestScopeKind.DEPARTMENT: "matter.department = :key",
    DigestScopeKind.TOPIC: "substr(matter.topic, 1, 2) = :key",
}


def scopes(context: Context) -> list[DigestScope]:
    """The whole county, and of each kind all readers that have a matter."""
    found = [WHOLE_COUNTY]
    with context.database.reading() as connection:
        for kind in list(SHARES)[1:]:
            column = COLUMNS[Dimension(f"{kind.value}_l1" if kind.value == "topic" else kind.value)]
            keys = connection.execute(text(f"SELECT DISTINCT {column} FROM matter ORDER BY 1"))
            found += [find_scope(context, **{kind.value: key}) for (key,) in keys if key]
    return found


def counted(
    context: Context, column: str, period: Period, scope: DigestScope
) -> dict[str, tuple[int, int, int]]:
    """For each key: messages, copies, people."""
    query = text(COUNTED.format(key=column, share=SHARES[scope.kind]))
    asked: dict[str, str | date] = {
        "first": str(period.first_day),
        "last": str(period.last_day),
        "key": scope.key,
    }
    if context.database.engine.dialect.name == "postgresql":
        asked |= {"first": period.first_day, "last": period.last_day}
    with context.database.reading() as connection:
        return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(query, asked)}


def test_each_table_of_each_reader_is_what_the_database_counts(
    filled: Context, clock: Clock
) -> None:
    clock.at = datetime(2026, 4, 1, tzinfo=SHANGHAI)
    found = scopes(filled)
    assert {scope.kind for scope in found} == set(DigestScopeKind)
    for scope in found:
        digest = make_digest(filled, WEEK, scope)
        for dimension, column in COLUMNS.items():
            told = {
                row.key: tuple(
                    figure.value
                    for figure in (row.tally.messages, row.tally.copies, row.tally.people)
                )
                for row in digest.table(dimension).rows
                if row.tally.messages.value
            }
            assert told == counted(filled, column, WEEK, scope), (scope, dimension)
        assert_total(filled, digest, scope)


def assert_total(context: Context, digest: Digest, scope: DigestScope) -> None:
    tally = digest.overview.tally
    whole = counted(context, "''", WEEK, scope).get("", (0, 0, 0))
    assert (tally.messages.value, tally.copies.value, tally.people.value) == whole


@pytest.mark.parametrize("period", [WEEK, FEBRUARY], ids=lambda period: period.label_zh)
def test_the_days_of_each_reader_add_up(filled: Context, clock: Clock, period: Period) -> None:
    clock.at = datetime(2026, 4, 1, tzinfo=SHANGHAI)
    days = [period.first_day + timedelta(days=n) for n in range(period.day_count)]
    for scope in (WHOLE_COUNTY, find_scope(filled, studio="T1"), find_scope(filled, topic="04")):
        parts = [make_digest(filled, parse_period(day.isoformat()), scope) for day in days]
        check_sums(make_digest(filled, period, scope), parts)


def test_what_was_closed_in_time_and_what_is_urgent_are_those_of_the_rows(
    filled: Context, clock: Clock
) -> None:
    clock.at = datetime(2026, 4, 1, tzinfo=SHANGHAI)
    overview = make_digest(filled, parse_period("2026")).overview
    asked = {
        "SELECT id FROM matter WHERE closed_at <= due_at ORDER BY id": overview.in_time.matter_ids,
        "SELECT id FROM matter WHERE closed_at IS NOT NULL ORDER BY id": overview.closed.matter_ids,
        "SELECT message_id FROM demand JOIN matter ON matter.id = matter_id WHERE is_urgent"
        " ORDER BY 1": overview.urgent.message_ids,
        "SELECT message_id FROM demand JOIN matter ON matter.id = matter_id WHERE status = 'review'"
        " ORDER BY 1": overview.to_review.message_ids,
    }
    with filled.database.reading() as connection:
        for query, told in asked.items():
            assert tuple(row[0] for row in connection.execute(text(query))) == told, query
    assert overview.closed.value == 2
