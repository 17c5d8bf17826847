"""minqing group: what it prints and writes, and what it says where it cannot."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from service.triage.pipeline import Triage
from tests.service.cli.conftest import Command, told
from tests.service.intake.hostile_files import HEADER, as_csv
from tests.tiny_model import TinyModel, tiny_pair_model

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
ROWS = [
    ("1", "甲", "路灯", "2019/7/8 8:00", LAMP, "0", "1"),
    ("2", "乙", "路灯", "2019/7/9 9:00", LAMP, "0", "0"),
    ("3", "丙", "空的", "2019/7/10", "", "0", "0"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stream.csv"
    path.write_text(as_csv(HEADER, *ROWS), "utf-8")
    return path


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("query\tcandidate\tsame_p\n2\t1\tx\n2\t9\ty\n", "utf-8")
    return path


@pytest.fixture
def with_model(triage: Triage, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())
    monkeypatch.setattr("service.composition.build_triage", lambda *_: tiny)


def written(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.usefixtures("with_model")
def test_a_file_is_grouped_without_a_database(command: Command, file: Path, home: Path) -> None:
    result = command("group", file, "-o", "out.csv")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "归并 2 件，归为 1 个事项，结果见 out.csv",
        "首件 1，重复件 1，重复来信 0，同案来信 0",
        "未能读取 1 行，原因见结果的 because 列",
    ]
    assert [row[:3] for row in written(Path("out.csv"))] == [
        ["id", "matter", "relation"],
        ["1", "1", "first"],
        ["2", "1", "copy"],
        ["第4行", "", ""],
    ]
    assert not home.exists()


@pytest.mark.usefixtures("with_model")
def test_given_pairs_are_scored(command: Command, file: Path, pairs: Path) -> None:
    result = command("group", file, "--pairs", pairs, "--output", "out.csv")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "打分 1 对，结果见 out.csv",
        "未能打分 1 对，原因见结果的 because 列",
        "留言文件中未能读取 1 行",
        "与结果同名的列改名为“…_输入”：same_p",
    ]
    assert [len(row) for row in written(Path("out.csv"))] == [7, 7, 7]


def test_without_a_model_it_is_told(command: Command, file: Path, pairs: Path) -> None:
    line = "并案模型不可用，无法比较留言。"
    assert told(command("group", file, "-o", "out.csv")) == line
    assert told(command("group", file, "--pairs", pairs, "-o", "out.csv")) == line
    assert not Path("out.csv").exists()


@pytest.mark.usefixtures("with_model")
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["no.csv", "-o", "out.csv"], "找不到 no.csv"),
        (["stream.csv", "--pairs", "no.tsv", "-o", "out.csv"], "找不到 no.tsv"),
        (["stream.csv", "--pairs", "stream.csv", "-o", "out.csv"], "没有列“query”"),
        (["stream.csv", "-o", "stream.csv"], "正是要读的文件"),
        (["stream.csv"], "缺少 选项 --output"),
        (["stream.csv", "-o", "no/out.csv"], "文件无法写入"),
        (["stream.csv", "-o", "out.csv", "--map", "甲"], "甲"),
    ],
)
def test_a_wrong_call_is_answered_in_one_line(
    command: Command, file: Path, arguments: list[str], line: str
) -> None:
    assert line in told(command("group", *arguments))


@pytest.mark.parametrize("name", ["triage", "group"])
def test_a_named_model_must_be_sound_and_is_never_written_over(
    command: Command, file: Path, tmp_path: Path, name: str
) -> None:
    model = tmp_path / "m.mqm"
    line = told(command(name, file, "-o", tmp_path / "out.csv", "--model", model))
    assert "m.mqm" in line
    assert not (tmp_path / "out.csv").exists()
    model.write_bytes(b"x")
    told(command(name, file, "-o", tmp_path / "out.csv", "--model", model))
    assert "正是要读的文件" in told(command(name, file, "-o", model, "--model", model))
    assert model.read_bytes() == b"x"
