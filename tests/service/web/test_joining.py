"""Two matters side by side, merged, split, refused, related: by the API and on the pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。我是陈某，电话19900001111。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
OTHER = SenderDetails("林某", "19900002222")
POND = "村头池塘的水发黑发臭，夏天蚊子多得开不了窗。"


@pytest.fixture
def ids(context: Context) -> tuple[int, int, int]:
    """Three matters, the first two suggested as one."""
    asked = replace(context, triage=replace(context.triage, join_at=1.1, suggest_at=0.3))
    messages = [a_message(text, title=text[:6]) for text in (LAMP, LAMP_TOO, POND)]
    one, two, three = (receive_messages(asked, [each])[0].matter_id for each in messages)
    return one, two, three


def test_similar_matters_are_listed_masked(clerk: Visitor, ids: tuple[int, int, int]) -> None:
    (found,) = clerk.get(f"/api/v1/matters/{ids[1]}/similar").json()["matters"]
    assert (found["id"], found["state"]) == (ids[0], "suggested")
    assert 0.3 <= found["same_p"] <= 1
    assert found["because"]
    assert "19900001111" not in found["text"]
    assert clerk.get(f"/api/v1/matters/{ids[2]}/similar").json() == {"matters": []}


def test_merge_and_split_by_the_api(clerk: Visitor, ids: tuple[int, int, int]) -> None:
    one, two, three = ids
    path = f"/api/v1/matters/{two}:merge"
    assert clerk.post(path, json={"into": one, "reason": "同一盏灯"}).status_code == 204
    assert clerk.get(f"/api/v1/matters/{two}").json()["matter"]["id"] == one
    the_problem(clerk.post(path, json={"into": three}), 409, "merged")
    split = clerk.post(f"/api/v1/matters/{two}:split", json={})
    assert split.json() == {"matter": two, "was_part_of": one}
    the_problem(clerk.post(f"/api/v1/matters/{two}:split", json={}), 422, "invalid_input")


def test_refused_is_listed_no_more_and_related_is(
    clerk: Visitor, ids: tuple[int, int, int]
) -> None:
    one, two, three = ids
    assert clerk.post(f"/api/v1/matters/{two}:refuse", json={"other": one}).status_code == 204
    assert clerk.get(f"/api/v1/matters/{one}/similar").json() == {"matters": []}
    assert clerk.post(f"/api/v1/matters/{one}:relate", json={"other": three}).status_code == 204
    (found,) = clerk.get(f"/api/v1/matters/{three}/similar").json()["matters"]
    assert (found["id"], found["state"], found["same_p"]) == (one, "related", 0.0)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (":merge", {}, 422),
        (":merge", {"into": 0}, 422),
        (":merge", {"into": "1"}, 422),
        (":merge", {"into": 2**63}, 422),
        (":merge", {"into": 10**9}, 404),
        (":merge", {"into": 1, "reason": "长" * 501}, 422),
        (":merge", {"into": 1, "extra": 1}, 422),
        (":split", {"reason": 3}, 422),
        (":take-out", {}, 422),
        (":take-out", {"message": 10**9}, 404),
        (":refuse", {"other": -1}, 422),
        (":relate", {"other": 10**9}, 404),
    ],
)
def test_what_cannot_be_is_a_problem(
    clerk: Visitor, ids: tuple[int, int, int], path: str, body: dict[str, object], status: int
) -> None:
    code = "not_found" if status == 404 else "invalid_input"
    the_problem(clerk.post(f"/api/v1/matters/{ids[2]}{path}", json=body), status, code)


@pytest.mark.parametrize(
    "path", ["/similar", ":merge", ":split", ":take-out", ":refuse", ":relate"]
)
def test_nobody_decides_without_a_login(
    program: Visitor, ids: tuple[int, int, int], path: str
) -> None:
    call = program.get if path == "/similar" else program.post
    the_problem(call(f"/api/v1/matters/{ids[0]}{path}"), 401, "not_logged_in")


def test_both_texts_stand_side_by_side_with_what_they_share_marked(
    clerk: Visitor, ids: tuple[int, int, int]
) -> None:
    page = clerk.get(f"/matters/{ids[1]}").text
    assert f"/matters/{ids[1]}/pair/{ids[0]}" in page
    page = clerk.get(f"/matters/{ids[1]}/pair/{ids[0]}").text
    assert page.count('<mark class="both">庄里镇三合村东巷') == 2
    assert "并入这件" in page


def test_a_clerk_merges_and_splits_on_the_pages(clerk: Visitor, ids: tuple[int, int, int]) -> None:
    one, two, _ = ids
    pair = f"/matters/{two}/pair/{one}"

    def decide(page: str, path: str, **fields: str) -> str:
        response = clerk.fill(page, f"/matters/{two}/{path}", **fields)
        assert response.status_code == 303
        return clerk.get(response.headers["location"]).text

    assert "并入的事项" in decide(pair, "merge", into=str(one), reason="同一盏灯")
    assert clerk.get(pair).headers["location"] == f"/matters/{one}"
    assert "恢复到并案之前" in decide(f"/matters/{one}", "split")
    page = decide(pair, "settle", other=str(one), state="refused")
    assert "以后不再提示" in page
    assert f"/pair/{one}" not in page
    for wrong in ("", "x", "9" * 30, "-1"):
        assert clerk.fill(pair, f"/matters/{two}/merge", into=wrong).status_code == 404


def test_a_merged_matter_s_old_address_says_where_it_is(
    clerk: Visitor, ids: tuple[int, int, int]
) -> None:
    one, two, _ = ids
    number = clerk.get(f"/api/v1/matters/{two}").json()["matter"]["number"]
    clerk.post(f"/api/v1/matters/{two}:merge", json={"into": one})
    answer = clerk.get(f"/api/v1/matters/{two}").json()
    assert (answer["matter"]["id"], answer["part"]) == (one, number)
    assert f"{number} 已并入本事项" in clerk.get(f"/matters/{two}").text
    assert clerk.get(f"/api/v1/matters/{one}").json()["part"] == ""
    closing = clerk.post(f"/api/v1/matters/{two}:merge", json={"into": one})
    assert number in the_problem(closing, 409, "merged")["detail"]


def test_the_queue_tells_what_may_be_the_same(clerk: Visitor, ids: tuple[int, int, int]) -> None:
    one, two, three = ids
    assert clerk.get("/api/v1/matters").json()["suggested"] == [one, two]
    assert clerk.get("/").text.count("可能是同一件事") == 2
    clerk.post(f"/api/v1/matters/{two}:merge", json={"into": three})
    assert clerk.get("/api/v1/matters").json()["suggested"] == [one, three]
    clerk.post(f"/api/v1/matters/{one}:refuse", json={"other": three})
    assert clerk.get("/api/v1/matters").json()["suggested"] == []


def test_a_clerk_takes_a_message_out(
    clerk: Visitor, context: Context, ids: tuple[int, int, int]
) -> None:
    (again,) = receive_messages(context, [a_message(POND, title="又", sender=OTHER)])
    assert again.matter_id == ids[2]
    page = f"/matters/{ids[2]}"
    assert "移出，另立事项" in clerk.get(page).text
    fields = {"message": str(again.message_id), "reason": "另一个池塘"}
    response = clerk.fill(page, f"{page}/take-out", **fields)
    shown = clerk.get(response.headers["location"]).text
    assert "已移出，另立本事项" in shown
    assert "另一个池塘" in shown
    assert "移出，另立事项" not in clerk.get(page).text
    assert clerk.fill(page, f"{page}/take-out", message="x").status_code == 404


def test_copies_of_one_letter_and_letters_of_many_read_differently(
    clerk: Visitor, context: Context, ids: tuple[int, int, int]
) -> None:
    def facts() -> str:
        return clerk.get(f"/matters/{ids[2]}").text

    assert "1 人来信 1 条</li>" in facts()
    receive_messages(context, [a_message(POND, title="又", sender=OTHER)])
    assert "2 人来信 2 条，全是同一份文字" in facts()
    clerk.post(f"/api/v1/matters/{ids[0]}:merge", json={"into": ids[2]})
    assert "2 人来信 3 条，其中重复件 1 条" in facts()
