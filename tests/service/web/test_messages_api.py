"""``POST /api/v1/messages`` and ``:batch``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.usecases.context import Context
from service.usecases.status import count_all
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

URL = "/api/v1/messages"
MESSAGE = {
    "title": "庄里镇小学门口没有减速带",
    "text": "庄里镇中心小学门口车速很快，早上送孩子提心吊胆，请装减速带和护栏。",
    "sent_at": "2026-03-03 08:10",
    "channel": "wechat",
    "source": "县长信箱",
    "external_id": "A-1",
    "sender": {"name": "孙某", "phone": "19900002222"},
    "like_count": 3,
}


def post(program: Visitor, key: str = "", **changes: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    return program.post(URL, json=MESSAGE | changes, headers=headers)


def test_a_message_gets_a_receipt_and_its_triage(program: Visitor, context: Context) -> None:
    response = post(program)
    answer = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/v1/matters/{answer['matter']['id']}"
    assert len(answer["receipt"]) == 13
    assert answer["relation"] == "first"
    assert answer["is_new"] is True
    triage = answer["triage"]
    assert triage["topic"]["code"] in context.triage.taxonomy.codes(2)
    assert 0 < triage["topic"]["p"] <= triage["topic"]["level1_p"] <= 1
    assert triage["department"]["name"]
    assert triage["kind"]["name"] in ("投诉", "举报", "求助", "咨询", "建议", "表扬")
    assert triage["studio"]["code"] in ("T1", "T2")
    assert triage["because"]
    assert triage["members"][0]["name"] in ("甲委员", "乙委员")


def test_the_same_message_again_is_told_to_be_there(program: Visitor, context: Context) -> None:
    first, again = post(program), post(program)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["receipt"] == first.json()["receipt"]
    assert again.json()["is_new"] is False
    assert count_all(context)["messages"] == 1


def test_only_the_text_is_needed(program: Visitor) -> None:
    assert program.post(URL, json={"text": "路灯坏了"}).status_code == 201


def test_no_answer_tells_who_wrote(program: Visitor) -> None:
    text = post(program, text="我叫孙大明，电话19900002222，请回电。").text
    assert "孙" not in text
    assert "19900002222" not in text


def test_the_same_key_and_body_get_the_same_answer(program: Visitor, context: Context) -> None:
    first, again = post(program, "key-1"), post(program, "key-1")
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert count_all(context)["messages"] == 1


def test_the_same_key_with_another_body_is_refused(program: Visitor) -> None:
    post(program, "key-1")
    the_problem(post(program, "key-1", external_id="A-2"), 422, "idempotency_conflict")


def test_a_refused_message_frees_its_key(program: Visitor) -> None:
    the_problem(post(program, "key-1", sent_at="?"), 422, "unreadable_date")
    the_problem(post(program, "key-1", sent_at="?"), 422, "unreadable_date")
    assert post(program, "key-1").status_code == 201


@pytest.mark.hostile
@pytest.mark.parametrize("key", ["", "é", "a" * 201, "\t"])
def test_an_unusable_key_is_refused(program: Visitor, key: str) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    response = program.post(URL, json=MESSAGE, headers=dict(headers))
    the_problem(response, 422, "invalid_input")


def test_wrong_fields_are_named(program: Visitor) -> None:
    body = {"text": 5, "sender": {"phone": None}, "age": 3, "like_count": 1.5}
    problem = the_problem(program.post(URL, json=body), 422, "invalid_input")
    told = {error["field"]: error["message"] for error in problem["errors"]}
    assert told == {
        "text": "应为文字",
        "sender.phone": "应为文字",
        "age": "没有这一项",
        "like_count": "应为整数",
    }


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_text"),
        (" \n\t\u3000\u200b", "empty_text"),
        ("\x01\x02", "empty_text"),
        ("字" * 100_001, "text_too_long"),
        ("a\x00b", "unusable_characters"),
    ],
)
def test_a_text_that_is_none_is_refused(program: Visitor, text: str, code: str) -> None:
    the_problem(post(program, text=text), 422, code)


@pytest.mark.hostile
@pytest.mark.parametrize(
    "text",
    [
        "字" * 100_000,
        "😀😡🎉" * 30,
        "。。。！！！？？？",
        "a\x01\x02\x1b[31m\x7f b",
        "'; DROP TABLE message; --",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }} {% raw %} ${7*7} %s %n",
        "\u202e反过来的字\u202c\ufeff",
        "=cmd|' /C calc'!A0",
        "../../etc/passwd\r\nSet-Cookie: a=b",
    ],
    ids=[
        "100000",
        "emoji",
        "punctuation",
        "control",
        "sql",
        "html",
        "template",
        "bidi",
        "formula",
        "crlf",
    ],
)
def test_any_text_is_taken_in_and_shown_as_it_is(
    program: Visitor, clerk: Visitor, text: str
) -> None:
    answer = post(program, text=text, external_id="")
    assert answer.status_code == 201
    shown = clerk.get(f"/api/v1/matters/{answer.json()['matter']['id']}").json()
    assert len(shown["demands"][0]["text"]) == len(text)


def batch(program: Visitor, *items: Any, **parts: Any) -> Any:
    return program.post(f"{URL}:batch", json={"messages": list(items)}, **parts)


def test_in_a_batch_each_item_has_its_own_result(program: Visitor, context: Context) -> None:
    good = MESSAGE | {"external_id": "B-1"}
    response = batch(
        program, good, {"text": ""}, 17, good, {"text": "水管漏水", "sent_at": "?"}, {"text": "好"}
    )
    answer = response.json()
    assert response.status_code == 200
    assert [item["index"] for item in answer["results"]] == [0, 1, 2, 3, 4, 5]
    assert [item["status"] for item in answer["results"]] == [201, 422, 422, 200, 422, 201]
    assert (answer["received"], answer["repeated"], answer["refused"]) == (2, 1, 3)
    codes = [item["problem"]["code"] for item in answer["results"] if "problem" in item]
    assert codes == ["empty_text", "invalid_input", "unreadable_date"]
    told = batch(program, {"text": 7}).json()["results"][0]["problem"]
    assert told["detail"] == "text：应为文字"
    assert all(("result" in item) != ("problem" in item) for item in answer["results"])
    assert count_all(context)["messages"] == 2


def test_a_batch_of_nothing_or_too_many_is_refused(program: Visitor) -> None:
    the_problem(batch(program), 422, "invalid_input")
    problem = the_problem(batch(program, *[{"text": "x"}] * 501), 422, "invalid_input")
    assert problem["errors"][0]["message"] == "不超过 500 项"


def test_a_batch_is_answered_once_for_a_key(program: Visitor, context: Context) -> None:
    headers = {"idempotency-key": "batch-1"}
    first = batch(program, MESSAGE, {"text": "x"}, headers=headers)
    again = batch(program, MESSAGE, {"text": "x"}, headers=headers)
    assert first.json() == again.json()
    assert count_all(context)["messages"] == 2


def test_without_a_model_a_message_is_still_taken_in(
    program: Visitor, context: Context, clerk: Visitor
) -> None:
    object.__setattr__(context, "triage", _without_model(context))
    answer = post(program).json()
    assert answer["triage"]["topic"] is None
    assert answer["matter"]["status"] == "review"
    page = clerk.get(f"/matters/{answer['matter']['id']}")
    assert "分类模型不可用" in page.text
    readiness = program.get("/readyz")
    assert (readiness.status_code, readiness.json()["model"]) == (503, "missing")


def _without_model(context: Context) -> Any:
    return replace(context.triage, model=None, pair_model=None)


def test_a_number_that_holds_other_words_is_refused(program: Visitor) -> None:
    first = {"text": "村口的桥栏杆断了。", "source": "热线", "external_id": "A-1"}
    assert program.post("/api/v1/messages", json=first).status_code == 201
    answer = program.post("/api/v1/messages", json={**first, "text": "自来水发黄。"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "number_taken"
    assert "receipt" not in answer.json()


@pytest.mark.hostile
@pytest.mark.parametrize(
    "body",
    ['{"text": "甲。", "text": "乙。"}', '{"text": "甲。", "sender": {"name": "a", "name": "b"}}'],
)
def test_a_key_twice_is_refused_and_nothing_stored(
    program: Visitor, context: Context, body: str
) -> None:
    for path, content in (("messages", body), ("messages:batch", f'{{"messages": [{body}]}}')):
        headers = {"content-type": "application/json"}
        answer = program.post(f"/api/v1/{path}", content=content.encode(), headers=headers)
        assert "同一个键出现了两次" in the_problem(answer, 422, "invalid_input")["detail"]
    assert count_all(context)["messages"] == 0
