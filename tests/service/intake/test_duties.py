"""The table of duties: labels, names and duties, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import FileUnreadableError
from service.intake.duties import DutyRow, read_duties
from tests.service.intake.hostile_files import as_csv, write


@pytest.mark.parametrize("column", ["名称", "部门", "职能", "function"])
def test_labels_names_and_duties_are_told_apart(column: str, tmp_path: Path) -> None:
    rows = [("城管局", "城管;市容 队", "管路灯", "也管垃圾"), ("教育局", "", "管学校", "")]
    path = write(tmp_path / "d.csv", as_csv((column, "别名", "职责", "说明"), *rows))
    assert read_duties(path, "function") == [
        DutyRow("城管局", ("城管", "市容 队"), "管路灯\n也管垃圾"),
        DutyRow("教育局", (), "管学校\n"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("甲,职责\n城管局,管路灯\n", "没有列"),
        ("名称,职责\n城管局,管路灯\n", "至少要有两种职责"),
        ("名称,职责\n城管局,管路灯\n城管局,管垃圾\n", "“城管局”出现了两次"),
        ("名称,职责\n城管局\n教育局,管学校\n", "第 2 行"),
        ("", "空文件"),
    ],
)
def test_what_is_no_table_of_duties_is_refused(content: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError) as caught:
        read_duties(write(tmp_path / "d.csv", content), "function")
    assert reason in caught.value.message
