"""The desk's log: JSON lines with the request's number, and no word of a citizen."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from service.errors import SettingsError
from service.web.logs import log_to
from service.web.request_ids import HEADER
from tests.service.web.visitor import Visitor

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    """What was logged so far."""
    handler = log_to(tmp_path / "logs", "desk")
    path = tmp_path / "logs" / "desk.jsonl"
    yield lambda: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_an_answer_has_the_number_of_its_line(program: Visitor, lines: Lines) -> None:
    answer = program.get("/healthz")
    number = answer.headers[HEADER]
    assert re.fullmatch("[0-9a-f]{32}", number)
    (line,) = lines()
    assert line["request_id"] == number
    assert (line["method"], line["route"], line["status"]) == ("GET", "/healthz", 200)
    assert isinstance(line["ms"], float)


def test_a_number_that_comes_with_the_request_is_kept(program: Visitor, lines: Lines) -> None:
    answer = program.get("/healthz", headers={HEADER: "proxy-7.a_B"})
    assert answer.headers[HEADER] == "proxy-7.a_B"
    assert lines()[0]["request_id"] == "proxy-7.a_B"


@pytest.mark.parametrize("given", ["", "a b", "a" * 65, '"}{', "x;y", "é"])
def test_a_number_that_could_break_a_log_is_replaced(program: Visitor, given: str) -> None:
    answer = program.get("/healthz", headers={HEADER: given.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers[HEADER])


def test_no_address_is_logged_as_it_was_typed(program: Visitor, lines: Lines) -> None:
    program.get("/张三13800138000?q=李四")
    program.get("/api/v1/matters/77?q=李四")
    assert [line["route"] for line in lines()] == ["other", "/api/v1/matters/{matter_id}"]
    assert not re.search("张三|李四|138", json.dumps(lines(), ensure_ascii=False))


def test_an_unforeseen_error_is_logged_without_its_words(
    app: FastAPI, program: Visitor, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(database: object) -> bool:
        raise ValueError("张三的电话")

    monkeypatch.setattr(type(app.state.context.database), "is_current", fail)
    answer = program.get("/readyz")
    assert answer.status_code == 500
    error, answered = lines()
    assert (error["level"], error["exception"]) == ("ERROR", "ValueError")
    assert error["request_id"] == answered["request_id"] == answer.headers[HEADER]
    assert error["trace"]
    assert "张三" not in json.dumps([error, answered], ensure_ascii=False)


def test_only_the_owner_reads_the_log(tmp_path: Path, lines: Lines) -> None:
    logging.getLogger().error("something")
    assert len(lines()) == 1
    assert (tmp_path / "logs" / "desk.jsonl").stat().st_mode & 0o077 == 0


def test_six_months_of_days_are_kept(tmp_path: Path, lines: Lines) -> None:
    (handler,) = (h for h in logging.getLogger().handlers if "desk.jsonl" in str(h))
    for day in range(1, 229):
        name = f"desk.jsonl.2025-{1 + day // 29:02}-{1 + day % 29:02}"
        (tmp_path / "logs" / name).write_text("", "utf-8")
    logging.getLogger().error("today")
    handler.doRollover()  # type: ignore[attr-defined]
    old = [path.name for path in (tmp_path / "logs").iterdir() if path.name != "desk.jsonl"]
    assert len(old) == 200
    assert min(old) > "desk.jsonl.2025-01"


def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file", "utf-8")
    with pytest.raises(SettingsError, match="日志"):
        log_to(tmp_path / "logs", "desk")
