"""Each folder of tests/golden/digest is a case: facts in, JSON and HTML out.

A case is added by a folder with ``facts.json``; run with ``WRITE_GOLDEN=1`` once to
write what is expected, and read it before it is kept.
"""

import json
import os
from pathlib import Path

import pytest

from service.digest import Digest, build_digest, parse_period, render
from service.digest.voices import give_voice
from tests.service.digest.makers import NAMES, read_facts, read_texts

GOLDEN = Path(__file__).parents[2] / "golden" / "digest"
CASES = sorted(path.parent for path in GOLDEN.glob("*/facts.json"))
SUFFIXES = (".json", ".html", ".docx", ".xlsx")


def digest_of(case: Path) -> Digest:
    record = json.loads((case / "facts.json").read_text(encoding="utf-8"))
    facts = read_facts(case / "facts.json")
    digest = build_digest(parse_period(record["period"]), facts, NAMES, "富平县政协办公室")
    return give_voice(digest, read_texts(case / "facts.json"), lambda line: True)


def test_there_are_cases() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("suffix", [".json", ".html"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_written_as_expected(case: Path, suffix: str) -> None:
    expected = case / f"expected{suffix}"
    written = render(digest_of(case), suffix)
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_bytes(written)
    assert written.decode() == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_facts_give_the_same_bytes(case: Path, suffix: str) -> None:
    assert render(digest_of(case), suffix) == render(digest_of(case), suffix)


def test_the_busy_week_counts_again_from_its_own_json() -> None:
    document = json.loads(render(digest_of(GOLDEN / "busy_week"), ".json"))
    messages = {message["id"]: message for message in document["messages"]}
    assert document["overview"]["tally"]["messages"]["value"] == len(messages) == 47
    for table in document["tables"]:
        for row in table["rows"]:
            behind = [messages[id] for id in row["tally"]["messages"]["message_ids"]]
            assert {message[table["dimension"]] for message in behind} <= {row["key"]}
            senders = [message["sender"] for message in behind]
            people = len(set(senders) - {None}) + senders.count(None)
            assert row["tally"]["people"]["value"] == people
