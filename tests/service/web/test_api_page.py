"""``docs/api.md`` tells of every route and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import FastAPI

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"


def test_the_page_names_exactly_the_routes_of_the_document(app: FastAPI) -> None:
    told = set(re.findall(r"^\| `([A-Z]+ /\S+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    paths = app.openapi()["paths"]
    assert told == {f"{method.upper()} {path}" for path in paths for method in paths[path]}


def test_every_route_and_field_is_described_in_chinese(app: FastAPI) -> None:
    document = app.openapi()
    for path in document["paths"].values():
        for operation in path.values():
            assert re.search("[\u4e00-\u9fff]", operation["summary"] + operation["description"])
    fields = document["components"]["schemas"]["MessageIn"]["properties"]
    assert all(re.search("[\u4e00-\u9fff]", field["description"]) for field in fields.values())
