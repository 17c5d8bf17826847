"""Every answer carries the security headers, errors too."""

from __future__ import annotations

import pytest

from tests.service.web.visitor import Visitor


@pytest.mark.parametrize(
    "path", ["/login", "/", "/nothing", "/api/v1/status", "/static/desk.js", "/healthz"]
)
def test_every_answer_is_protected(citizen: Visitor, path: str) -> None:
    headers = citizen.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_pages_are_not_kept_and_static_files_are(citizen: Visitor) -> None:
    assert citizen.get("/submit").headers["cache-control"] == "no-store"
    assert "immutable" in citizen.get("/static/desk.css").headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/intake", "/digest", "/?words=zzz"])
def test_no_page_holds_inline_script_or_style_or_foreign_address(clerk: Visitor, path: str) -> None:
    html = clerk.get(path).text
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script") == html.count("<script src=") == 1
    assert " on" not in [part[:3] for part in html.split('"')]
    assert "http://" not in html
    assert "https://" not in html


def test_static_files_do_not_lead_out_of_their_folder(citizen: Visitor) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"):
        assert citizen.get(path).status_code == 404
