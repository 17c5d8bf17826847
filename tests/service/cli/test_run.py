"""``minqing run``: the demo county is loaded once, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.cli import run as module
from service.settings import Settings
from service.usecases.context import Context
from service.usecases.intake import import_file as importing
from service.usecases.matters.queue import QueueFilter, list_queue
from tests.service.cli.conftest import Command, told

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch, home: Path) -> list[Context]:
    """Nothing is served; what would have been is kept."""
    contexts: list[Context] = []
    monkeypatch.setattr(module, "_serve", contexts.append)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("MINQING_PORT", str(probe.getsockname()[1]))
    return contexts


@pytest.fixture
def few_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The shipped data with two small files of messages; how many messages."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("messages", "model"))
    messages = data / "samples" / "messages"
    messages.mkdir()
    for name in ("a", "b"):
        lines = [
            {"编号": f"{name}{n}", "内容": f"庄里镇第{n}条街的路灯不亮。", "时间": "2024-11-01"}
            for n in range(3)
        ]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (messages / f"{name}.jsonl").write_text(text, "utf-8")
    monkeypatch.setenv("MINQING_DATA", str(data))
    return 6


def messages(command: Command) -> int:
    return json.loads(command("status", "--json").stdout)["messages"]


@pytest.mark.usefixtures("few_samples")
def test_a_first_run_loads_the_demo_and_shows_a_screen(
    command: Command, served: list[Context]
) -> None:
    result = command("run")
    assert result.exit_code == 0, result.output
    shown = result.stdout
    assert "留言 6 件" in shown
    assert "待办最多的工作室：" in shown
    assert shown.count("    因为：") >= 3
    assert "管理员 admin 的密码" in shown
    assert "工作台地址：http://127.0.0.1:" in shown
    assert len(shown.splitlines()) <= 30
    (context,) = served
    assert context.triage.organisation.studios


@pytest.mark.usefixtures("few_samples")
def test_the_demo_is_told_as_if_it_had_come_lately(command: Command, served: list[Context]) -> None:
    command("run")
    (context,) = served
    (first, *_) = list_queue(context, QueueFilter(), limit=1).matters
    assert context.now() - first.opened_at < timedelta(days=1)
    assert json.loads(command("status", "--json").stdout)["overdue"] == 0


def test_the_samples_keep_their_order_and_the_newest_is_of_today() -> None:
    now = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    retimed = module._as_if_lately(datetime(2025, 5, 1, 12, tzinfo=UTC), now)
    written = [datetime(2023 + year, 5, 1, 12, tzinfo=UTC) for year in range(3)]
    moved = [retimed(one) for one in written]
    assert moved == sorted(moved)
    assert moved[-1] == now
    assert now - timedelta(days=25) < moved[0] < now - timedelta(days=23)


@pytest.mark.usefixtures("few_samples")
def test_a_second_run_loses_nothing_and_tells_no_password(command: Command) -> None:
    first = command("run").stdout
    again = command("run")
    assert again.exit_code == 0
    assert "密码" not in again.stdout
    assert [line for line in first.splitlines() if "留言 " in line] == [
        line for line in again.stdout.splitlines() if "留言 " in line
    ]


def test_a_first_run_broken_off_goes_on_at_the_next(
    command: Command, few_samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = importing.take_in, iter([True])

    def killed(*arguments: object) -> object:
        if next(calls, False):
            return real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "take_in", killed)
    assert command("run").exit_code != 0
    assert messages(command) == 3
    monkeypatch.setattr(importing, "take_in", real)
    assert command("run").exit_code == 0
    assert messages(command) == few_samples


@pytest.mark.parametrize("verb", ["run", "serve"])
def test_a_port_that_is_taken_is_told_before_any_work(
    command: Command, verb: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("MINQING_PORT", str(other.getsockname()[1]))
        assert "MINQING_PORT" in told(command(verb))
    assert not home.exists()


@pytest.mark.parametrize("host", ["::1", "localhost", "127.0.0.1"])
def test_the_desk_listens_on_ipv6_too(
    command: Command, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINQING_HOST", host)
    result = command("serve")
    assert result.exit_code == 0, result.output
    written = "[::1]" if host == "::1" else host
    assert f"工作台地址：http://{written}:{os.environ['MINQING_PORT']}/" in result.stdout


def test_an_ipv6_port_that_is_taken_is_told(
    command: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINQING_HOST", "::1")
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        other.listen()
        monkeypatch.setenv("MINQING_PORT", str(other.getsockname()[1]))
        assert "[::1]:" in told(command("serve"))
    assert not home.exists()


@pytest.mark.parametrize("host", ["no such host", "[::1]", "256.1.1.1", "a" * 300, "x..y"])
def test_a_host_that_is_none_is_told(
    command: Command, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINQING_HOST", host)
    assert "无法使用" in told(command("serve"))


@pytest.mark.usefixtures("few_samples")
@pytest.mark.parametrize("verb", ["run", "serve"])
def test_the_desk_completes_what_waited_when_it_starts(
    command: Command, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.usecases.archive.complete.complete_waiting", lambda _: 7)
    result = command(verb)
    assert result.exit_code == 0, result.output
    assert "补作判断 7 件" in result.stdout


def test_serve_loads_no_demo(command: Command, served: list[Context]) -> None:
    result = command("serve")
    assert result.exit_code == 0, result.output
    assert "管理员 admin 的密码" in result.stdout
    assert served[0].triage.organisation.studios
    assert messages(command) == 0


def test_the_shipped_samples_are_there_to_load() -> None:
    folder = Settings().data / "samples" / "messages"
    assert sum(path.read_bytes().count(b"\n") for path in folder.glob("*.jsonl")) >= 400
