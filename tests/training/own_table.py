"""A small table of own-written messages with labels, for tests of whatever trains on tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.training.small import segmenter, write_csv
from training.examples import make_text
from training.rows import LabelledRow

COLUMNS = ("编号", "标题", "内容", "单位", "另可", "性质")
_SAYINGS = {
    "城管局": ("路灯坏了半个月没人修", "垃圾桶满了三天没人清运", "小摊占道经营油烟很大"),
    "教育局": ("小学招生划片怎么划", "幼儿园收费标准是多少", "老师在校外办班补课"),
    "人社局": ("养老保险怎样转移", "工地拖欠三个月工资", "工伤认定要带什么材料"),
}
_PLACES = ("东街", "西街", "南村", "北村", "新城", "老城", "河边", "山下")
_ENDINGS = ("请派人看看，谢谢。", "盼望早日答复！", "我们等了很久很久。")


def table_rows() -> list[tuple[str, ...]]:
    """Rows under ``COLUMNS``: 72, three units, two kinds; every seventh kind is not told."""
    rows: list[tuple[str, ...]] = []
    for place_number, place in enumerate(_PLACES):
        for unit, sayings in _SAYINGS.items():
            for number, saying in enumerate(sayings):
                ending = _ENDINGS[(place_number + number) % len(_ENDINGS)]
                body = f"{place}{place_number}号附近{saying}，{ending}"
                kind = "" if len(rows) % 7 == 6 else ("咨询" if number == 2 else "投诉")
                rows.append((str(len(rows)), f"{place}{saying[:3]}", body, unit, "", kind))
    return rows


def labelled_rows() -> list[LabelledRow]:
    """The same as rows with labels for the heads 单位 and 性质."""
    return [
        LabelledRow(
            f"第 {line} 行",
            make_text(title, body, segmenter()),
            {"单位": unit, **({"性质": kind} if kind else {})},
        )
        for line, (_, title, body, unit, _, kind) in enumerate(table_rows(), 2)
    ]


def with_seconds(rows: Sequence[LabelledRow]) -> list[LabelledRow]:
    """The rows, those of the city office's stalls with the labour office as acceptable too."""
    return [
        replace(row, seconds={"单位": "人社局"}) if "占道经营" in row.text.body else row
        for row in rows
    ]


def write_table(path: Path, rows: Sequence[Sequence[str]] | None = None) -> Path:
    """Write the rows, or others under the same columns, as CSV."""
    write_csv(path, COLUMNS, table_rows() if rows is None else rows)
    return path
