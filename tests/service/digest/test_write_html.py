import re

from service.digest import render
from tests.service.digest.makers import a_digest, a_message
from tests.service.digest.test_golden import GOLDEN, digest_of

BUSY = GOLDEN / "busy_week"


def test_the_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    page = render(digest_of(BUSY), ".html").decode()
    assert not re.search(r"https?://|src=|href=|url\(|<script|<link|@import| on\w+=", page)


def test_rows_open_to_the_messages_behind_them() -> None:
    page = render(a_digest(a_message(41), a_message(42)), ".html").decode()
    assert "<summary>2条</summary>41、42" in page


def test_a_very_long_list_of_messages_is_cut_and_says_so() -> None:
    page = render(a_digest(*(a_message(n) for n in range(1, 602))), ".html").decode()
    assert "、500 等601个，其余见 XLSX 或 JSON" in page
