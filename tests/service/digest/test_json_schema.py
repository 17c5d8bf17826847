"""The published schema: every digest's JSON keeps it, and it is made from the code."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from service.digest import MatterFact, MessageFact, build_digest, render
from service.digest.json_schema import digest_schema
from service.digest.red_head import RedHead
from tests.service.digest.makers import NAMES, WEEK, a_digest, some_facts
from tests.service.digest.strategies import MATTERS, MESSAGES
from tests.service.digest.test_golden import CASES, digest_of

ROOT = Path(__file__).parents[3]
HEAD = RedHead("富平县政协办公室文件", "富政协〔2019〕28号")


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(digest_schema(), format_checker=FormatChecker())


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every object that a schema describes, however deep."""
    if isinstance(schema, list):
        return [found for part in schema for found in objects(part)]
    if not isinstance(schema, dict):
        return []
    deeper = [found for part in schema.values() for found in objects(part)]
    return [schema, *deeper] if schema.get("type") == "object" else deeper


def test_the_schema_is_one_and_declares_every_field() -> None:
    schema = digest_schema()
    Draft202012Validator.check_schema(schema)
    described = objects(schema)
    assert len(described) > 20
    for one in described:
        assert one["additionalProperties"] is False
        assert sorted(one["required"]) == sorted(one["properties"])


def test_the_published_file_is_what_the_code_makes() -> None:
    text = runpy.run_path(str(ROOT / "tools/digest_schema.py"))["schema_text"]()
    assert (ROOT / "docs/digest.schema.json").read_text("utf-8") == text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("head", [None, HEAD])
def test_a_written_digest_keeps_the_schema(
    validator: Draft202012Validator, case: Path, head: RedHead | None
) -> None:
    written = render(replace(digest_of(case), head=head), ".json")
    validator.validate(json.loads(written))
    assert json.loads(written)["head"] == (
        {"authority": HEAD.authority, "number": HEAD.number} if head else None
    )


@given(messages=MESSAGES, matters=MATTERS)
def test_whatever_the_facts_the_schema_is_kept(
    validator: Draft202012Validator, messages: list[MessageFact], matters: list[MatterFact]
) -> None:
    digest = build_digest(WEEK, some_facts(tuple(messages), tuple(matters)), NAMES)
    validator.validate(json.loads(render(digest, ".json")))


def test_a_field_more_or_less_does_not_pass(validator: Draft202012Validator) -> None:
    document = json.loads(render(a_digest(), ".json"))
    validator.validate(document)
    assert not validator.is_valid({**document, "phone": "1990000"})
    assert not validator.is_valid({key: document[key] for key in document if key != "hot"})
    assert not validator.is_valid({**document, "schema": "minqing-digest/0"})
