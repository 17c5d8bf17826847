"""Claims, bulk actions and saved views through the API and on the pages."""

from __future__ import annotations

import pytest

from service.domain.access import Role
from service.domain.message import SenderDetails
from service.storage.accounts import accounts
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.claims import claim_matter, find_claim
from service.usecases.matters.matter_file import show_matter
from tests.makers import Clock, a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

TEXTS = [
    "庄里镇三合村东巷的路灯全黑了，请修。",
    "县医院挂号要排两个小时的队，老人受不了。",
    "中学门口的小摊卖过期零食给学生，请查处。",
    "出租屋的房东不退押金，我该找谁？",
]
OTHER = "李科"


@pytest.fixture
def ids(context: Context) -> list[int]:
    messages = [
        a_message(text, title=text[:8], sender=SenderDetails(f"某{n}"))
        for n, text in enumerate(TEXTS)
    ]
    return [received.matter_id for received in receive_messages(context, messages)]


def test_claim_renew_release(clerk: Visitor, context: Context, ids: list[int]) -> None:
    address = f"/api/v1/matters/{ids[0]}"
    claim = clerk.post(f"{address}:claim", json={}).json()
    assert claim == {
        "matter": ids[0],
        "account": "admin",
        "claimed_at": "2026-03-04T09:30:00+08:00",
        "ends_at": "2026-03-04T10:00:00+08:00",
    }
    matter = clerk.get(address).json()["matter"]
    assert (matter["claimed_by"], matter["claim_ends_at"]) == ("admin", claim["ends_at"])
    renewed = clerk.post(f"{address}:renew", json={"minutes": 60}).json()
    assert renewed["ends_at"] == "2026-03-04T10:30:00+08:00"
    assert clerk.post(f"{address}:release").status_code == 204
    assert clerk.get(address).json()["matter"]["claimed_by"] == ""
    the_problem(clerk.send("POST", f"{address}:renew", json={}), 409, "not_claimed")


def test_what_another_holds_is_a_conflict_that_says_who(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    claim_matter(context, ids[0], OTHER)
    for action in ("claim", "renew", "release"):
        answer = clerk.post(f"/api/v1/matters/{ids[0]}:{action}", json={})
        problem = the_problem(answer, 409, "claimed")
        assert "李科，到 2026-03-04 10:00" in problem["detail"]
    listed = clerk.get("/api/v1/matters?claim=someone").json()["matters"]
    assert [(m["id"], m["claimed_by"]) for m in listed] == [(ids[0], OTHER)]


def test_an_administrator_takes_a_matter_over(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    claim_matter(context, ids[0], OTHER)
    address = f"/api/v1/matters/{ids[0]}:reassign"
    assert clerk.post(address, json={"account": "admin"}).status_code == 204
    claim = find_claim(context, ids[0])
    assert claim is not None
    assert claim.account == "admin"
    assert clerk.post(address, json={"studio": "T2"}).status_code == 204
    assert show_matter(context, ids[0]).matter.studio == "T2"
    the_problem(clerk.post(address, json={"account": "无此人"}), 404, "not_found")
    for body in ({}, {"account": "admin", "studio": "T2"}, {"studio": "T9"}):
        the_problem(clerk.post(address, json=body), 422, "invalid_input")


def test_the_next_one_until_there_is_none(clerk: Visitor, context: Context, ids: list[int]) -> None:
    seen = []
    while (answer := clerk.post("/api/v1/matters:claim-next", json={})).status_code == 200:
        seen.append(answer.json()["matter"])
    assert answer.status_code == 204
    assert sorted(seen) == sorted(ids)
    none = clerk.post("/api/v1/matters:claim-next", json={"filter": {"studio": "T9"}})
    assert none.status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"minutes": -1},
        {"minutes": 1441},
        {"minutes": "30"},
        {"minutes": 1.5},
        {"minutes": 10**30},
        {"hours": 1},
        [],
        None,
    ],
)
def test_a_wrong_lease_is_a_problem(clerk: Visitor, ids: list[int], body: object) -> None:
    answer = clerk.post(f"/api/v1/matters/{ids[0]}:claim", json=body)
    the_problem(answer, 422, "invalid_input")


@pytest.mark.parametrize("key", ["999", "0", "-1", "9" * 30, "x", "%00"])
def test_a_matter_that_is_not_there_cannot_be_claimed(clerk: Visitor, key: str) -> None:
    answer = clerk.post(f"/api/v1/matters/{key}:claim", json={})
    assert answer.status_code in (404, 422)


@pytest.mark.parametrize(
    "path",
    [
        "matters/1:claim",
        "matters/1:renew",
        "matters/1:release",
        "matters/1:reassign",
        "matters:claim-next",
        "matters:bulk",
    ],
)
def test_nobody_claims_without_an_account(program: Visitor, path: str) -> None:
    the_problem(program.post(f"/api/v1/{path}", json={}), 401, "not_logged_in")


def test_many_at_once_in_the_order_given(clerk: Visitor, context: Context, ids: list[int]) -> None:
    claim_matter(context, ids[1], OTHER)
    number = show_matter(context, ids[2]).matter.number
    body = {"action": "claim", "matters": [ids[0], ids[1], number, "2026-999999", 10**9]}
    answer = clerk.post("/api/v1/matters:bulk", json=body).json()
    assert (answer["done"], answer["refused"]) == (2, 3)
    assert [one["matter"] for one in answer["results"]] == body["matters"]
    assert [one["status"] for one in answer["results"]] == [200, 409, 200, 404, 404]
    assert answer["results"][1]["problem"]["code"] == "claimed"


def test_each_bulk_action(clerk: Visitor, context: Context, ids: list[int]) -> None:
    def done(action: str, **details: object) -> int:
        body = {"action": action, "matters": ids[:2], **details}
        return int(clerk.post("/api/v1/matters:bulk", json=body).json()["done"])

    assert done("claim", minutes=5) == 2
    assert done("renew", minutes=10) == 2
    assert done("reassign", studio="T2") == 2
    assert done("release") == 2
    done("dispatch")
    assert done("close") == 0  # says nothing of what came of it
    assert done("close", note="已答复") == 2
    assert done("claim") == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "claim"},
        {"action": "claim", "matters": []},
        {"action": "claim", "matters": [1] * 501},
        {"action": "delete", "matters": [1]},
        {"action": "claim", "matters": [1.5]},
        {"action": "claim", "matters": [True]},
        {"action": "claim", "matters": [0]},
        {"action": "claim", "matters": [2**63]},
        {"action": "claim", "matters": ["x" * 25]},
        {"action": "claim", "matters": ["\x00"]},
        {"action": "claim", "matters": [None]},
        {"action": "claim", "matters": {"1": 1}},
        {"action": "reassign", "matters": [1]},
        {"action": "close", "matters": [1], "note": "好" * 2001},
    ],
)
def test_a_wrong_bulk_is_refused_as_a_whole(
    clerk: Visitor, context: Context, ids: list[int], body: dict[str, object]
) -> None:
    the_problem(clerk.post("/api/v1/matters:bulk", json=body), 422, "invalid_input")
    assert find_claim(context, 1) is None


@pytest.mark.parametrize(
    "query",
    [
        "claim=you",
        "kind=rant",
        "channel=telepathy",
        "due_before=2026-02-30",
        "due_before=tomorrow",
        "opened_from=0000-01-01",
        "opened_to=99999-01-01",
        "topic=010203",
        "waits=perhaps",
        "status=review&status=lost",
        "place=%00",
        "member=" + "x" * 101,
        "&".join(["status=review"] * 21),
    ],
)
def test_a_wrong_filter_is_a_problem(clerk: Visitor, query: str) -> None:
    the_problem(clerk.get(f"/api/v1/matters?{query}"), 422, "invalid_input")


def test_filters_combine_freely(clerk: Visitor, context: Context, ids: list[int]) -> None:
    matter = show_matter(context, ids[0]).matter

    def found(query: str) -> list[int]:
        return [one["id"] for one in clerk.get(f"/api/v1/matters?{query}").json()["matters"]]

    assert found(f"place={matter.place}&committee=FP") == [ids[0]]
    assert found(f"kind={matter.kind}&topic={matter.topic}&department={matter.department}")
    assert found(f"member={matter.member}") == [ids[0]] or not matter.member
    assert sorted(found("channel=web&opened_from=2026-03-04&opened_to=2026-03-04")) == ids
    assert found("channel=phone") == found("opened_to=2026-03-03") == []
    assert sorted(found("due_before=2999-01-01&status=review&status=assigned")) == ids
    assert found("due_before=2026-03-05&urgent=0") == []
    assert set(found("waits=1")).isdisjoint(found("waits=0"))
    assert sorted(found("waits=1") + found("waits=0")) == ids


def test_views_are_kept_shared_and_deleted(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    body = {"filter": {"studio": "T1", "status": ["review", "assigned"], "urgent": False}}
    kept = clerk.send("PUT", "/api/v1/views/本周", json=body).json()
    stored = {"studio": "T1", "status": ["review", "assigned"], "urgent": "0"}
    assert kept == {"name": "本周", "filter": stored, "shared": False}
    assert clerk.get("/api/v1/views/本周").json() == kept
    shared = {"filter": {"claim": "me"}, "shared": True}
    clerk.send("PUT", "/api/v1/views/本周", json=shared)
    views = clerk.get("/api/v1/views").json()["views"]
    assert [(view["name"], view["shared"]) for view in views] == [("本周", False), ("本周", True)]
    page = clerk.get("/").text
    assert "本周" in page
    assert "studio=T1&amp;status=review&amp;status=assigned&amp;urgent=0" in page
    assert clerk.send("DELETE", "/api/v1/views/本周").status_code == 204
    assert clerk.get("/api/v1/views/本周").json()["shared"] is True
    the_problem(clerk.send("DELETE", "/api/v1/views/本周"), 404, "not_found")
    assert clerk.send("DELETE", "/api/v1/views/本周?shared=1").status_code == 204
    the_problem(clerk.get("/api/v1/views/本周"), 404, "not_found")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x" * 41, {"filter": {}}),
        ("%20", {"filter": {}}),
        ("%00", {"filter": {}}),
        ("%E2%80%AE", {"filter": {}}),
        ("a", {}),
        ("a", {"filter": {"nonsense": 1}}),
        ("a", {"filter": {"opened_from": "2026-03-05", "opened_to": "2026-03-04"}}),
        ("a", {"filter": {"status": "review"}}),
        ("a", {"filter": {"status": ["lost"]}}),
        ("a", {"filter": {"urgent": 2}}),
        ("a", {"filter": {}, "shared": "yes"}),
        ("a", []),
    ],
)
def test_a_wrong_view_is_not_kept(clerk: Visitor, name: str, body: object) -> None:
    the_problem(clerk.send("PUT", f"/api/v1/views/{name}", json=body), 422, "invalid_input")
    assert clerk.get("/api/v1/views").json()["views"] == []


def test_not_more_views_than_a_page_bears(clerk: Visitor) -> None:
    for number in range(30):
        clerk.send("PUT", f"/api/v1/views/v{number}", json={"filter": {}})
    the_problem(clerk.send("PUT", "/api/v1/views/one", json={"filter": {}}), 422, "invalid_input")
    assert clerk.send("PUT", "/api/v1/views/v3", json={"filter": {}}).status_code == 200
    assert len(clerk.get("/api/v1/views").json()["views"]) == 30


def test_a_view_that_means_nothing_any_more_breaks_no_page(
    clerk: Visitor, context: Context
) -> None:
    from service.storage.matters.saved_views import keep_view

    with context.database.transaction() as connection:
        keep_view(connection, "admin", "旧", {"status": ["gone"]})
        keep_view(connection, "admin", "更旧", {"urgent": "perhaps"})
    page = clerk.get("/")
    assert page.status_code == 200
    assert "更旧" not in page.text


def test_the_page_gives_the_next_matter_until_there_is_none(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    claim_matter(context, ids[0], OTHER)
    opened = [clerk.fill("/", "/queue/next", query="urgent=0").headers["location"] for _ in ids]
    assert opened[:3] == [f"/matters/{each}?done=claimed" for each in ids[1:]]
    assert opened[3] == "/?urgent=0&done=nothing"
    assert "没有无人认领的事项了" in clerk.get(opened[3]).text
    for wrong in ("status=lost", "urgent=perhaps", "&".join(f"x{n}=1" for n in range(60))):
        assert clerk.fill("/", "/queue/next", query=wrong).status_code == 422


def test_the_page_claims_and_gives_back(clerk: Visitor, context: Context, ids: list[int]) -> None:
    page = f"/matters/{ids[0]}"
    assert "无人认领" in clerk.get(page).text
    assert clerk.fill(page, f"{page}/claim", action="claim").status_code == 303
    assert "我已认领" in clerk.get(page).text
    assert "我认领" in clerk.get("/").text
    assert clerk.fill(page, f"{page}/claim", action="renew").status_code == 303
    assert clerk.fill(page, f"{page}/claim", action="release").status_code == 303
    assert "释放认领" in clerk.get(page).text
    for wrong in ("", "close", "x"):
        assert clerk.fill(page, f"{page}/claim", action=wrong).status_code == 422


def test_the_page_tells_who_holds_it_and_refuses_to_decide(
    clerk: Visitor, context: Context, ids: list[int], clock: Clock
) -> None:
    claim_matter(context, ids[0], OTHER)
    page = f"/matters/{ids[0]}"
    assert "李科 正在办理" in clerk.get(page).text
    answer = clerk.fill(page, f"{page}/move", move="closed", note="好")
    assert answer.status_code == 409
    assert "李科，到 2026-03-04 10:00" in answer.text
    clock.forward(minutes=20)
    assert "李科 正在办理" in clerk.get(page).text  # and the session is not idle
    clock.forward(minutes=10)
    assert "无人认领" in clerk.get(page).text


def test_the_page_reassigns_to_another_account(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    with context.database.transaction() as connection:
        accounts.insert_account(connection, OTHER, "", Role.ADMINISTRATOR)
    page = f"/matters/{ids[0]}"
    done = clerk.fill(page, f"{page}/claim", action="reassign", account=OTHER)
    assert done.status_code == 303
    assert "李科 已认领" in clerk.get(page).text


def test_the_page_does_one_thing_with_many(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    claim_matter(context, ids[1], OTHER)
    ticked = {f"m{each}": "1" for each in [*ids[:2], 999]}
    answer = clerk.fill("/", "/queue/bulk", action="claim", query="urgent=0", **ticked)
    assert answer.status_code == 200
    assert "1 件已认领，2 件没有办成" in answer.text
    assert "李科" in answer.text
    assert 'href="/?urgent=0"' in answer.text
    for wrong in ({"action": "claim"}, {"action": "x", "m1": "1"}, {"action": "", "m1": "1"}):
        assert clerk.fill("/", "/queue/bulk", **wrong).status_code == 422
    hostile = {"m0": "1", "m-1": "1", "m1e3": "1", "m" + "9" * 30: "1"}
    assert clerk.fill("/", "/queue/bulk", action="claim", **hostile).status_code == 422


def test_the_page_keeps_a_view_and_deletes_it(
    clerk: Visitor, context: Context, ids: list[int]
) -> None:
    query = "studio=T1&status=review&status=assigned"
    kept = clerk.fill(f"/?{query}", "/views", query=query, name="我们的<b>", shared="1")
    assert (kept.status_code, kept.headers["location"]) == (303, f"/?{query}")
    page = clerk.get(f"/?{query}").text
    assert "我们的&lt;b&gt;" in page
    assert 'aria-current="page"' in page
    gone = clerk.fill(f"/?{query}", "/views", do="delete", name="我们的<b>", shared="1")
    assert gone.status_code == 303
    assert "我们的" not in clerk.get("/").text
    for wrong in ("status=lost", "urgent=perhaps", "&".join(f"x{n}=1" for n in range(60))):
        assert clerk.fill("/", "/views", query=wrong, name="错").status_code == 422


def test_what_is_wrong_with_many_is_told_in_chinese(clerk: Visitor) -> None:
    def told(**body: object) -> list[str]:
        found = clerk.post("/api/v1/matters:bulk", json=body)
        assert found.status_code == 422
        return [f"{each['field']}：{each['message']}" for each in found.json()["errors"]]

    listed = "'claim'、'renew'、'release'、'reassign'、'dispatch'、'close'"
    assert told(action="fly", matters=[1]) == [f"action：应为 {listed} 之一"]
    assert told(action="claim", matters=[-1]) == ["matters.0：不小于 1", "matters.0：应为文字"]
