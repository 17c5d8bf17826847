"""``order=teach``: the review queue as the model would have it, in the API and on the page."""

from __future__ import annotations

from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.web.visitor import Visitor

TEXTS = ("桥头的石狮子不见了。", "末班公交提前了一个半钟头。", "晒谷场上停满了车。")


def take_in(context: Context) -> set[int]:
    messages = [a_message(text, title="") for text in TEXTS]
    return {one.matter_id for one in receive_messages(context, messages)}


def test_the_api_gives_one_page_of_what_is_in_review(clerk: Visitor, context: Context) -> None:
    take_in(context)
    page = clerk.get("/api/v1/matters?order=teach&limit=200").json()
    assert {matter["status"] for matter in page["matters"]} <= {"review"}
    assert page["total"] == len(page["matters"])
    assert page["next_cursor"] == ""
    assert "link" not in clerk.get("/api/v1/matters?order=teach&limit=1").headers


def test_the_page_says_in_which_order_it_is(clerk: Visitor, context: Context) -> None:
    take_in(context)
    plain, teaching = clerk.get("/").text, clerk.get("/?order=teach").text
    assert "按紧急、时限、先后排列" in plain
    assert 'name="order" value="teach" checked' in teaching
    assert "按紧急、时限、先后排列" not in teaching


def test_who_is_not_logged_in_sees_nothing(program: Visitor) -> None:
    assert program.get("/api/v1/matters?order=teach").status_code == 401
