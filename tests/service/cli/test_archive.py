"""``reclassify`` and ``rematch``: what they tell, and what stops them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import Command, told
from tests.system.dask import impatience


@pytest.fixture
def judged(command: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Two messages that the shipped model judged."""
    monkeypatch.delenv("MINQING_MODEL")
    lines = [
        {"编号": "1", "内容": "城东市场门口的路灯坏了半个月。", "时间": "2026-03-01"},
        {"编号": "2", "内容": "孩子的学校周六还在收费补课。", "时间": "2026-03-01"},
    ]
    file = home.parent / "来信.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert command("import", file).exit_code == 0
    return command


def test_what_the_same_model_judged_is_not_judged_again(judged: Command) -> None:
    result = judged("reclassify", "--processes", 1)
    assert result.exit_code == 0, result.output
    assert "重新判断 0 件" in result.stdout


def test_all_matters_are_matched_again(judged: Command) -> None:
    result = judged("rematch", "--processes", 1)
    assert result.exit_code == 0, result.output
    assert "重建索引 2 个事项，其中 0 个并入其他事项" in result.stdout


@pytest.mark.usefixtures("begun")
def test_without_a_model_neither_goes(command: Command) -> None:
    assert "分类模型不可用" in told(command("reclassify", "--processes", 1))
    assert "并案模型不可用" in told(command("rematch", "--processes", 1))


@pytest.mark.usefixtures("begun")
def test_a_cluster_that_is_not_there_is_named(command: Command) -> None:
    address = "tcp://127.0.0.1:1"
    with impatience():
        assert address in told(command("rematch", "--dask", address))


@pytest.mark.parametrize("count", ["0", "-1", "viele"])
def test_a_number_of_processes_that_is_none_is_refused(command: Command, count: str) -> None:
    assert command("reclassify", "--processes", count).exit_code == 2
