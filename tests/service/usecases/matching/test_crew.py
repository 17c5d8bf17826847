"""Several processes understand messages: the same result, in the same order, or a clear end."""

from __future__ import annotations

import copyreg
import json
import os
import pickle
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from service.domain.message import IncomingMessage
from service.errors import FileUnreadableError, WorkersUnavailableError
from service.intake.messages import ReadOptions
from service.intake.reader import read_messages
from service.storage import tables
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.in_force.provisions import read_provisions
from service.usecases.intake import import_file as importing
from service.usecases.intake.import_file import import_file
from service.usecases.intake.receive import draft_messages
from service.usecases.matching.crew import (
    Alone,
    Processes,
    Recipe,
    Task,
    _fields_alone,
    open_processes,
)
from tests.makers import NOW, a_message
from tests.service.usecases.books import check_books, rows, stored_texts
from tests.tiny_triage import tiny_triage_anew

OPTIONS = ReadOptions(now=NOW)
THINGS = ("路灯不亮，夜里看不清路", "学校缺老师，孩子没人教", "水是黄的，洗不了衣服")
RANDOM = {"receipt", "sealed", "mark"}


def killed_at_work() -> Triage:
    """What a process does that the system ends for want of memory."""
    os.kill(os.getpid(), 9)
    raise AssertionError


@pytest.fixture(scope="module")
def two() -> Iterator[Processes]:
    with open_processes(Recipe(tiny_triage_anew), 2) as crew:
        yield crew


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A long file, for the tests' idea of long."""
    monkeypatch.setattr(importing, "LONG_FILE_BYTES", 100)
    monkeypatch.setattr(importing, "BATCH", 7)
    path = tmp_path / "来信.jsonl"
    lines = [
        {
            "编号": str(number),
            "标题": f"第{number % 5}条街",
            "内容": f"{THINGS[number % 3]}，第{number % 11}条巷的人都这样说，盼回复。",
            "时间": "2026-03-01",
            "来信人": f"某{number % 6}",
        }
        for number in range(40)
    ]
    path.write_text("\n".join(json.dumps(line) for line in [*lines, lines[0], {}]), "utf-8")
    return path


def hired(crew: Processes) -> AbstractContextManager[Processes]:
    return nullcontext(crew)


def stored(context: Context) -> dict[str, list[dict[str, Any]]]:
    """All tables without what is drawn at random; PostgreSQL's counters never go back."""
    found = {table.name: plain(rows(context, table)) for table in tables.metadata.sorted_tables}
    salted = tables.event.name  # its digests are made with what is drawn at random
    found[salted] = [row | {"salt": None, "digest": None} for row in found[salted]]
    return found


def plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for counted in ("id", "sender_id"):
        least = min((row[counted] for row in found if row.get(counted)), default=0)
        found = [
            row | {counted: row[counted] - least} if row.get(counted) else row for row in found
        ]
    return [{name: row[name] for name in row if name not in RANDOM} for row in found]


def test_processes_and_one_alone_store_the_same(
    context: Context, letters: Path, two: Processes
) -> None:
    import_file(context, letters, "城东", OPTIONS, rejects_path=letters.parent / "a.csv")
    alone = stored(context)
    with context.database.transaction() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
    summary = import_file(
        context,
        letters,
        "城东",
        OPTIONS,
        rejects_path=letters.parent / "b.csv",
        crew=lambda: hired(two),
    )
    assert (summary.row_count, summary.new_count, summary.known_count) == (42, 40, 1)
    assert summary.joined_count > 20
    assert stored(context) == alone
    check_books(context)


def test_a_short_file_needs_no_crew(
    context: Context, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hire() -> AbstractContextManager[Processes]:
        raise AssertionError("nobody is needed")

    monkeypatch.setattr(importing, "LONG_FILE_BYTES", letters.stat().st_size + 1)
    rejects = letters.parent / "bad.csv"
    import_file(context, letters, "城东", OPTIONS, rejects_path=rejects, crew=hire)
    assert len(stored_texts(context)) == 40


def test_results_come_in_the_order_of_the_tasks(context: Context, two: Processes) -> None:
    tasks = [
        draft_messages(
            context, [a_message(f"第{number}条街的路灯坏了。") for number in numbers]
        ).task
        for numbers in (range(9), range(1), range(0), range(20, 23))
    ]
    alone = list(Alone(context.triage).understand(tasks))
    found = list(two.understand(iter(tasks)))
    assert [[each.whole for each in part] for part in found] == [
        [each.whole for each in part] for part in alone
    ]
    assert [len(part) for part in found] == [9, 1, 0, 3]


def test_only_a_few_tasks_are_out_at_a_time(context: Context, two: Processes) -> None:
    with context.database.reading() as connection:
        provisions = read_provisions(connection)
    taken: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(100):
            taken.append(number)
            yield Task(provisions, ())

    results = two.understand(tasks())
    next(results)
    assert len(taken) < 10
    assert sum(1 for _ in results) == 99


def test_damage_further_in_is_told_after_what_came_before_is_stored(
    context: Context, letters: Path, two: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> Iterator[Any]:
        for number, row in enumerate(read_messages(*arguments)):
            if number == 20:
                raise FileUnreadableError("文件到此残缺")
            yield row

    monkeypatch.setattr(importing, "read_messages", broken)
    with pytest.raises(FileUnreadableError):
        import_file(
            context,
            letters,
            "城东",
            OPTIONS,
            rejects_path=letters.parent / "bad.csv",
            crew=lambda: hired(two),
        )
    assert len(stored_texts(context)) == 14
    check_books(context)


def test_a_process_that_is_lost_is_told(context: Context, letters: Path) -> None:
    rejects = letters.parent / "bad.csv"

    def crew() -> AbstractContextManager[Processes]:
        return open_processes(Recipe(killed_at_work), 2)

    with pytest.raises(WorkersUnavailableError, match="中途结束"):
        import_file(context, letters, "城东", OPTIONS, rejects_path=rejects, crew=crew)
    assert stored_texts(context) == []


def test_nothing_of_what_goes_between_processes_is_left_behind() -> None:
    sent = [cls for cls, way in copyreg.dispatch_table.items() if way is _fields_alone]
    assert IncomingMessage in sent
    for cls in sent:
        assert [each.name for each in fields(cls)] == list(cls.__match_args__)
    message = a_message("路灯不亮", external_id="7")
    assert pickle.loads(pickle.dumps(message)) == message
