"""Given pairs of a file's messages, scored: one row a pair, nothing lost."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import PairScore
from service.errors import FileUnreadableError, InvalidInputError, PairModelUnavailableError
from service.intake.messages import ReadOptions
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.files.pair_file import COLUMNS, PairReport, pairs_to_csv, relation_of
from tests.makers import NOW
from tests.service.intake.hostile_files import HEADER, as_csv

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
COURT = "学校操场租给人停车，孩子没有地方跑步。"
ROWS = [
    ("11", "甲", "路灯不亮", "2026/3/1 8:00", LAMP, "0", "0"),
    ("12", "乙", "路灯不亮", "2026-03-01 09:00:00", LAMP_TOO, "0", "0"),
    ("13", "乙", "操场", "2026/3/2", COURT, "0", "0"),
    ("14", "丙", "路灯", "2026/3/2", LAMP, "0", "0"),
    ("14", "丁", "操场", "2026/3/2", COURT, "0", "0"),
    ("15", "丙", "空的", "2026/3/2", "", "0", "0"),
    ("16", "丙", "路灯", "2026/3/2", LAMP, "0", "0"),
    ("16", "丙", "路灯", "2026/3/2", LAMP, "0", "0"),
]
OPTIONS = ReadOptions(now=NOW, undated=NOW)


@pytest.fixture
def tiny_triage(tiny_triage: Triage) -> Triage:
    """Here only the very same text is a copy."""
    model = tiny_triage.pair_model
    assert model is not None
    weights = model.weights.copy()
    weights[1, 1:] = 0.0
    return replace(tiny_triage, pair_model=replace(model, weights=weights))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "留言.csv"
    path.write_text(as_csv(HEADER, *ROWS), "utf-8")
    return path


def scored(
    triage: Triage, file: Path, pairs: str
) -> tuple[list[dict[str, str]], list[str], PairReport]:
    path, output = file.parent / "pairs.tsv", file.parent / "out.csv"
    path.write_text(pairs, "utf-8")
    report = pairs_to_csv(triage, file, path, output, OPTIONS)
    with output.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return list(reader), list(reader.fieldnames or ()), report


@pytest.mark.parametrize("sign", ["\t", ","])
def test_each_pair_has_a_row_in_order(tiny_triage: Triage, file: Path, sign: str) -> None:
    lines = ["query\tcandidate", "12\t11", "13\t11", "11\t11", "12\t11"]
    found, columns, report = scored(tiny_triage, file, "\n".join(lines).replace("\t", sign))
    assert tuple(columns) == COLUMNS
    assert [(row["query"], row["candidate"]) for row in found] == [
        ("12", "11"), ("13", "11"), ("11", "11"), ("12", "11"),
    ]  # fmt: skip
    assert [row["relation"] for row in found] == ["voice", "none", "copy", "voice"]
    assert found[0] == found[3]
    assert (found[2]["same_p"], found[2]["because"]) == ("1.0000", "全文相同")
    assert float(found[0]["same_p"]) > 0.9 > 0.1 > float(found[1]["same_p"])
    assert (report.pair_count, report.unscored_count, report.reject_count) == (4, 0, 1)


def test_a_query_scores_the_same_alone_and_among_others(tiny_triage: Triage, file: Path) -> None:
    alone = scored(tiny_triage, file, "query,candidate\n12,13\n")[0]
    among = scored(tiny_triage, file, "query,candidate\n12,11\n12,13\n12,16\n")[0]
    assert alone[0] == among[1]


def test_what_cannot_be_scored_stays_and_says_why(tiny_triage: Triage, file: Path) -> None:
    lines = ["query,candidate", "12,99", "12,15", ",11", "14,11", "12,16", "98,99", "12,11,x", ","]
    found, _, report = scored(tiny_triage, file, "\n".join(lines))
    assert [row["because"] for row in found if not row["relation"]] == [
        "留言文件中没有编号 99",
        "编号 15 未能读取（第 7 行）：留言没有文字内容。",
        "缺编号",
        "编号 14 在留言文件中不止一件（第 5、6 行）",
        "留言文件中没有编号 98；留言文件中没有编号 99",
        "这一行的列数与表头不同：应有 2 列，实有 3 列",
        "缺编号",
    ]
    assert all(row["same_p"] == row["copy_p"] == "" for row in found if not row["relation"])
    assert (report.pair_count, report.unscored_count) == (8, 7)
    # The same message twice under one number is not in doubt.
    assert [row["relation"] for row in found if row["candidate"] == "16"] == ["voice"]


def test_other_columns_are_kept_beside(tiny_triage: Triage, file: Path) -> None:
    pairs = "label\tquery\trelation\tcandidate\nS\t12\t=x\t11\nN\t13\t\t99\n"
    found, columns, report = scored(tiny_triage, file, pairs)
    assert columns == [*COLUMNS, "label", "relation_输入"]
    assert [row["label"] for row in found] == ["S", "N"]
    assert [row["relation_输入"] for row in found] == ["'=x", ""]
    assert report.renamed == ("relation",)


def test_a_message_without_a_number_is_known_by_its_line(
    tiny_triage: Triage, tmp_path: Path
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(f"内容\n{LAMP}\n{LAMP_TOO}\n", "utf-8")
    found = scored(tiny_triage, path, "query,candidate\n3,2\n")[0]
    assert found[0]["relation"] == "voice"


def test_no_pairs_give_a_heading(tiny_triage: Triage, file: Path) -> None:
    found, columns, report = scored(tiny_triage, file, "query,candidate\n")
    assert (found, tuple(columns), report.pair_count) == ([], COLUMNS, 0)


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        ("query,other\n1,2\n", "没有列“candidate”"),
        ("one,candidate\n1,2\n", "没有列“query”"),
        ("", "空文件"),
        ("query,query,candidate\n1,2,3\n", "“query”出现了 2 次"),
    ],
)
def test_a_file_of_no_pairs_is_told(tiny_triage: Triage, file: Path, pairs: str, line: str) -> None:
    with pytest.raises(FileUnreadableError) as raised:
        scored(tiny_triage, file, pairs)
    assert line in raised.value.message
    assert not (file.parent / "out.csv").exists()


def test_without_a_pair_model_nothing_is_written(by_hand: Context, file: Path) -> None:
    with pytest.raises(PairModelUnavailableError):
        scored(by_hand.triage, file, "query,candidate\n12,11\n")


def test_the_output_is_neither_of_the_inputs(tiny_triage: Triage, file: Path) -> None:
    pairs = file.parent / "pairs.csv"
    pairs.write_text("query,candidate\n12,11\n", "utf-8")
    for output in (file, pairs):
        before = output.read_bytes()
        with pytest.raises(InvalidInputError, match="正是要读的文件"):
            pairs_to_csv(tiny_triage, file, pairs, output, OPTIONS)
        assert output.read_bytes() == before


@pytest.mark.parametrize(
    ("same", "copy", "is_same_sender", "relation"),
    [
        (0.99, 0.51, True, "copy"),
        (0.99, 0.50, True, "resubmission"),
        (0.51, 0.50, False, "voice"),
        (0.50, 0.50, True, "related"),
        (0.05, 0.01, False, "related"),
        (0.049, 0.01, True, "none"),
    ],
)
def test_a_relation_follows_from_the_probabilities(
    same: float, copy: float, is_same_sender: bool, relation: str
) -> None:
    evidence = np.zeros(len(EVIDENCE), np.float32)
    assert relation_of(PairScore(same, copy, 0.1, is_same_sender, evidence)) == relation
