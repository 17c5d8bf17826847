"""The organisation by API and page: for the administrator, by version, in force at once."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from service.app import create_app
from service.domain.access import Account, Role
from service.domain.organisation import OrganisationBook
from service.intake.organisation_workbook import MEDIA_TYPE
from service.storage.database import Database
from service.usecases.administration.organisation import read_book, save_book
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.web.dependencies import logged_in
from tests.makers import a_message, a_small_organisation
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

API = "/api/v1"
STUDIO = {"name": "丙室", "kind": "specialty", "committee": "FP", "topics": ["民政"]}
READ = [
    "/organisation",
    "/organisation.xlsx",
    f"{API}/organisation",
    f"{API}/organisation.xlsx",
    f"{API}/organisation/changes",
    f"{API}/committees/FP",
    f"{API}/committees/FP/sectors",
    f"{API}/studios/T1",
    f"{API}/studios/T1/shifts",
    f"{API}/members/T1-M1",
    f"{API}/departments/住建局",
]


@pytest.fixture
def stored(context: Context) -> Context:
    save_book(context, OrganisationBook(a_small_organisation()), "甲")
    return context


@pytest.fixture
def desk(stored: Context, clerk: Visitor) -> Visitor:
    """The administrator, with the small organisation in force as version 1."""
    return clerk


def put(desk: Visitor, path: str, body: Any, version: str | None = '"1"') -> httpx.Response:
    headers = {"content-type": "application/json"}
    headers |= {} if version is None else {"if-match": version}
    return desk.send("PUT", f"{API}{path}", content=json.dumps(body), headers=headers)


def workbook_of(desk: Visitor, sheet: str = "", cell: str = "", value: Any = None) -> bytes:
    content = desk.get(f"{API}/organisation.xlsx").content
    if not sheet:
        return content
    workbook = load_workbook(io.BytesIO(content))
    workbook[sheet][cell] = value
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def upload(desk: Visitor, content: bytes, **fields: str) -> httpx.Response:
    page = desk.get("/organisation").text
    token = page.partition('name="csrf_token" value="')[2][:64]
    version = page.partition('name="version" value="')[2].partition('"')[0]
    data = {"csrf_token": token, "version": version, **fields}
    return desk.post("/organisation", data=data, files={"file": ("甲.xlsx", content, MEDIA_TYPE)})


@pytest.mark.parametrize("path", READ)
def test_nobody_else_sees_it(
    stored: Context, citizen: Visitor, program: Visitor, clerk: Visitor, path: str
) -> None:
    visitor = program if path.startswith("/api") else citizen
    assert visitor.get(path).status_code in (303, 401)
    assert clerk.get(path).status_code == 200
    clerk.app.dependency_overrides[logged_in] = lambda: Account("乙", Role.MEMBER)
    assert clerk.get(path).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("PUT", path) for path in ("/committees/X", "/studios/X", "/members/X")),
        *(("DELETE", path) for path in ("/committees/X", "/studios/X", "/members/X")),
        *(("PUT", "/departments/X"), ("DELETE", "/departments/X")),
        *(("PUT", "/members/X/absence"), ("PUT", "/studios/X/shifts")),
        *(("PUT", "/committees/X/sectors"), ("PUT", "/organisation.xlsx")),
    ],
)
def test_nobody_else_changes_it(
    stored: Context, program: Visitor, clerk: Visitor, method: str, path: str
) -> None:
    answer = program.send(method, f"{API}{path}", headers={"if-match": "*"}, content=b"{}")
    assert answer.status_code == 401
    clerk.app.dependency_overrides[logged_in] = lambda: Account("乙", Role.MEMBER)
    answer = clerk.send(method, f"{API}{path}", headers={"if-match": "*"}, content=b"{}")
    assert answer.status_code in (403, 422)
    assert read_book(stored).version == 1


def test_a_row_is_put_shown_and_deleted_by_version(desk: Visitor) -> None:
    answer = put(desk, "/studios/T3", STUDIO)
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    told = answer.json()
    assert told["changes"][0]["action"] == "added"
    assert {"field": "专题", "before": "", "after": "民政"} in told["changes"][0]["fields"]
    assert told["warnings"] == ["工作室 T3：工作室“T3”没有委员，派到这里的事项无人接"]
    shown = desk.get(f"{API}/studios/T3")
    assert shown.headers["etag"] == '"2"'
    assert shown.json() == STUDIO | {
        **dict.fromkeys(("sector", "convener", "contact", "opening_hours"), ""),
        **{key: [] for key in ("areas", "deputies")},
        **dict.fromkeys(("capacity", "yearly_allocation"), 0),
        "two_signatures": False,
    }
    gone = desk.send("DELETE", f"{API}/studios/T3", headers={"if-match": '"2"'})
    assert (gone.status_code, gone.json()["version"]) == (200, 3)
    assert desk.get(f"{API}/studios/T3").status_code == 404


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/committees/FP", "parent"),
        ("/studios/T1", "contact"),
        ("/members/T1-M1", "employer"),
        ("/departments/住建局", "duties"),
    ],
)
def test_what_is_shown_can_be_put_again(desk: Visitor, path: str, key: str) -> None:
    shown = desk.get(f"{API}{path}").json()
    assert put(desk, path, shown).json() == {"version": 1, "changes": [], "warnings": []}
    if key != "parent":
        assert put(desk, path, shown | {key: " 改了 "}).json()["version"] == 2
        assert desk.get(f"{API}{path}").json()[key] == "改了"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        (None, 428, "version_missing"),
        ("", 428, "version_missing"),
        ('"0"', 412, "organisation_changed"),
        ('"2"', 412, "organisation_changed"),
        ("1", 412, "organisation_changed"),
        ('W/"1"', 412, "organisation_changed"),
        ('"１"', 412, "organisation_changed"),
        ('"-1"', 412, "organisation_changed"),
        ('"' + "9" * 5000 + '"', 412, "organisation_changed"),
        ('"', 412, "organisation_changed"),
    ],
)
def test_a_change_names_the_version_it_was_thought_of(
    desk: Visitor, stored: Context, given: str | None, status: int, code: str
) -> None:
    version = given.encode("utf-8") if given is not None else None
    headers = {} if version is None else {"if-match": version}
    for method, path, body in (
        ("PUT", "/studios/T3", STUDIO),
        ("DELETE", "/departments/住建局", None),
        ("PUT", "/studios/T1/shifts", {"shifts": []}),
    ):
        answer = desk.send(method, f"{API}{path}", json=body, headers=headers)
        the_problem(answer, status, code)
    assert read_book(stored).version == 1


def test_any_version_will_do_where_that_is_said(desk: Visitor) -> None:
    assert put(desk, "/studios/T3", STUDIO, "*").json()["version"] == 2


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/studios/T3", {}, "invalid_input"),
        ("/studios/T3", [], "invalid_input"),
        ("/studios/T3", STUDIO | {"code": "T4"}, "invalid_input"),
        ("/studios/T3", STUDIO | {"kind": "区域"}, "invalid_input"),
        ("/studios/T3", STUDIO | {"capacity": -1}, "invalid_input"),
        ("/studios/T3", STUDIO | {"capacity": "9"}, "invalid_input"),
        ("/studios/T3", STUDIO | {"capacity": 2**31}, "invalid_input"),
        ("/studios/T3", STUDIO | {"name": " "}, "invalid_input"),
        ("/studios/T3", STUDIO | {"name": "甲" * 101}, "invalid_input"),
        ("/studios/T3", STUDIO | {"areas": [""]}, "invalid_input"),
        ("/studios/T3", STUDIO | {"areas": ["甲"] * 501}, "invalid_input"),
        ("/studios/T3", STUDIO | {"areas": ["甲;乙"]}, "organisation_file"),
        ("/studios/T3", STUDIO | {"name": "甲\u0000"}, "organisation_file"),
        ("/studios/T3", STUDIO | {"name": "\ud800"}, "invalid_input"),
        ("/studios/T3", STUDIO | {"topics": ["天文"]}, "organisation_file"),
        ("/studios/T3", STUDIO | {"committee": "没有"}, "organisation_file"),
        ("/studios/T3", STUDIO | {"convener": "T1-M1"}, "organisation_file"),
        ("/studios/T%203", STUDIO, "organisation_file"),
        ("/studios/" + "x" * 65, STUDIO, "organisation_file"),
        ("/studios/" + "x" * 101, STUDIO, "invalid_input"),
        ("/committees/X", {"name": "甲", "level": "city", "parent": "FP"}, "organisation_file"),
        ("/committees/X", {"name": "甲", "level": "乡"}, "invalid_input"),
        ("/committees/FP/sectors", {"sectors": ["甲;乙"]}, "organisation_file"),
        ("/departments/丙局", {"division": "000000"}, "organisation_file"),
        ("/departments/丙局", {"aliases": ["住建局"]}, "organisation_file"),
        ("/members/T1-M1/absence", {"absent_from": "明天"}, "invalid_input"),
        ("/members/T1-M1/absence", {"absent_to": "2026-03-01"}, "organisation_file"),
        ("/members/T1-M1/absence", {"deputy": "T1-M1"}, "organisation_file"),
        ("/studios/T1/shifts", {"shifts": [{"member": "T1-M1"}]}, "invalid_input"),
    ],
)
def test_what_is_wrong_changes_nothing(
    desk: Visitor, stored: Context, path: str, body: Any, code: str
) -> None:
    the_problem(put(desk, path, body), 422, code)
    assert read_book(stored).version == 1


def test_a_case_file_tells_who_of_its_members_went_away(desk: Visitor, stored: Context) -> None:
    (received,) = receive_messages(stored, [a_message()])
    page = f"/matters/{received.matter_id}"
    html = {"accept": "text/html"}
    assert "缺席" not in desk.get(page, headers=html).text
    away = {"absent_from": "2026-03-01", "absent_to": None, "deputy": "T2-M1"}
    put(desk, "/members/T1-M1/absence", away)
    assert "（缺席，乙委员代理）" in desk.get(page, headers=html).text
    put(desk, "/members/T1-M1/absence", {**away, "deputy": ""}, '"2"')
    assert "（缺席）" in desk.get(page, headers=html).text


def test_an_absence_shifts_and_sectors_are_put(desk: Visitor) -> None:
    away = {"absent_from": "2026-03-09", "absent_to": None, "deputy": "T2-M1"}
    assert put(desk, "/members/T1-M1/absence", away).json()["version"] == 2
    assert desk.get(f"{API}/members/T1-M1").json()["deputy"] == "T2-M1"
    shift = {
        "member": "T1-M1",
        "first_day": "2026-03-02",
        "last_day": "2026-03-31",
        "weekdays": [1, 3],
        "hours": "09:00-11:30",
    }
    told = put(desk, "/studios/T1/shifts", {"shifts": [shift]}, '"2"').json()
    assert told["warnings"] == ["值班 T1：值班期间“T1-M1”登记为缺席，由代理委员接"]
    assert desk.get(f"{API}/studios/T1/shifts").json() == {"shifts": [shift]}
    sectors = {"sectors": ["农业界", "乡贤"]}
    assert put(desk, "/committees/FP/sectors", sectors, '"3"').json()["version"] == 4
    assert desk.get(f"{API}/committees/FP/sectors").json() == sectors
    whole = desk.get(f"{API}/organisation").json()
    assert whole["version"] == 4
    assert whole["shifts"] == {"T1": [shift]}
    assert whole["sectors"] == {"FP": ["农业界", "乡贤"]}
    assert len(whole["departments"]) == 10


def test_the_workbook_goes_out_and_in(desk: Visitor, stored: Context) -> None:
    content = workbook_of(desk, "工作室", "K2", "每周一 9:00—11:30")
    headers = {"if-match": '"1"'}
    path = f"{API}/organisation.xlsx"
    tried = desk.send("PUT", f"{path}?dry_run=true", content=content, headers=headers).json()
    assert tried["version"] == 1
    assert [row["code"] for row in tried["changes"]] == ["T1"]
    done = desk.send("PUT", path, content=content, headers=headers)
    assert done.headers["etag"] == '"2"'
    assert done.json()["changes"] == tried["changes"]
    the_problem(
        desk.send("PUT", path, content=content, headers=headers), 412, "organisation_changed"
    )
    changes = desk.get(f"{API}/organisation/changes?sheet=工作室&code=T1").json()["changes"]
    assert [(one["version"], one["actor"]) for one in changes] == [(2, "admin"), (1, "甲")]
    assert changes[0]["at"].endswith("+08:00")


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\x03\x04", b"\xff" * 1000])
def test_what_is_no_workbook_is_refused(desk: Visitor, stored: Context, content: bytes) -> None:
    headers = {"if-match": '"1"'}
    answer = desk.send("PUT", f"{API}/organisation.xlsx", content=content, headers=headers)
    the_problem(answer, 422, "file_unreadable")
    assert read_book(stored).version == 1


def test_the_page_shows_the_organisation_and_takes_another(desk: Visitor) -> None:
    page = desk.get("/organisation").text
    assert "富平县政协" in page
    assert "庄里镇委员工作室" in page
    assert "现行第 1 版" in page
    assert desk.get("/organisation.xlsx").headers["content-disposition"].startswith("attachment")
    answer = upload(desk, workbook_of(desk, "工作室", "B2", "<b>新</b>室"))
    assert answer.status_code == 303
    page = desk.get(answer.headers["location"]).text
    assert "已载入" in page
    assert "&lt;b&gt;新&lt;/b&gt;室" in page
    assert "<b>新" not in page
    assert "名称 庄里镇委员工作室 → " in page


def test_the_page_checks_without_taking(desk: Visitor, stored: Context) -> None:
    answer = upload(desk, workbook_of(desk, "工作室", "J2", "联系人甲"), only_check="1")
    assert answer.status_code == 200
    assert "检查通过，尚未载入：将有 1 处更改" in answer.text
    assert "联系领导 空 → 联系人甲" in answer.text
    assert read_book(stored).version == 1


def test_the_page_tells_all_that_is_wrong(desk: Visitor, stored: Context) -> None:
    content = workbook_of(desk, "工作室", "D2", "<i>没有</i>")
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert "未作任何更改" in answer.text
    assert "工作表“工作室” 第 2 行：“政协”中的“&lt;i&gt;没有&lt;/i&gt;”不存在" in answer.text
    for wrong in (b"", b"PK", b"x" * 100):
        assert "不是" in upload(desk, wrong).text
    old = upload(desk, workbook_of(desk), version="0")
    assert (old.status_code, "已有人改过" in old.text) == (422, True)
    assert upload(desk, workbook_of(desk), version="x" * 50).status_code == 422
    assert read_book(stored).version == 1


def test_what_is_only_warned_of_is_shown_after_taking(desk: Visitor, stored: Context) -> None:
    content = workbook_of(desk, "委员", "G3", None)
    workbook = load_workbook(io.BytesIO(content))
    workbook["工作室"]["H3"] = None
    out = io.BytesIO()
    workbook.save(out)
    answer = upload(desk, out.getvalue())
    assert "工作表“工作室” 第 3 行：工作室“T2”没有委员" in answer.text
    assert "已载入" in answer.text
    assert read_book(stored).version == 2


def test_a_form_without_a_token_or_with_two_files_is_refused(desk: Visitor) -> None:
    file = ("甲.xlsx", b"x", MEDIA_TYPE)
    assert desk.post("/organisation", data={}, files={"file": file}).status_code == 403
    two = [("file", file), ("file", file)]
    assert desk.post("/organisation", data={}, files=two).status_code == 400


def test_a_body_past_the_limit_is_refused(desk: Visitor, stored: Context) -> None:
    content = b"x" * (stored.settings.max_body_bytes + 1)
    headers = {"if-match": "*"}
    answer = desk.send("PUT", f"{API}/organisation.xlsx", content=content, headers=headers)
    assert answer.status_code == 413


def test_other_workers_follow_with_their_next_request(
    desk: Visitor, stored: Context, password: str
) -> None:
    database = Database(stored.settings.url)
    other = Context(stored.settings, database, stored.triage, stored.sealer, stored.now)
    worker: FastAPI = create_app(other)
    visitor = Visitor(worker)
    visitor.fill("/login", name="admin", password=password)
    assert "丁镇委员工作室" not in visitor.get("/intake").text
    shown = desk.get(f"{API}/studios/T1").json()
    put(desk, "/studios/T1", shown | {"name": "丁镇委员工作室"})
    assert "丁镇委员工作室" in visitor.get("/intake").text
    received = visitor.fill("/intake", text="庄里镇三合村的路灯坏了半个月。", channel="visit")
    assert "丁镇委员工作室" in received.text
    database.close()


def test_where_the_database_is_away_the_last_organisation_stays(
    desk: Visitor, stored: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored.database, "engine", Database("postgresql://127.0.0.1:1/x").engine)
    assert desk.get("/submit").status_code == 200
    assert Visitor(desk.app, "application/json").get("/readyz").status_code == 503
