"""What is wrong with an address is told by the parameter's Chinese name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from service.web.parameter_names import PARAMETERS_ZH
from tests.service.web.visitor import Visitor

PROGRAM = {"accept": "application/json"}
WRONG = ("\0", "x" * 500, "-1")
KEY_ALONE = re.compile(r"(?:^|；)([a-z_]+)(?:\.\d+)?：(?!“[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Parameters:
    """What the address of a route takes."""

    methods: frozenset[str]
    path: str
    in_path: frozenset[str]
    in_query: frozenset[str]


@pytest.fixture(scope="session")
def taken(made_app: FastAPI) -> list[Parameters]:
    """Those of all routes, of pages too."""
    return [
        Parameters(
            frozenset(route.methods or ()),
            route.path or "",
            frozenset(names(route.dependant, "path_params")),
            frozenset(names(route.dependant, "query_params")),
        )
        for route in iter_route_contexts(made_app.routes)
        if getattr(route, "dependant", None) is not None
    ]


def names(dependant: Dependant, where: str) -> Iterator[str]:
    for parameter in getattr(dependant, where):
        kind = parameter.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        yield from kind.model_fields if is_model else [parameter.alias]
    for below in dependant.dependencies:
        yield from names(below, where)


def test_each_parameter_of_an_address_has_a_chinese_name(taken: list[Parameters]) -> None:
    wanted = frozenset[str]().union(*(each.in_path | each.in_query for each in taken))
    assert wanted == PARAMETERS_ZH.keys()
    assert all(re.fullmatch("[\u4e00-\u9fff]+", name) for name in PARAMETERS_ZH.values())


def answers(visitor: Visitor, taken: list[Parameters]) -> Iterator[tuple[str, Any]]:
    """The problems that wrong parameters lead to, as JSON, each with what was asked."""
    for each in taken:
        if "GET" not in each.methods:
            continue
        path = re.sub(r"\{\w+\}", "1", each.path)
        for name, value in product(sorted(each.in_query), WRONG):
            answer = visitor.get(path, params={name: value}, headers=PROGRAM)
            is_problem = "problem+json" in answer.headers.get("content-type", "")
            if answer.status_code == 422 and is_problem:  # some pages tell it themselves
                yield f"{path}?{name}={value[:9]}", answer.json()


def test_no_key_stands_alone_where_a_parameter_is_wrong(
    clerk: Visitor, taken: list[Parameters]
) -> None:
    told: set[str] = set()
    for asked, problem in answers(clerk, taken):
        assert not KEY_ALONE.search(problem["detail"]), asked
        told |= {one["field"] for one in problem["errors"]}
    assert {"claim", "limit", "opened_to", "since", "status.0", "period", "state"} <= told


def test_a_wrong_path_and_a_filter_in_a_form_are_told_so_too(clerk: Visitor) -> None:
    answer = clerk.get("/api/v1/matters?claim=x", headers=PROGRAM)
    assert answer.json()["detail"] == "claim：“认领”格式不正确"
    assert "matter_id：“事项编号”" in clerk.get("/api/v1/matters/99999999999999999999").text
    assert "claim：“认领”格式不正确" in clerk.get("/?claim=x").text
    kept = clerk.fill("/", "/views", name="错", query="claim=x")
    assert "claim：“认领”格式不正确" in kept.text
