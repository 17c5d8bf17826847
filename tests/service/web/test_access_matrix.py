"""Every route, every role, own and foreign things: the matrix is written here once more by hand."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import FastAPI

from service.domain.access import Role, ScopeKind
from service.usecases.context import Context
from service.usecases.matters.matter_file import show_matter
from service.web.allowed import PUBLIC, Declared, list_declared
from tests.service.web.access_world import (
    FOREIGN_TEXT,
    OWN_TEXT,
    Things,
    log_in_as,
    make_things,
)
from tests.service.web.visitor import Visitor

# A administrator, C clerk, V convener, M member, L liaison, D leader.
LETTERS = dict(zip("ACVMLD", Role, strict=True))
ALL, DESK, WITH_MEMBERS = "ACVMLD", "ACV", "ACVM"
MATRIX = {
    "GET /": ALL,
    "POST /queue/bulk": "ACVML",
    "POST /queue/next": "ACVML",
    "POST /views": ALL,
    "GET /search": ALL,
    "GET /account": ALL,
    "POST /account/password": ALL,
    "POST /account/sessions": ALL,
    "POST /account/tokens": ALL,
    "POST /account/totp": ALL,
    "POST /account/totp/confirm": ALL,
    "POST /account/totp/end": ALL,
    "GET /accounts": "A",
    "POST /accounts": "A",
    "GET /matters/{matter_id}": ALL,
    "POST /matters/{matter_id}/correct": DESK,
    "POST /matters/{matter_id}/messages/{message_id}/attachments": WITH_MEMBERS,
    "POST /matters/{matter_id}/claim": "ACVML",
    "GET /matters/{matter_id}/pair/{other}": DESK,
    "POST /matters/{matter_id}/merge": DESK,
    "POST /matters/{matter_id}/split": DESK,
    "POST /matters/{matter_id}/take-out": DESK,
    "POST /matters/{matter_id}/settle": DESK,
    "GET /messages/{message_id}/parts": DESK,
    "POST /messages/{message_id}/parts": DESK,
    "POST /messages/{message_id}/parts/decline": DESK,
    "POST /messages/{message_id}/parts/undo": DESK,
    "GET /messages/{message_id}/erase": "A",
    "POST /messages/{message_id}/erase": "A",
    "POST /matters/{matter_id}/move": "ACVLD",
    "POST /matters/{matter_id}/route": "ACVL",
    "POST /matters/{matter_id}/reply": "ACVML",
    "POST /matters/{matter_id}/reply/{reply_id}/approve": DESK,
    "POST /matters/{matter_id}/reply/{reply_id}/send": "AV",
    "POST /matters/{matter_id}/consultation": "AVM",
    "POST /matters/{matter_id}/step": "AVM",
    "GET /intake": WITH_MEMBERS,
    "POST /intake": WITH_MEMBERS,
    "POST /intake/mail": WITH_MEMBERS,
    "GET /receptions": WITH_MEMBERS,
    "POST /receptions": WITH_MEMBERS,
    "GET /receptions/{reception_id}": WITH_MEMBERS,
    "POST /receptions/{reception_id}/messages": WITH_MEMBERS,
    "POST /receptions/{reception_id}/close": WITH_MEMBERS,
    "GET /studios/{code}/qr": WITH_MEMBERS,
    "GET /digest": "ACVMD",
    "GET /digest/{code}.{form}": "ACVMD",
    "GET /api/v1/digest.schema.json": "ACVMD",
    "GET /digests": "ACVMD",
    "POST /digests": "ACVMD",
    "GET /digests/{id}.{form}": "ACVMD",
    "POST /digests/schedules": "A",
    "GET /deliveries": "A",
    "POST /deliveries": "A",
    "POST /webhooks": "A",
    "GET /api/v1/digests": "ACVMD",
    "POST /api/v1/digests": "ACVMD",
    "GET /api/v1/digests/{id}/{form}": "ACVMD",
    "GET /api/v1/digests/{period}": "ACVMD",
    "GET /api/v1/digest-schedules": "A",
    "POST /api/v1/digest-schedules": "A",
    "DELETE /api/v1/digest-schedules/{schedule_id}": "A",
    "GET /api/v1/webhooks": "A",
    "POST /api/v1/webhooks": "A",
    "DELETE /api/v1/webhooks/{webhook_id}": "A",
    "POST /api/v1/webhooks/{webhook_id}:rotate": "A",
    "GET /api/v1/deliveries": "A",
    "POST /api/v1/deliveries/{delivery_id}:retry": "A",
    "GET /organisation": "A",
    "POST /organisation": "A",
    "GET /organisation.xlsx": "A",
    "GET /rules": "A",
    "POST /rules": "A",
    "POST /rules/try": "A",
    "POST /rules/suggestions": "A",
    "GET /rules.csv": "A",
    "GET /thresholds": "A",
    "POST /thresholds": "A",
    "POST /thresholds/joining": "A",
    "GET /deadlines": "A",
    "POST /deadlines/calendar": "A",
    "POST /deadlines/reminders": "A",
    "POST /deadlines/retention": "A",
    "POST /api/v1/matters:already-open": ALL,
    "GET /api/v1/matters": ALL,
    "GET /api/v1/matters/{matter_id}": ALL,
    "GET /api/v1/matters/{matter_id}/explanation": ALL,
    "GET /api/v1/matters/{matter_id}/similar": ALL,
    "POST /api/v1/matters/{matter_id}:merge": DESK,
    "POST /api/v1/matters/{matter_id}:split": DESK,
    "POST /api/v1/matters/{matter_id}:take-out": DESK,
    "POST /api/v1/matters/{matter_id}:refuse": DESK,
    "POST /api/v1/matters/{matter_id}:relate": DESK,
    "POST /api/v1/matters:claim-next": "ACVML",
    "POST /api/v1/matters:bulk": "ACVML",
    "POST /api/v1/matters/{matter_id}:claim": "ACVML",
    "POST /api/v1/matters/{matter_id}:renew": "ACVML",
    "POST /api/v1/matters/{matter_id}:release": "ACVML",
    "POST /api/v1/matters/{matter_id}:reassign": DESK,
    "POST /api/v1/matters/{matter_id}:correct": DESK,
    "GET /api/v1/search": ALL,
    "GET /api/v1/messages/{message_id}/parts": ALL,
    "POST /api/v1/messages/{message_id}/parts": DESK,
    "POST /api/v1/messages/{message_id}/parts:decline": DESK,
    "POST /api/v1/messages/{message_id}/parts:undo": DESK,
    "POST /api/v1/messages:mail": WITH_MEMBERS,
    "POST /api/v1/messages/{message_id}/attachments": WITH_MEMBERS,
    "GET /api/v1/messages/{message_id}/attachments": DESK,
    "GET /api/v1/attachments/{attachment_id}": DESK,
    "POST /api/v1/messages/{message_id}:erase": "A",
    "GET /api/v1/erasures": "A",
    "POST /api/v1/matters/{matter_id}:accept-route": "ACVL",
    "POST /api/v1/matters/{matter_id}:decline-route": "ACVL",
    "GET /api/v1/matters/{matter_id}/moves": ALL,
    "POST /api/v1/matters/{matter_id}/moves": "ACVLD",
    "GET /api/v1/matters/{matter_id}/consultations": ALL,
    "POST /api/v1/matters/{matter_id}/consultations": "AVM",
    "POST /api/v1/matters/{matter_id}/steps": "AVM",
    "GET /api/v1/calendar": "A",
    "PUT /api/v1/calendar": "A",
    "GET /api/v1/reminders": "A",
    "PUT /api/v1/reminders": "A",
    "GET /api/v1/retention": "A",
    "PUT /api/v1/retention": "A",
    "GET /api/v1/matters/{matter_id}/replies": ALL,
    "POST /api/v1/matters/{matter_id}/replies": "ACVML",
    "POST /api/v1/matters/{matter_id}/replies:check": "ACVML",
    "POST /api/v1/replies/{reply_id}:approve": DESK,
    "POST /api/v1/replies/{reply_id}:send": "AV",
    "GET /api/v1/reply-templates": ALL,
    "PUT /api/v1/reply-templates/{name}": "A",
    "DELETE /api/v1/reply-templates/{name}": "A",
    "GET /api/v1/receptions": WITH_MEMBERS,
    "POST /api/v1/receptions": WITH_MEMBERS,
    "POST /api/v1/receptions/{reception_id}/messages": WITH_MEMBERS,
    "POST /api/v1/receptions/{reception_id}:close": WITH_MEMBERS,
    "GET /api/v1/organisation": "A",
    "GET /api/v1/organisation.xlsx": "A",
    "PUT /api/v1/organisation.xlsx": "A",
    "GET /api/v1/organisation/changes": "A",
    "GET /api/v1/studios/{code}/shifts": "A",
    "PUT /api/v1/studios/{code}/shifts": "A",
    "GET /api/v1/committees/{code}/sectors": "A",
    "PUT /api/v1/committees/{code}/sectors": "A",
    "PUT /api/v1/members/{code}/absence": "A",
    **{
        f"{method} /api/v1/{nouns}/{{code}}": "A"
        for method in ("GET", "PUT", "DELETE")
        for nouns in ("committees", "studios", "members", "departments")
    },
    "GET /api/v1/rules": "A",
    "PUT /api/v1/rules": "A",
    "POST /api/v1/rules:try": "A",
    "GET /api/v1/duty-suggestions": "A",
    "POST /api/v1/duty-suggestions/{code}:accept": "A",
    "POST /api/v1/duty-suggestions/{code}:decline": "A",
    "GET /api/v1/thresholds": "A",
    "PUT /api/v1/thresholds": "A",
    "GET /api/v1/thresholds/joining": "A",
    "PUT /api/v1/thresholds/joining": "A",
    "GET /api/v1/views": ALL,
    "GET /api/v1/views/{name}": ALL,
    "PUT /api/v1/views/{name}": ALL,
    "DELETE /api/v1/views/{name}": ALL,
    "GET /api/v1/status": ALL,
    "GET /api/v1/accounts": "A",
    "POST /api/v1/accounts": "A",
    "PATCH /api/v1/accounts/{name}": "A",
    "DELETE /api/v1/accounts/{name}": "A",
    "POST /api/v1/accounts/{name}:enable": "A",
    "POST /api/v1/accounts/{name}:reset-password": "A",
    "POST /api/v1/accounts/{name}:reset-totp": "A",
    "GET /api/v1/tokens": ALL,
    "POST /api/v1/tokens": ALL,
    "DELETE /api/v1/tokens/{token_id}": ALL,
}
OPEN = {
    "/api/v1/openapi.json", "/api/v1/messages", "/api/v1/messages:batch",
    "/api/v1/messages:already-open", "/api/v1/receipts:look-up", "/api/v1/receipts:rate",
    "/api/v1/receipts:attach", "/api/v1/receipts:supplement", "/healthz", "/readyz", "/metrics",
    "/login", "/login/code",
    "/logout",
    "/look-up", "/look-up/rate", "/look-up/supplement", "/submit", "/static",
}  # fmt: skip
OBJECTS = ("matter_id", "other", "message_id", "reply_id", "reception_id")
PLAIN = {
    "name": "nobody",
    "code": "NO",
    "form": "json",
    "id": "1",
    "period": "2026-W09",
    "token_id": "900009",
} | dict.fromkeys(("schedule_id", "webhook_id", "delivery_id", "attachment_id"), "900005")
NOWHERE = Things(900001, 900002, 900003, 900004)


def named(route: Declared) -> str:
    (method,) = route.methods - {"HEAD"}
    return f"{method} {route.path}"


def test_the_matrix_names_every_route_and_no_other(app: FastAPI) -> None:
    routes = list_declared(app)
    assert {route.path for route in routes if not route.permissions} == OPEN == PUBLIC
    assert sorted(named(route) for route in routes if route.permissions) == sorted(MATRIX)


def test_a_route_without_a_permission_does_not_start(
    app: FastAPI, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service import app as module
    from service.web.api import rules

    router = rules.APIRouter()
    router.get("/forgotten")(lambda: {})
    monkeypatch.setattr(rules, "router", router)
    with pytest.raises(AssertionError, match="/api/v1/forgotten"):
        module.create_app(context)


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_each_role_reaches_its_own_and_nothing_else(
    app: FastAPI, context: Context, role: Role
) -> None:
    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    foreign = make_things(context, FOREIGN_TEXT, "XX", "XX-1", "教育局")
    visitor = log_in_as(app, role)
    token = csrf(visitor)
    wrong = []
    for name, letters in MATRIX.items():
        may = role in {LETTERS[letter] for letter in letters}
        method, path = name.split(" ")
        asked = [each for each in OBJECTS if f"{{{each}}}" in path]
        answer = send(visitor, token, method, fill(path, own, own, ""))
        if told(answer, own) != ("yes" if may else "forbidden"):
            wrong.append((name, "own", answer.status_code, answer.text[:200]))
        for each in asked:
            answer = send(visitor, token, method, fill(path, own, foreign, each))
            wanted = "forbidden" if not may else "yes" if role is Role.ADMINISTRATOR else "absent"
            if told(answer, foreign) != wanted:
                wrong.append((name, f"foreign {each}", answer.status_code, answer.text[:200]))
            elif wanted == "absent":
                missing = send(visitor, token, method, fill(path, own, NOWHERE, each))
                if without_ids(answer, foreign) != without_ids(missing, NOWHERE):
                    wrong.append((name, "tells that it is there", answer.text, missing.text))
    assert wrong == []


def csrf(visitor: Visitor) -> str:
    page = visitor.get("/account", headers={"accept": "text/html"})
    return re.findall(r'name="csrf_token" value="([0-9a-f]{64})"', page.text)[-1]


def fill(path: str, own: Things, other: Things, foreign: str) -> str:
    """The address with ids: ``other``'s for the parameter ``foreign``, else one's own."""
    for name in OBJECTS:
        path = path.replace(f"{{{name}}}", str((other if name == foreign else own).of(name)))
    path = path.replace("{code}.{form}", "2026-W09.json")
    for name, value in PLAIN.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def send(visitor: Visitor, token: str, method: str, path: str) -> httpx.Response:
    """A request that says as little as it can: what comes after the decision may refuse it."""
    if method == "GET":
        return visitor.get(path)
    if path.startswith("/api/"):
        return visitor.send(method, path, json={})
    if path == "/organisation":
        return visitor.post(path, data={"csrf_token": token}, files={})
    return visitor.post(path, data={"csrf_token": token, "studio": "T1"})


def told(answer: httpx.Response, things: Things) -> str:
    """Whether the request was decided: "yes", "forbidden", or that the thing is "absent"."""
    if answer.status_code not in (401, 403, 404):
        return "yes"
    problem = answer.json()
    if problem["code"] != "not_found":
        return str(problem["code"])
    ids = (things.matter_id, things.message_id, things.reply_id, things.reception_id)
    is_of_these = any(re.search(rf" {each}$", problem["detail"]) for each in ids)
    return "absent" if is_of_these else "yes"


def without_ids(answer: httpx.Response, things: Things) -> str:
    ids = (things.matter_id, things.message_id, things.reply_id, things.reception_id)
    return re.sub(rf" ({'|'.join(map(str, ids))})\"", ' N"', answer.text)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_lists_counts_and_searches_hold_no_foreign_matter(
    app: FastAPI, context: Context, role: Role
) -> None:
    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    foreign = make_things(context, FOREIGN_TEXT, "XX", "XX-1", "教育局")
    visitor = log_in_as(app, role)
    found = visitor.get("/api/v1/matters").json()
    assert [each["id"] for each in found["matters"]] == [own.matter_id]
    assert found["total"] == 1
    counts = visitor.get("/api/v1/status").json()
    assert (counts["matters"], counts["messages"]) == (1, 1)
    for words, hits in (("路灯", 1), ("过期零食", 0)):
        assert len(visitor.get("/api/v1/search", params={"q": words}).json()["hits"]) == hits
    draft = {"title": "", "text": FOREIGN_TEXT}
    assert visitor.post("/api/v1/matters:already-open", json=draft).json() == {"matters": []}
    for page in ("/", "/search?q=过期零食", f"/matters/{own.matter_id}"):
        text = visitor.get(page, headers={"accept": "text/html"}).text
        assert "过期零食" not in text.replace('value="过期零食"', "")
        assert f"/matters/{foreign.matter_id}" not in text


def test_a_department_that_helps_sees_the_matter(app: FastAPI, context: Context) -> None:
    from service.storage.matters.matters import change_matter

    helped = make_things(context, FOREIGN_TEXT, "XX", "XX-1", "教育局")
    visitor = log_in_as(app, Role.LIAISON)
    assert visitor.get(f"/api/v1/matters/{helped.matter_id}").status_code == 404
    with context.database.transaction() as connection:
        change_matter(connection, helped.matter_id, helping=["公安局", "住建局"])
    assert visitor.get(f"/api/v1/matters/{helped.matter_id}").status_code == 200
    assert visitor.get("/api/v1/matters").json()["total"] == 1
    # It drafts its part of the answer; what becomes of the matter is the leading one's to say.
    address = f"/api/v1/matters/{helped.matter_id}"
    assert visitor.get(f"{address}/moves").json()["moves"] == []
    page = visitor.get(f"/matters/{helped.matter_id}", headers={"accept": "text/html"}).text
    assert 'value="signed"' not in page
    refused = visitor.post(f"{address}/moves", json={"move": "signed"})
    assert (refused.status_code, "主办单位教育局" in refused.json()["detail"]) == (403, True)
    assert visitor.post(f"{address}/replies", json={"text": "已会同查看。"}).status_code == 201


def test_who_gives_a_matter_away_is_led_back_to_the_queue(app: FastAPI, context: Context) -> None:
    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    visitor = log_in_as(app, Role.CONVENER)
    page = f"/matters/{own.matter_id}"
    stays = visitor.fill(page, f"{page}/claim", action="claim")
    assert stays.headers["location"] == f"{page}?done=claimed"
    matter = show_matter(context, own.matter_id).matter
    gives = {"topic": matter.topic, "department": "住建局", "kind": matter.kind, "studio": "T2"}
    leaves = visitor.fill(page, f"{page}/correct", **gives)
    assert leaves.headers["location"] == "/?done=left"
    shown = visitor.get("/?done=left", headers={"accept": "text/html"})
    assert (shown.status_code, "不在您的待办中" in shown.text) == (200, True)
    assert show_matter(context, own.matter_id).matter.studio == "T2"


def test_ids_in_bodies_are_decided_too(app: FastAPI, context: Context) -> None:
    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    foreign = make_things(context, FOREIGN_TEXT, "XX", "XX-1", "教育局")
    visitor = log_in_as(app, Role.CONVENER)
    address = f"/api/v1/matters/{own.matter_id}"
    assert visitor.post(f"{address}:merge", json={"into": foreign.matter_id}).status_code == 404
    assert visitor.post(f"{address}:refuse", json={"other": foreign.matter_id}).status_code == 404
    assert visitor.post(f"{address}:relate", json={"other": foreign.matter_id}).status_code == 404
    body = {"action": "claim", "matters": [own.matter_id, foreign.matter_id]}
    results = visitor.post("/api/v1/matters:bulk", json=body).json()["results"]
    assert [one["status"] for one in results] == [200, 404]
    studio = {"studio": "T2", "held_on": "2026-03-05"}
    assert visitor.post("/api/v1/receptions", json=studio).status_code == 403


def test_a_move_needs_its_own_permission(app: FastAPI, context: Context) -> None:
    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    address = f"/api/v1/matters/{own.matter_id}/moves"
    liaison, leader = log_in_as(app, Role.LIAISON), log_in_as(app, Role.LEADER)
    assert liaison.post(address, json={"move": "closed", "note": "好"}).status_code == 403
    assert leader.post(address, json={"move": "signed"}).status_code == 403
    assert leader.post(address, json={"move": "urged", "note": "请快办"}).status_code == 200
    assert {one["move"] for one in leader.get(address).json()["moves"]} == {"urged"}
    # What is nobody's to do on a page is not there either.
    queue = leader.get("/", headers={"accept": "text/html"}).text
    assert ("路灯" in queue, "批量" in queue, 'type="checkbox" name="m' in queue) == (
        True,
        False,
        False,
    )
    case = leader.get(f"/matters/{own.matter_id}", headers={"accept": "text/html"}).text
    assert ("督办" in case, "协商与监督" in case) == (True, False)
    assert liaison.post(address, json={"move": "signed"}).status_code == 200


def test_an_administrator_of_a_part_lays_nothing_down_for_all(app: FastAPI) -> None:
    part = log_in_as(app, Role.ADMINISTRATOR, (ScopeKind.COMMITTEE, ("FP",)), "分管")
    for path in ("/rules", "/organisation", "/accounts", "/api/v1/accounts", "/deadlines"):
        assert part.get(path).status_code == 403
    assert part.get("/").status_code == 200


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_senders_are_shown_to_few_and_each_look_is_kept(
    app: FastAPI, context: Context, role: Role
) -> None:
    from service.usecases.matters.sender_looks import list_looks

    own = make_things(context, OWN_TEXT + "电话19900002222。", "FP", "T1", "住建局")
    visitor = log_in_as(app, role)
    page = visitor.get(f"/matters/{own.matter_id}", headers={"accept": "text/html"}).text
    sees = role in (Role.ADMINISTRATOR, Role.CLERK, Role.CONVENER)
    for personal in ("19900001111", "19900002222", "陈某"):
        assert (personal in page) == sees
    looks = [(look.account, look.matter_id, look.messages) for look in list_looks(context)]
    assert looks == ([(role.value, own.matter_id, (own.message_id,))] if sees else [])


@pytest.mark.parametrize(
    "spelling", ["+{}", "%20{}", "{}%20", "{}.0", "0_{}", "{}%0A", "0000000000000000000000{}"]
)
def test_a_number_written_otherwise_opens_nothing(
    app: FastAPI, context: Context, spelling: str
) -> None:
    foreign = make_things(context, FOREIGN_TEXT, "XX", "XX-1", "教育局")
    visitor = log_in_as(app, Role.CONVENER)
    for path in ("/matters/{}", "/api/v1/matters/{}", "/api/v1/matters/{}/replies"):
        assert visitor.get(path.format(spelling.format(foreign.matter_id))).status_code == 404
    claim = f"/api/v1/matters/{spelling.format(foreign.matter_id)}:claim"
    assert visitor.post(claim, json={}).status_code == 404
    approve = f"/api/v1/replies/{spelling.format(foreign.reply_id)}:approve"
    assert visitor.post(approve, json={}).status_code == 404


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_receipts_are_shown_to_few(app: FastAPI, context: Context, role: Role) -> None:
    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    visitor = log_in_as(app, role)
    sees = role in (Role.ADMINISTRATOR, Role.CLERK, Role.CONVENER)
    matter = visitor.get(f"/api/v1/matters/{own.matter_id}").json()
    assert bool(matter["demands"][0]["receipt"]) == sees
    parts = visitor.get(f"/api/v1/messages/{own.message_id}/parts").json()
    assert bool(parts["receipt"]) == sees
    page = visitor.get(f"/matters/{own.matter_id}", headers={"accept": "text/html"}).text
    assert ("回执 <span" in page) == sees


def test_of_a_parted_message_each_sees_its_own_and_nobody_undoes_anothers(
    app: FastAPI, context: Context
) -> None:
    from classifier.spans import Span
    from service.storage.matters.matters import change_matter
    from service.usecases.matters.parting import confirm_parts
    from service.usecases.matters.show_parting import show_parting

    text = OWN_TEXT + FOREIGN_TEXT
    own = make_things(context, text, "FP", "T1", "住建局")
    spans = [Span(0, len(OWN_TEXT)), Span(len(OWN_TEXT), len(text))]
    confirm_parts(context, own.message_id, spans, "admin", stays=0, reason="")
    foreign = next(
        part.matter.id
        for part in show_parting(context, own.message_id).parts
        if part.matter and part.matter.id != own.matter_id
    )
    with context.database.transaction() as connection:
        change_matter(connection, foreign, committee="XX", studio="XX-1")
    convener = log_in_as(app, Role.CONVENER)
    address = f"/api/v1/messages/{own.message_id}/parts"
    parts = convener.get(address).json()["parts"]
    assert [part["matter"]["id"] for part in parts] == [own.matter_id]
    assert convener.post(f"{address}:undo", json={}).status_code == 403
    with context.database.transaction() as connection:
        change_matter(connection, foreign, committee="FP", studio="T1")
        change_matter(connection, own.matter_id, committee="XX", studio="XX-1")
    found = convener.get("/api/v1/search", params={"q": "路灯"}).json()["hits"]
    assert found == []


def test_a_look_at_the_original_elsewhere_is_kept_too(app: FastAPI, context: Context) -> None:
    from service.usecases.matters.sender_looks import list_looks

    own = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    other = make_things(context, FOREIGN_TEXT, "FP", "T1", "住建局")
    convener = log_in_as(app, Role.CONVENER)
    html = {"accept": "text/html"}
    assert convener.get(f"/messages/{own.message_id}/parts", headers=html).status_code == 200
    assert [look.messages for look in list_looks(context)] == [(own.message_id,)]
    pair = f"/matters/{own.matter_id}/pair/{other.matter_id}"
    assert convener.get(pair, headers=html).status_code == 200
    assert {look.messages for look in list_looks(context)} == {
        (own.message_id,),
        (other.message_id,),
    }
    assert len(list_looks(context)) == 3
