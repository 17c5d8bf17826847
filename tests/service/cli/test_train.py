"""train, predict, evaluate: from a table to a model and back, and what they refuse."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.cli.conftest import Command, told
from tests.service.intake.hostile_files import workbook
from tests.training.own_table import COLUMNS, table_rows, write_table

TEXT = ("--text", "标题,内容")
LABELS = ("--label", "单位=单位,另可", "--label", "kind=性质")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_table(tmp_path / "t.csv")


@pytest.fixture
def model(command: Command, table: Path, tmp_path: Path) -> Path:
    result = command("train", table, *TEXT, *LABELS, "-o", tmp_path / "m.mqm")
    assert result.exit_code == 0, result.output
    return tmp_path / "m.mqm"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_training_shows_its_steps_and_what_came_out(
    command: Command, table: Path, tmp_path: Path
) -> None:
    result = command("train", table, *TEXT, *LABELS, "-o", tmp_path / "m.mqm")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "读入 72 行"
    assert "留出检验 5/5" in lines
    assert any(line.startswith("“单位”留出检验 72 行：准确率") for line in lines)
    names = {path.name for path in tmp_path.glob("m*")}
    assert {"m.mqm", "m.md", "m-1-单位-confusion.svg", "m-2-kind-coverage.svg"} <= names


def test_predict_keeps_the_columns_and_adds_two_a_head(
    command: Command, model: Path, tmp_path: Path
) -> None:
    rows = [*table_rows()[:3], ("x", "", " ", "-", "-3.5", "=1+1"), *table_rows()[3:5]]
    data = write_table(tmp_path / "new.csv", rows)
    result = command("predict", model, data, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    assert "没有文字 1 行" in result.stdout
    assert "改名为“…_输入”：单位" in result.stdout
    found = read(tmp_path / "out.csv")
    assert list(found[0]) == [
        "编号", "标题", "内容", "单位_输入", "另可", "性质", "单位", "单位_p", "kind", "kind_p",
    ]  # fmt: skip
    assert [row["编号"] for row in found] == ["0", "1", "2", "x", "3", "4"]
    assert found[0]["单位"] == "城管局"
    assert 0.3 < float(found[0]["单位_p"]) <= 1
    assert [found[3][name] for name in ("单位", "单位_p", "kind", "kind_p")] == [""] * 4
    assert (found[3]["另可"], found[3]["单位_输入"], found[3]["性质"]) == ("-3.5", "-", "'=1+1")


def test_predict_writes_a_row_for_each_broken_one_too(
    command: Command, model: Path, tmp_path: Path
) -> None:
    data = tmp_path / "new.csv"
    data.write_text("标题,内容\n一\n路灯,东街路灯坏了\n", "utf-8")
    result = command("predict", model, data, "-o", tmp_path / "out.csv")
    assert "读不出来 1 行" in result.stdout
    found = read(tmp_path / "out.csv")
    assert [row["标题"] for row in found] == ["一", "路灯"]
    assert [bool(row["单位"]) for row in found] == [False, True]


def test_a_workbook_trains_the_same_model(command: Command, model: Path, tmp_path: Path) -> None:
    book = workbook(tmp_path / "t.xlsx", [COLUMNS, *table_rows()])
    result = command("train", book, *TEXT, *LABELS, "-o", tmp_path / "x.mqm")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "x.mqm").read_bytes() == model.read_bytes()


def test_another_file_may_lack_columns(command: Command, table: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("词,单位\n东街 路灯 又 坏 了,城管局\n", "utf-8")
    columns = ("--text", "标题,内容,词")
    result = command("train", table, more, *columns, *LABELS, "-o", tmp_path / "m.mqm")
    assert result.exit_code == 0, result.output
    assert "读入 73 行" in result.stdout
    assert "“单位”留出检验 73 行" in result.stdout


def test_evaluate_tells_the_figures(command: Command, model: Path, tmp_path: Path) -> None:
    rows = [*table_rows(), ("y", "", "", "城管局", "", ""), ("z", "路灯", "路灯", "", "", "")]
    data = write_table(tmp_path / "new.csv", rows)
    result = command(
        "evaluate", model, data, "--label", "单位=单位,另可", "--json", tmp_path / "f.json"
    )
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "f.json").read_text("utf-8"))["单位"]
    assert figures["rows"] == 73
    assert figures["accuracy"] == pytest.approx(72 / 73, abs=1e-4)
    assert set(figures["classes"]["城管局"]) == {"precision", "recall", "f1", "support"}
    assert set(figures["coverage"]) == {"0.90", "0.95", "0.98"}
    assert "准确率 98.6%" in result.stdout
    # Only the row without text is new to the model.
    assert figures["rows_trained_on"] == 72
    assert "其中 72 行是这个模型训练时用过的文字" in result.stdout


def test_rows_that_are_new_to_a_model_bring_no_warning(
    command: Command, model: Path, tmp_path: Path
) -> None:
    data = write_table(tmp_path / "new.csv", [("n", "", "后山的水管漏了一夜", "水务局", "", "")])
    result = command("evaluate", model, data, "--label", "单位=单位")
    assert result.exit_code == 0, result.output
    assert "训练时用过" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((*TEXT, "--label", "单位=没有"), "t.csv 没有列“没有”"),
        (("--text", "没有", "--label", "单位=单位"), "t.csv 没有列“没有”"),
        (("--text", "内容,内容", "--label", "单位=单位"), "列名不重复"),
        (("--text", " ", "--label", "单位=单位"), "应写作 列[,列]"),
        ((*TEXT, "--label", "单位"), "应写作 题目=列"),
        ((*TEXT, "--label", "=单位"), "应写作 题目=列"),
        ((*TEXT, "--label", "a=单位", "--label", "a=性质"), "两次写到题目“a”"),
        ((*TEXT, "--label", "a_p=单位", "--label", "a=性质"), "概率列同名"),
        ((*TEXT, "--label", "a=编号"), "标签只有一行"),
        ((*TEXT, "--label", "a=另可"), "没有一行有标签"),
        ((*TEXT, "--label", "a=单位", "--duties", "d.csv"), "找不到 d.csv"),
        ((*TEXT, "--label", "a=单位", "--base", "none.mqm"), "模型文件无法使用"),
    ],
)
def test_what_cannot_be_trained_is_told_in_one_line(
    command: Command, table: Path, tmp_path: Path, arguments: tuple[str, ...], reason: str
) -> None:
    result = command("train", table, *arguments, "-o", tmp_path / "m.mqm")
    assert reason in told(result)
    assert not (tmp_path / "m.mqm").exists()


def test_a_train_without_data_or_into_no_folder_is_told(command: Command, table: Path) -> None:
    label = ("--label", "单位=单位")
    assert "请写出数据文件" in told(command("train", *TEXT, *label, "-o", "m.mqm"))
    assert "不存在" in told(command("train", table, *TEXT, *label, "-o", "none/m.mqm"))


def test_contradictory_copies_are_refused_unless_told_otherwise(
    command: Command, tmp_path: Path
) -> None:
    copy = list(table_rows()[0])
    copy[3] = "教育局"
    data = write_table(tmp_path / "t.csv", [*table_rows(), copy])
    words = ("train", data, *TEXT, "--label", "单位=单位", "-o", tmp_path / "m.mqm")
    reason = "有 2 行文字相同而“单位”的标签不同，请先核对：t.csv 第 2 行、t.csv 第 74 行"
    assert reason in told(command(*words))
    result = command(*words, "--skip-contradictions")
    assert result.exit_code == 0, result.output
    assert "未用 2 行" in result.stdout


def test_broken_rows_are_refused_with_their_lines(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "t.csv"
    data.write_text("文,标\n一\n二,甲\n三,乙,丙\n", "utf-8")
    words = ("train", data, "--text", "文", "--label", "h=标", "-o", tmp_path / "m.mqm")
    assert "有 2 行读不出来：第 2 行" in told(command(*words))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("predict", "m.mqm", "t.csv", "-o", "t.csv"), "正是要读的文件"),
        (("predict", "m.mqm", "none.csv", "-o", "o.csv"), "找不到 none.csv"),
        (("predict", "t.csv", "t.csv", "-o", "o.csv"), "不是民情的模型文件"),
        (("predict", "m.mqm", "t.csv", "--text", "没有", "-o", "o.csv"), "没有列“没有”"),
        (("predict", "m.mqm", "t.csv", "-o", "none/o.csv"), "文件无法写入"),
        (("evaluate", "m.mqm", "t.csv", "--label", "没有=单位"), "模型没有题目“没有”"),
        (("evaluate", "m.mqm", "t.csv", "--label", "单位=没有"), "没有列“没有”"),
        (("evaluate", "m.mqm", "t.csv", "--label", "单位=另可"), "没有一行有标签"),
        (("evaluate", "m.mqm", "t.csv", "--label", "单位=单位", "--json", "t.csv"), "正是要读"),
    ],
)
def test_what_cannot_be_judged_is_told_in_one_line(
    command: Command, model: Path, arguments: tuple[str, ...], reason: str
) -> None:
    assert model.exists()
    assert reason in told(command(*arguments))


def test_the_shipped_model_predicts_its_heads(command: Command, tmp_path: Path) -> None:
    data = write_table(tmp_path / "t.csv", table_rows()[:2])
    shipped = Path(__file__).parents[3] / "data" / "model" / "default.mqm"
    assert "请用 --text" in told(command("predict", shipped, data, "-o", "o.csv"))
    result = command("predict", shipped, data, *TEXT, "-o", tmp_path / "o.csv")
    assert result.exit_code == 0, result.output
    assert {"topic_l1", "topic", "department", "kind", "urgent_p"} <= set(
        read(tmp_path / "o.csv")[0]
    )


@pytest.mark.parametrize("name", ["triage", "group"])
def test_a_model_of_a_table_does_not_judge_for_the_desk(
    command: Command, model: Path, table: Path, tmp_path: Path, name: str
) -> None:
    line = told(command(name, table, "-o", tmp_path / "out.csv", "--model", model))
    assert f"{model}：模型只判断“单位、kind”，没有分办所需的主题" in line
    assert "--base default" in line
    assert not (tmp_path / "out.csv").exists()


def test_predicting_loads_nothing_of_training(model: Path, table: Path, tmp_path: Path) -> None:
    arguments = ["predict", str(model), str(table), "-o", str(tmp_path / "o.csv")]
    program = (
        "import sys; from service.cli import main; "
        f"main({arguments!r}, standalone_mode=False); "
        "print([m for m in ('sklearn', 'scipy', 'joblib', 'matplotlib') if m in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"\xed\xa0\xbd"])
def test_a_damaged_byte_costs_its_row_alone(
    command: Command, model: Path, tmp_path: Path, damage: bytes
) -> None:
    data = tmp_path / "new.csv"
    data.write_bytes("标题,内容\n路灯,东街路灯坏了\n桥,".encode() + damage + "桥面塌了\n".encode())
    result = command("predict", model, data, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    assert "读不出来 1 行" in result.stdout
    assert [bool(row["单位"]) for row in read(tmp_path / "out.csv")] == [True, False]


def test_nothing_that_is_read_is_written_over(
    command: Command, table: Path, model: Path, tmp_path: Path
) -> None:
    label = ("--label", "单位=单位")
    before = table.read_bytes(), model.read_bytes()
    for words in (
        ("train", table, *TEXT, *LABELS, "-o", table),
        ("predict", model, table, "-o", model),
        ("predict", model, table, "-o", table),
        ("evaluate", model, table, *label, "--json", model),
    ):
        result = command(*words)
        assert result.exit_code == 2
        assert "正是要读的文件" in result.output
    result = command("train", table, *TEXT, *LABELS, "-o", tmp_path / "x.md")
    assert result.exit_code == 2
    assert ".md" in result.output
    assert (table.read_bytes(), model.read_bytes()) == before


def test_a_place_that_cannot_be_written_is_told_before_the_training(
    command: Command, table: Path, tmp_path: Path
) -> None:
    result = command("train", table, *TEXT, *LABELS, "-o", tmp_path)
    assert result.exit_code == 2
    assert "不是普通文件" in result.output
    assert "留出检验" not in result.output
