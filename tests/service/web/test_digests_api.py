"""``/api/v1/digests``."""

from __future__ import annotations

import json

import pytest

from tests.service.web.visitor import Visitor


@pytest.mark.parametrize("scope", ["", "?studio=T1", "?topic=04", "?committee=FP&form=docx"])
def test_a_digest_is_given_out_the_same_each_time(clerk: Visitor, scope: str) -> None:
    one = clerk.get(f"/api/v1/digests/2026-W09{scope}")
    assert one.status_code == 200
    assert one.content == clerk.get(f"/api/v1/digests/2026-W09{scope}").content
    if "form" not in scope:
        assert json.loads(one.content)["period"]["code"] == "2026-W09"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2026-W60", 422),
        ("%00", 422),
        ("2027-W01", 422),
        ("all", 422),
        ("2026-W09?form=exe", 422),
        ("2026-W09?studio=T9", 404),
        ("2026-W09?topic=04&studio=T1", 422),
        ("2026-W09?department=" + "长" * 101, 422),
    ],
)
def test_what_cannot_be_summed_up_is_a_problem(clerk: Visitor, path: str, status: int) -> None:
    answer = clerk.get(f"/api/v1/digests/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
