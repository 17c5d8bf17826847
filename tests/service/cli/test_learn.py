"""``minqing learn`` and ``minqing model``."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.composition import build_context, with_directory
from service.domain.kind import Kind
from service.settings import read_settings
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.cli.conftest import Command, told
from tests.training.small import write_small_model

PLACES = ("东街", "西关", "北桥", "南塬", "河湾", "石坡", "柳巷", "槐院", "新村", "老城")
# what is written, topic, department, kind
PROBLEMS = (
    ("水管爆了没水用", ("城乡建设", "城市建设和市政管理"), "水利局", Kind.HELP),
    ("路灯都不亮", ("城乡建设", "城市建设和市政管理"), "城管局", Kind.COMPLAINT),
    ("小学招生要什么证件", ("教育文体", "考试招生"), "教育局", Kind.QUESTION),
    ("房子漏水没人修", ("城乡建设", "住房保障与房地产"), "住建局", Kind.HELP),
)


@pytest.fixture
def own_data(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped data, but with a small model."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.delenv("MINQING_MODEL")
    for entry in read_settings().data.iterdir():
        if entry.name != "model":
            (folder / entry.name).symlink_to(entry)
    (folder / "model").mkdir()
    write_small_model(folder / "model" / "default.mqm")
    monkeypatch.setenv("MINQING_DATA", str(folder))
    return folder


def decide(context: Context, places: tuple[str, ...]) -> None:
    for place in places:
        for words, topic, department, kind in PROBLEMS:
            (received,) = receive_messages(context, [a_message(f"{place}{words}。", title="")])
            code = context.triage.taxonomy.code(*topic)
            correction = Correction(code, department, kind.value, False, "")
            correct_matter(context, received.matter_id, correction, "王科")


@pytest.fixture
def taught(own_data: Path) -> None:
    """A desk with forty corrections."""
    context = with_directory(build_context(read_settings()))
    decide(context, PLACES)
    context.database.close()


def test_learning_shows_both_sides_and_promotes_the_better(command: Command, taught: None) -> None:
    result = command("learn")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert any(line.startswith("更正和确认 40 条") for line in lines)
    assert any(line.startswith("承办单位（12 件）：现用 ") for line in lines)
    assert any(line.startswith("  城乡建设／城市建设和市政管理（") for line in lines)
    assert any(line.startswith("  不紧急（12 件）") for line in lines)
    assert "已启用。正在运行的工作台重启后才改用它。" in lines[-1]
    (learned, shipped) = command("model", "list").output.splitlines()
    assert "使用中" in learned and "学自 40 条" in learned
    assert "待用" in shipped
    rolled = command("model", "rollback")
    assert rolled.output.startswith(f"已启用模型 {shipped.split()[0]}")
    assert "没有可以退回的" in told(command("model", "rollback"))
    version = learned.split()[0]
    assert command("model", "promote", version).output.startswith(f"已启用模型 {version}")
    assert "已在使用" in told(command("model", "promote", version))


def test_learning_without_promoting_says_how_to(command: Command, taught: None) -> None:
    lines = command("learn", "--no-promote").output.splitlines()
    assert lines[-2] == "按 --no-promote 未启用。"
    assert lines[-1].startswith("需要时可用 minqing model promote ")


def test_learning_anew_keeps_one_model(command: Command, taught: None) -> None:
    command("learn")
    lines = command("learn", "--anew").output.splitlines()
    assert lines[-2].startswith("更正和确认现有 40 条；已删除此前的模型 ")
    (learned, _) = command("model", "list").output.splitlines()
    assert "未作检验" in learned


@pytest.mark.usefixtures("begun")
def test_too_few_corrections_are_told_in_a_line(command: Command, own_data: Path) -> None:
    assert "未学过的有 0 条，至少要有 40 条" in told(command("learn"))


@pytest.mark.usefixtures("begun")
def test_a_named_model_that_is_missing_is_told_in_a_line(command: Command) -> None:
    assert "no-model.mqm" in told(command("learn"))


@pytest.mark.parametrize(
    "options", [["--margin", "2"], ["--held-out", "0.9"], ["--margin", "viel"], ["--held-out"]]
)
def test_wrong_options_are_told_in_a_line(command: Command, options: list[str]) -> None:
    told(command("learn", *options))


@pytest.mark.usefixtures("begun")
def test_an_unknown_version_is_told_in_a_line(command: Command, own_data: Path) -> None:
    assert "找不到" in told(command("model", "promote", "000000000000"))


def test_a_named_model_wins_and_the_list_says_so(
    command: Command, taught: None, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("learn")
    monkeypatch.setenv("MINQING_MODEL", str(own_data / "model" / "default.mqm"))
    lines = command("model", "list").output.splitlines()
    assert "使用中" in lines[1]
    assert "MINQING_MODEL" in lines[2]
