"""The queue's pages, against a plain sort of the same matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from service.domain.access import WHOLE, Holder, Scope, ScopeKind
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.database import Connection, Database
from service.storage.matters import queue as queue_module
from service.storage.matters import queue_filter
from service.storage.matters.matters import NewMatter, change_matter, insert_matters
from service.storage.matters.queue import (
    QueuePosition,
    count_open_by_studio,
    count_queue,
    read_queue,
)
from service.storage.matters.queue_filter import QueueFilter
from tests.makers import NOW
from tests.service.storage.new_rows import ASSIGNMENT, a_matter

STUDIOS = Scope(ScopeKind.STUDIO, frozenset({"T1", "T2"}))
# Few different values, so that ties are common.
matters = st.lists(
    st.builds(
        dict,
        status=st.sampled_from(MatterStatus),
        is_urgent=st.booleans(),
        due_at=st.integers(-3, 3).map(lambda n: NOW + timedelta(days=n)),
        opened_at=st.integers(-3, 3).map(lambda n: NOW + timedelta(days=n)),
        topic=st.sampled_from(["", "0102", "1402"]),
        department=st.sampled_from(["", "住建局", "教育局"]),
        title=st.sampled_from(["路灯", "路%灯", "学_校", "A\\B", ""]),
        kind=st.sampled_from(["complaint", "help"]),
        place=st.sampled_from(["", "富平县"]),
        assignment=st.builds(
            lambda code, members: type(ASSIGNMENT)(code, tuple(members), "", ()),
            st.sampled_from(["", "T1", "T2"]),
            st.lists(st.sampled_from(["M1", "M2", '"M3']), unique=True, max_size=3),
        ),
    ),
    max_size=12,
).map(lambda rows: [a_matter(n, **row) for n, row in enumerate(rows, 1)])
filters = st.builds(
    QueueFilter,
    studio=st.sampled_from(["", "T1", "T9"]),
    department=st.sampled_from(["", "住建局"]),
    topic=st.sampled_from(["", "01", "14", "0102", "0104"]),
    kind=st.sampled_from(["", "help"]),
    place=st.sampled_from(["", "富平县", "富平"]),
    member=st.sampled_from(["", "", "M2", '"M3', "M"]),
    opened_from=st.sampled_from([None, None, NOW - timedelta(days=1), NOW + timedelta(days=2)]),
    opened_before=st.sampled_from([None, None, NOW, NOW + timedelta(days=2)]),
    statuses=st.sampled_from([(), ("review",), ("closed", "assigned")]),
    urgent=st.sampled_from([None, True, False]),
    overdue=st.sampled_from([None, True, False]),
    due_by=st.sampled_from([None, NOW - timedelta(days=1)]),
    words=st.sampled_from(["", "路", "%", "_", "\\"]),
    scope=st.sampled_from(
        [
            WHOLE,
            WHOLE,
            STUDIOS,
            Scope(ScopeKind.STUDIO, frozenset({"T2", "T3", "T4", "T5"})),
            Scope(ScopeKind.DEPARTMENT, frozenset({"住建局"})),
            Scope(ScopeKind.DEPARTMENT, frozenset({"住建局", '"水利%'})),
        ]
    ),
)
# Which departments help with the first matters.
helpers = st.lists(
    st.lists(st.sampled_from(["住建局", '"水利%', "教育局"]), max_size=3), max_size=12
)


def paged_back(connection: Connection, wanted: QueueFilter, limit: int) -> list[int]:
    """The queue from its end by pages, each before the first row of the one behind it."""
    seen: list[int] = []
    before = QueuePosition(False, NOW + timedelta(days=100), 2**62, True)
    while page := read_queue(connection, wanted, before, limit, NOW):
        assert len(page) <= limit
        seen = [row.id for row in page] + seen
        before = QueuePosition(page[0].is_urgent, page[0].due_at, page[0].id, True)
    return seen


def plainly(stored: list[NewMatter], helping: list[list[str]], wanted: QueueFilter) -> list[int]:
    """The queue as one would sort it by hand."""
    helpers_of = dict(enumerate(helping, 1))

    def is_wanted(m: NewMatter) -> bool:
        statuses = wanted.statuses or [s.value for s in OPEN_STATUSES]
        return (
            m.status.value in statuses
            and (not wanted.studio or m.assignment.studio == wanted.studio)
            and (not wanted.department or m.department == wanted.department)
            and m.topic.startswith(wanted.topic)
            and wanted.kind in ("", m.kind)
            and wanted.place in ("", m.place)
            and (not wanted.member or wanted.member in m.assignment.members)
            and (wanted.opened_from is None or m.opened_at >= wanted.opened_from)
            and (wanted.opened_before is None or m.opened_at < wanted.opened_before)
            and wanted.urgent in (None, m.is_urgent)
            and wanted.overdue in (None, m.due_at <= NOW)
            and (wanted.due_by is None or m.due_at <= wanted.due_by)
            and wanted.words in m.title
            and wanted.scope.includes(
                Holder(m.committee, m.assignment.studio, m.department, (*helpers_of.get(m.id, ()),))
            )
        )

    chosen = [m for m in stored if is_wanted(m)]
    return [m.id for m in sorted(chosen, key=lambda m: (not m.is_urgent, m.due_at, m.id))]


def paged(connection: Connection, wanted: QueueFilter, limit: int) -> list[int]:
    """The queue by pages, each behind the last row of the one before."""
    seen: list[int] = []
    after: QueuePosition | None = None
    while page := read_queue(connection, wanted, after, limit, NOW):
        assert len(page) <= limit
        seen += [row.id for row in page]
        after = QueuePosition(page[-1].is_urgent, page[-1].due_at, page[-1].id)
    return seen


# The database is the same for all examples: each is rolled back.
@pytest.mark.parametrize("few", [0, 3_000])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=matters, helping=helpers, wanted=filters, limit=st.integers(1, 5))
def test_pages_make_the_same_order_as_a_plain_sort(
    migrated: Database,
    few: int,
    stored: list[NewMatter],
    helping: list[list[str]],
    wanted: QueueFilter,
    limit: int,
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        migrated.engine.connect() as connection,
        connection.begin() as transaction,
    ):
        patch.setattr(queue_filter, "_FEW", few)
        patch.setattr(queue_module, "_FEW_COUNTED", few)
        insert_matters(connection, stored)
        for new, departments in zip(stored, helping, strict=False):
            change_matter(connection, new.id, helping=["林业局"])
            change_matter(connection, new.id, helping=departments)
        expected = plainly(stored, helping, wanted)
        assert paged(connection, wanted, limit) == expected
        assert paged_back(connection, wanted, limit) == expected
        assert count_queue(connection, wanted, NOW, 2) == min(len(expected), 2)
        assert count_queue(connection, wanted, NOW, 100) == len(expected)
        everything = plainly(stored, helping, QueueFilter())
        assert sum(count_open_by_studio(connection).values()) == len(everything)
        transaction.rollback()


@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        (QueueFilter(), {"ix_matter_queue"}),
        (QueueFilter(studio="T1"), {"ix_matter_queue_studio"}),
        (QueueFilter(department="住建局"), {"ix_matter_queue_department"}),
        (QueueFilter(committee="C1"), {"ix_matter_queue_committee"}),
        (QueueFilter(place="富平县"), {"ix_matter_queue_place"}),
        (QueueFilter(kind="help"), {"ix_matter_queue_kind"}),
        (QueueFilter(topic="01"), {"ix_matter_queue_topic"}),
        (QueueFilter(topic="0102"), {"ix_matter_queue_topic"}),
        (QueueFilter(member="M1"), {f"ix_matter_queue_member_{place}" for place in range(3)}),
        (QueueFilter(opened_before=NOW), {"ix_matter_opened_at"}),
        (QueueFilter(scope=STUDIOS), {"ix_matter_queue_studio"}),
    ],
)
def test_a_page_is_read_by_an_index(
    sqlite_url: str, wanted: QueueFilter, indexes: set[str]
) -> None:
    database = Database(sqlite_url)
    database.upgrade()
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    with database.reading() as connection:
        read_queue(connection, wanted, None, 5, NOW)
        statement, given = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    database.close()
    steps = [step for *_, step in plan if re.search(r"\bmatter USING (COVERING )?INDEX", step)]
    assert {name for step in steps for name in re.findall(r"INDEX (\w+)", step)} == indexes
    assert not [step for *_, step in plan if step == "SCAN matter"]


@pytest.mark.parametrize("limit", [1, 3])
def test_a_position_of_a_matter_that_is_gone_still_has_a_place(
    connection: Connection, limit: int
) -> None:
    insert_matters(connection, [a_matter(n) for n in (1, 3, 4)])
    gone = QueuePosition(False, NOW, 2)
    rows = read_queue(connection, QueueFilter(), gone, limit, NOW)
    assert [row.id for row in rows] == [3, 4][:limit]


@pytest.mark.hostile
def test_what_anybody_may_type_fills_no_cache(connection: Connection) -> None:
    caches = queue_module._usual_page, queue_module._usual_count
    for account in ("陈", "李"):
        usual = QueueFilter(claim="nobody", account=account)
        read_queue(connection, usual, None, 5, NOW)
        count_queue(connection, usual, NOW, 5)
    kept = [cache.cache_info().currsize for cache in caches]
    for number in range(3):
        for odd in (
            QueueFilter(words=f"路灯{number}"),
            QueueFilter(place=f"第{number}镇"),
            QueueFilter(opened_from=NOW + timedelta(seconds=number)),
            QueueFilter(due_by=NOW + timedelta(seconds=number)),
            QueueFilter(claim="nobody", account=f"王{number}"),
        ):
            read_queue(connection, odd, None, 5, NOW)
            count_queue(connection, odd, NOW, 5)
    assert [cache.cache_info().currsize for cache in caches] == kept


@pytest.mark.postgres
@pytest.mark.parametrize(
    "look",
    [
        lambda connection: read_queue(connection, QueueFilter(), None, 5, NOW),
        lambda connection: count_queue(connection, QueueFilter(), NOW, 5),
    ],
)
def test_no_plan_is_kept_for_all_values(
    postgres_url: str, look: Callable[[Connection], object]
) -> None:
    database = Database(postgres_url)
    database.upgrade()
    ask = "SHOW plan_cache_mode"
    with database.reading() as connection:
        look(connection)
        assert connection.exec_driver_sql(ask).scalar() == "force_custom_plan"
    with database.reading() as connection:
        assert connection.exec_driver_sql(ask).scalar() == "auto"
    database.close()
