"""The same figures stand in every form: each is read back from what was written."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import html
from openpyxl import load_workbook

from service.digest import Digest, render
from service.digest.cells import show_cell
from service.digest.counts import Dimension
from service.digest.outline import Table, outline
from tests.service.digest.test_golden import CASES, GOLDEN, digest_of

Grid = list[list[str]]


@dataclass(frozen=True)
class Written:
    """One digest as read back from its four forms: tables by caption, and the JSON."""

    digest: Digest
    tables: tuple[Table, ...]
    docx: dict[str, Grid]
    html: dict[str, Grid]
    xlsx: dict[str, list[list[Any]]]
    json: Any


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def written(request: pytest.FixtureRequest) -> Written:
    return read_back(request.param)


def read_back(case: Path) -> Written:
    digest = digest_of(case)
    forms = {suffix: render(digest, suffix) for suffix in (".docx", ".html", ".xlsx", ".json")}
    book = load_workbook(io.BytesIO(forms[".xlsx"]))
    sheets = {sheet.title: [list(row) for row in sheet.values] for sheet in book}
    book.close()
    return Written(
        digest,
        outline(digest).tables,
        docx_tables(forms[".docx"]),
        html_tables(forms[".html"]),
        sheets,
        json.loads(forms[".json"]),
    )


def docx_tables(content: bytes) -> dict[str, Grid]:
    document = Document(io.BytesIO(content))
    captions = [p.text.partition("　")[2] for p in document.paragraphs if p.style.name == "Caption"]
    return {
        caption: [[cell.text for cell in row.cells] for row in table.rows]
        for caption, table in zip(captions, document.tables, strict=True)
    }


def html_tables(content: bytes) -> dict[str, Grid]:
    """The tables without the column of ids, which Word documents have no room for."""
    found = {}
    for table in html.fromstring(content.decode()).iter("table"):
        rows = [
            [(cell.text or "").strip() for cell in row if "evidence" not in cell.get("class", "")]
            for row in table.iter("tr")
        ]
        found[table.findtext("caption")] = rows
    return found


def test_word_and_page_have_the_same_tables(written: Written) -> None:
    assert written.docx == written.html


def test_the_workbook_has_each_row_of_the_documents_and_the_rest(written: Written) -> None:
    assert [table.caption for table in written.tables] == list(written.xlsx)[1:-1]
    for table in written.tables:
        head, *rows = written.xlsx[table.caption]
        whole = [*table.rows, *table.closing_rows]
        assert len(rows) == len(whole)
        width = len(table.columns)
        shown = [
            [show_cell(cell, column.kind) for cell, column in zip(row, table.columns, strict=False)]
            for row in rows
        ]
        if table.caption not in written.docx:
            assert table in outline(written.digest).sheets or (
                table.chart and table.chart.tells_all
            )
            continue
        told = written.docx[table.caption]
        assert told[0] == head[:width]
        rest = [row for row in told[1:] if not row[0].startswith("其余")]
        cut = [*shown[: table.shown][: len(table.rows)], *shown[len(table.rows) :]]
        assert rest == cut


def test_the_json_has_the_figures_of_the_count_tables(written: Written) -> None:
    for table in written.json["tables"]:
        caption = f"按{Dimension(table['dimension']).label_zh}统计"
        if caption not in written.xlsx:
            continue
        _, *rows = written.xlsx[caption]
        told = [
            [
                row["name"],
                row["tally"]["messages"]["value"],
                row["tally"]["people"]["value"],
                row["tally"]["copies"]["value"],
                row["comparison"]["before"][0],
            ]
            for row in table["rows"]
        ]
        assert [[row[0], row[1], *row[3:6]] for row in rows[: len(told)]] == told
        ids = [row["tally"]["messages"]["message_ids"] for row in table["rows"]]
        assert [numbers(row[-2]) for row in rows[: len(told)]] == ids


def numbers(cell: Any) -> list[int]:
    return [int(part) for part in str(cell or "").split()]


def test_the_json_has_the_hot_matters_of_the_documents(written: Written) -> None:
    told = [
        [
            hot["title"] or hot["matter"]["title"],
            str(hot["tally"]["people"]["value"]),
            str(hot["tally"]["messages"]["value"]),
            str(hot["heat"]),
        ]
        for hot in written.json["hot"]
    ]
    rows = written.docx.get("热点事项", [[]])[1:]
    heading = written.docx.get("热点事项", [[]])[0]
    columns = [heading.index(name) for name in ("事项", "人数", "留言", "热度") if heading]
    assert [[row[at] for at in columns] for row in rows] == told


def test_each_message_has_one_number_in_all_forms(written: Written) -> None:
    head, *rows = written.xlsx["留言明细"]
    listed = [row[head.index("留言编号")] for row in rows]
    assert listed == [message["id"] for message in written.json["messages"]]
    behind = {id for each in all_ids(written.json) for id in each}
    assert behind <= set(listed) | behind_of_health(written.json)


def all_ids(part: Any) -> list[list[int]]:
    """Every list of ids of messages in a part of the JSON."""
    if isinstance(part, list):
        return [found for each in part for found in all_ids(each)]
    if not isinstance(part, dict):
        return []
    own = [part["message_ids"]] if "message_ids" in part else []
    return own + [found for each in part.values() for found in all_ids(each)]


def behind_of_health(document: Any) -> set[int]:
    """Messages of earlier periods, which only comparisons and the model's health go back to."""
    earlier = [document["health"], document["overview"]["earlier"], document["stuck"]]
    return {id for each in all_ids(earlier) for id in each}


def test_a_busy_week_has_something_to_compare() -> None:
    written = read_back(GOLDEN / "busy_week")
    assert len(written.docx) >= 10
    assert len(written.json["hot"]) >= 3
