"""``GET /api/v1/search`` and the page ``/search``."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest

from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from tests.makers import NOW, a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

TEXTS = [
    ("路灯不亮", "庄里镇三合村东巷的路灯全黑了，请修。"),
    ("挂号", "县医院挂号要排两个小时的队，老人受不了。"),
    ("<b>路灯</b>", "工地的<script>alert(1)</script>路灯晃眼，影响睡觉。"),
    ("补偿", "村里修路占了我家的地，补偿款一直没有给，路灯杆也倒了。"),
]


@pytest.fixture(autouse=True)
def received(context: Context) -> list[Received]:
    messages = [
        a_message(text, title=title, sent_at=NOW - timedelta(days=9 - place))
        for place, (title, text) in enumerate(TEXTS)
    ]
    return receive_messages(context, messages)


def search(visitor: Visitor, **query: str) -> dict[str, object]:
    response = visitor.get(f"/api/v1/search?{urlencode(query)}")
    assert response.status_code == 200, response.text
    found: dict[str, object] = response.json()
    return found


def test_pages_lead_on_and_keep_words_and_filter(clerk: Visitor, received: list[Received]) -> None:
    seen: list[int] = []
    path = "/api/v1/search?" + urlencode({"q": "路灯", "channel": "web", "limit": "1"})
    while path:
        response = clerk.get(path)
        page = response.json()
        seen += [hit["message_id"] for hit in page["hits"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("link", ""))
        assert bool(link) == bool(page["next_cursor"])
        path = link[1] if link else ""
        assert not path or "channel=web" in path
    assert seen == [received[place].message_id for place in (3, 2, 0)]


def test_a_hit_tells_where_the_words_are_and_of_its_matter(
    clerk: Visitor, received: list[Received]
) -> None:
    (hit,) = search(clerk, q="路灯 东巷")["hits"]  # type: ignore[misc]
    assert hit["document"] == "message"
    assert hit["relation"] == "first"
    assert hit["matter"]["number"] == received[0].matter_number
    assert hit["day"] == "2026-02-23"
    assert hit["sent_at"].endswith("+08:00")
    assert [hit["title"][a:b] for a, b in hit["title_marks"]] == ["路灯"]
    snippet = hit["snippet"]
    assert [snippet["text"][a:b] for a, b in snippet["marks"]] == ["东巷", "路灯"]
    assert (snippet["start"], snippet["is_cut"]) == (0, False)


def test_receipts_and_departments_lead_to_what_they_name(
    clerk: Visitor, received: list[Received]
) -> None:
    assert search(clerk, q=received[1].receipt)["exact"] == [
        {
            "id": received[1].matter_id,
            "number": received[1].matter_number,
            "title": "挂号",
            "status": received[1].status.value,
        }
    ]
    assert search(clerk, q="教育局")["department"] == "教育局"
    page = clerk.get(f"/search?q={received[1].matter_number}").text
    assert f'href="/matters/{received[1].matter_id}"' in page


@pytest.mark.parametrize(
    "query",
    [
        "q=",
        "q=%20",
        "q=%E7%9A%84",
        "q=-%E8%B7%AF%E7%81%AF",
        "q=%00",
        "q=*",
        "q=" + "x" * 10_000,
        "q=a&since=2026-13-01",
        "q=a&since=yesterday",
        "q=a&since=2026-03-02&until=2026-03-01",
        "q=a&topic=x",
        "q=a&status=lost",
        "q=a&kind=lost",
        "q=a&channel=lost",
        "q=a&document=lost",
        "q=a&urgent=maybe",
        "q=a&department=%00",
        "q=a&cursor=x",
        "q=a&cursor=-1",
        "q=a&cursor=" + "9" * 100,
        "q=a&limit=0",
        "q=a&limit=101",
    ],
)
def test_a_wrong_query_is_a_problem(clerk: Visitor, query: str) -> None:
    the_problem(clerk.get(f"/api/v1/search?{query}"), 422, "invalid_input")


@pytest.mark.parametrize(
    "typed",
    [
        "路灯 OR",
        '路灯 "',
        "路灯\x00",
        "路灯 😀",
        "路灯%",
        "路灯*",
        "\u202e路灯",
        "路灯'); --",
        "ＡＮＤ 路灯^",
    ],
)
def test_strange_characters_break_nothing(clerk: Visitor, typed: str) -> None:
    assert clerk.get(f"/api/v1/search?q={quote(typed)}").status_code == 200
    assert clerk.get(f"/search?q={quote(typed)}").status_code == 200


def test_bytes_that_are_no_text_break_nothing(clerk: Visitor) -> None:
    assert clerk.get("/api/v1/search?q=%E8%B7%AF%E7%81%AF%FF%ED%A0%80").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/search?q=a"])
def test_a_program_must_log_in(program: Visitor, path: str) -> None:
    the_problem(program.get(path), 401, "not_logged_in")


def test_a_browser_must_log_in(citizen: Visitor) -> None:
    response = citizen.get("/search?q=a")
    assert (response.status_code, response.headers["location"][:7]) == (303, "/login?")


def test_the_page_marks_the_words_and_escapes_everything_else(clerk: Visitor) -> None:
    html = clerk.get("/search?q=" + quote("路灯 工地")).text
    assert '&lt;b&gt;<mark class="found">路灯</mark>&lt;/b&gt;' in html
    assert "&lt;script&gt;" in html
    assert "<script>alert" not in html
    assert '<mark class="found">工地</mark>' in html
    evil = clerk.get("/search?q=" + quote('"><img src=x> 路灯')).text
    assert "<img src=x>" not in evil


def test_the_page_tells_what_is_wrong_and_keeps_what_was_typed(clerk: Visitor) -> None:
    response = clerk.get("/search?q=" + quote("的"))
    assert response.status_code == 422
    assert "请写出要找的词语" in response.text
    assert 'value="的"' in response.text
    assert clerk.get("/search").status_code == 200
    assert "没有找到" in clerk.get("/search?q=" + quote("月球")).text


def test_every_page_of_the_desk_has_a_box_to_search_with(clerk: Visitor, citizen: Visitor) -> None:
    assert 'action="/search"' in clerk.get("/").text
    assert 'action="/search"' not in citizen.get("/login").text
