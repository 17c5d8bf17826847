"""Bulk work by joblib: one process, two, and a Dask cluster give the same to the byte."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.errors import WorkersUnavailableError
from service.storage import tables
from service.storage.database import Database
from service.triage.pipeline import Triage
from service.usecases.archive import reclassify as reclassifying
from service.usecases.archive import rematch as rematching
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matching.crew import Alone, Crew, Recipe
from service.usecases.matching.joblib_crew import open_cluster, open_local
from tests.makers import a_message
from tests.service.usecases.books import rows
from tests.system.dask import impatience, running_cluster
from tests.tiny_model import TinyModel
from tests.tiny_triage import tiny_triage_anew

THINGS = ("路灯不亮，夜里看不清路", "学校缺老师，孩子没人教", "水是黄的，洗不了衣服")
OpenCrew = Callable[[Context], AbstractContextManager[Crew]]


class OlderModel(TinyModel):
    """The same words, an older version."""

    version = "tiny-0"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_cluster(tmp_path_factory.mktemp("dask"), 2) as address:
        yield address


@pytest.fixture
def archive(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Thirty messages that an older model judged."""
    monkeypatch.setattr(reclassifying, "BATCH", 7)
    monkeypatch.setattr(rematching, "BATCH", 4)
    older = replace(context.triage, model=OlderModel(context.triage.taxonomy))
    messages = [
        a_message(f"{THINGS[n % 3]}，第{n % 11}条巷的人都这样说。", external_id=str(n))
        for n in range(30)
    ]
    receive_messages(replace(context, triage=older), messages)
    return context


def alone(context: Context) -> AbstractContextManager[Crew]:
    return nullcontext(Alone(context.triage))


def local(process_count: int) -> OpenCrew:
    return lambda context: open_local(Recipe(tiny_triage_anew), process_count)


def worked_through(archive: Context, path: Path, crew: OpenCrew) -> dict[str, list[dict[str, Any]]]:
    """What stands in a copy of the archive after a crew judged and matched it again."""
    archive.database.engine.dispose()
    shutil.copy(archive.settings.home / "minqing.sqlite3", path)
    database = Database(f"sqlite:///{path}")
    own = replace(archive, database=database)
    with crew(own) as hired:
        judged = reclassifying.reclassify(own, hired)
        matched = rematching.rematch(own, hired)
    assert (judged.total, judged.judged_count) == (30, 30)
    assert matched.matter_count == matched.total > 0
    found = {table.name: rows(own, table) for table in tables.metadata.sorted_tables}
    database.close()
    return found


@pytest.mark.parametrize("context", ["sqlite"], indirect=True)
def test_every_crew_gives_the_same_to_the_byte(
    archive: Context, tmp_path: Path, cluster: str
) -> None:
    one = worked_through(archive, tmp_path / "one.sqlite3", alone)
    assert one == worked_through(archive, tmp_path / "local1.sqlite3", local(1))
    assert one == worked_through(archive, tmp_path / "local2.sqlite3", local(2))
    by_dask = worked_through(
        archive,
        tmp_path / "dask.sqlite3",
        lambda context: open_cluster(Recipe(tiny_triage_anew), cluster),
    )
    assert one == by_dask


def test_both_workers_of_the_cluster_are_counted(cluster: str) -> None:
    limit = time.monotonic() + 30
    while True:
        with open_cluster(Recipe(tiny_triage_anew), cluster) as crew:
            if crew.process_count == 2:
                return
        assert time.monotonic() < limit


def test_without_dask_it_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(WorkersUnavailableError, match="没有安装 Dask"),
        open_cluster(Recipe(tiny_triage_anew), "tcp://127.0.0.1:1"),
    ):
        pass


@pytest.fixture
def impatient() -> Iterator[None]:
    with impatience():
        yield


def test_a_scheduler_that_does_not_answer_is_named(impatient: None) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    with (
        pytest.raises(WorkersUnavailableError, match=address),
        open_cluster(Recipe(tiny_triage_anew), address),
    ):
        pass


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://"])
def test_an_address_that_is_none_is_refused(address: str, impatient: None) -> None:
    with pytest.raises(WorkersUnavailableError), open_cluster(Recipe(tiny_triage_anew), address):
        pass


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with (
        running_cluster(tmp_path, 0) as address,
        pytest.raises(WorkersUnavailableError, match="没有可用的工作进程"),
        open_cluster(Recipe(tiny_triage_anew), address),
    ):
        pass


def killed_at_work() -> Triage:
    os.kill(os.getpid(), 9)
    raise AssertionError


def test_a_process_that_is_lost_is_told(archive: Context) -> None:
    with (
        pytest.raises(WorkersUnavailableError, match="中途结束"),
        open_local(Recipe(killed_at_work), 2) as crew,
    ):
        reclassifying.reclassify(archive, crew)
    assert len(rows(archive, tables.classification)) == 30
