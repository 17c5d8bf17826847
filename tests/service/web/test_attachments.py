"""Files at the doors: the public form, the desk's, the API; handed out to few, never shown."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.domain.consent import consent_for
from service.domain.retention import KEPT_ALWAYS
from service.storage import tables
from service.usecases.context import Context
from tests.service.intake.test_attachments import pdf, photograph
from tests.service.usecases.books import rows
from tests.service.web.access_world import log_in_as
from tests.service.web.visitor import Visitor

PICTURE = ("files", ("路灯.jpg", photograph(), "image/jpeg"))
LETTER = ("files", ("../申请\r\nX: y.pdf", pdf(), "text/html"))
EVIL = ("files", ("图.jpg", b"<script>alert(1)</script>", "image/jpeg"))
FIELDS = {
    "title": "路灯坏了",
    "text": "庄里镇三合村的路灯坏了半个月。",
    "consent": consent_for(KEPT_ALWAYS).version,
}


def submit(citizen: Visitor, *files: Any, **more: str) -> Any:
    return citizen.fill("/submit", files=list(files), **FIELDS, **more)


def test_a_citizen_hands_files_in_with_the_letter(citizen: Visitor, context: Context) -> None:
    answer = submit(citizen, PICTURE, LETTER)
    assert answer.status_code == 201, answer.text
    assert "附件 2 个，已收到" in answer.text
    assert len(rows(context, tables.attachment)) == 2


def test_a_file_that_cannot_be_taken_is_told_and_nothing_is_lost(
    citizen: Visitor, context: Context
) -> None:
    answer = submit(citizen, PICTURE, EVIL)
    assert answer.status_code == 422
    assert "图.jpg：只接收" in answer.text
    assert FIELDS["text"] in answer.text  # still in the form
    assert rows(context, tables.message) == []
    assert submit(citizen, PICTURE).status_code == 201


def test_a_form_without_files_is_as_before(citizen: Visitor, context: Context) -> None:
    assert submit(citizen, ("files", ("", b"", "application/octet-stream"))).status_code == 201
    assert rows(context, tables.attachment) == []


def post_message(program: Visitor) -> dict[str, Any]:
    body = {"title": FIELDS["title"], "text": FIELDS["text"]}
    received: dict[str, Any] = program.post("/api/v1/messages", json=body).json()
    return received


@pytest.fixture
def kept(program: Visitor, clerk: Visitor, context: Context) -> list[dict[str, Any]]:
    """Two files that a program handed in under its receipt, as the clerk sees them."""
    received = post_message(program)
    presented = {"receipt": received["receipt"], "proof": received["pin"]}
    answer = program.post("/api/v1/receipts:attach", data=presented, files=[PICTURE, LETTER])
    assert (answer.status_code, answer.json()) == (200, {"attachments": 2})
    found = program.post("/api/v1/receipts:look-up", json=presented).json()
    assert found["attachments"] == 2
    (message,) = rows(context, tables.message)
    listed = clerk.get(f"/api/v1/messages/{message['id']}/attachments").json()["attachments"]
    return list(listed)


@pytest.mark.hostile
def test_an_attachment_is_handed_out_to_be_kept_never_to_be_shown(
    clerk: Visitor, kept: list[dict[str, Any]]
) -> None:
    assert [one["name"] for one in kept] == ["路灯.jpg", "申请%0D%0AX_ y.pdf"]
    answer = clerk.get(f"/api/v1/attachments/{kept[1]['id']}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert len(answer.content) == kept[1]["size"]


def test_the_case_file_lists_them_for_who_may_read_the_original(
    app: FastAPI, clerk: Visitor, kept: list[dict[str, Any]], context: Context
) -> None:
    (matter,) = rows(context, tables.matter)
    page = clerk.get(f"/matters/{matter['id']}").text
    assert "路灯.jpg" in page
    assert f"/api/v1/attachments/{kept[0]['id']}" in page
    leader = log_in_as(app, Role.LEADER)
    masked = leader.get(f"/matters/{matter['id']}").text
    assert "附件 2 个" in masked
    assert "路灯.jpg" not in masked
    assert leader.get(f"/api/v1/attachments/{kept[0]['id']}").status_code == 403


def test_staff_add_scans_to_a_letter(clerk: Visitor, program: Visitor, context: Context) -> None:
    post_message(program)
    (message,) = rows(context, tables.message)
    path = f"/api/v1/messages/{message['id']}/attachments"
    told = clerk.post(path, files=[LETTER], headers={"origin": "http://desk.test"})
    assert (told.status_code, told.json()) == (200, {"attachments": 1})


def test_staff_add_scans_on_the_case_file(
    clerk: Visitor, program: Visitor, context: Context
) -> None:
    post_message(program)
    page, target = case_file(context)
    answer = clerk.fill(page, target, files=[LETTER, PICTURE])
    assert (answer.status_code, answer.headers["location"].count("done=attached")) == (303, 1)
    shown = clerk.get(answer.headers["location"]).text
    assert "附件已收到" in shown
    assert "附件 2 个" in shown
    clerk.fill(page, target, files=[LETTER])  # the same again is kept once
    assert len(rows(context, tables.attachment)) == 2


def test_a_refused_scan_is_told_beside_the_form_and_none_is_kept(
    clerk: Visitor, program: Visitor, context: Context
) -> None:
    post_message(program)
    page, target = case_file(context)
    answer = clerk.fill(page, target, files=[LETTER, EVIL])
    assert answer.status_code == 422
    assert "图.jpg：只接收" in answer.text.partition('class="attach" open>')[2]
    nothing = clerk.fill(page, target, files=[("files", ("", b"", "application/octet-stream"))])
    assert (nothing.status_code, "请先选择文件" in nothing.text) == (422, True)
    assert rows(context, tables.attachment) == []


@pytest.mark.hostile
def test_a_scan_needs_the_page_s_own_form_and_a_role_that_takes_in(
    app: FastAPI, clerk: Visitor, program: Visitor, context: Context
) -> None:
    post_message(program)
    page, target = case_file(context)
    assert clerk.post(target, data={"csrf_token": "0" * 64}, files=[LETTER]).status_code == 403
    leader = log_in_as(app, Role.LEADER)
    assert target not in leader.get(page).text
    assert rows(context, tables.attachment) == []


@pytest.mark.hostile
def test_a_scan_for_a_message_that_left_the_matter_is_refused(
    clerk: Visitor, program: Visitor, context: Context
) -> None:
    post_message(program)
    page, target = case_file(context)
    other = program.post(
        "/api/v1/messages", json={"text": "县图书馆周末不开门，学生没有地方看书。"}
    )
    assert other.status_code == 201
    stray = f"{page}/messages/{rows(context, tables.message)[1]['id']}/attachments"
    answer = clerk.fill(page, stray, files=[PICTURE])
    assert answer.status_code == 422
    assert "已经不在这件事项中" in answer.text
    assert (
        clerk.fill(page, target.replace(page, "/matters/999"), files=[PICTURE]).status_code == 404
    )
    assert rows(context, tables.attachment) == []


def case_file(context: Context) -> tuple[str, str]:
    """The page of the only matter, and where its form sends the files of the only message."""
    (matter,), (message,) = rows(context, tables.matter), rows(context, tables.message)
    page = f"/matters/{matter['id']}"
    return page, f"{page}/messages/{message['id']}/attachments"


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("data", "files", "status"),
    [
        ({}, [PICTURE], 404),
        ({"receipt": "x" * 5_000, "proof": "\x00"}, [PICTURE], 404),
        ({"receipt": "MQ"}, [], 422),
        ({"receipt": "MQ"}, [EVIL] * 70, 400),
    ],
)
def test_strange_forms_are_answered(
    program: Visitor, data: dict[str, str], files: list[Any], status: int
) -> None:
    answer = program.post("/api/v1/receipts:attach", data=data, files=files)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.hostile
def test_a_body_beyond_the_limit_is_refused_while_it_is_read(
    program: Visitor, context: Context
) -> None:
    size = context.settings.max_upload_bytes
    big = ("files", ("a.jpg", bytes(size + 1), "image/jpeg"))
    answer = program.post("/api/v1/receipts:attach", files=[big])
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")

    async def pieces() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        for _ in range(size // 1_000_000 + 2):
            yield bytes(1_000_000)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = program.post("/api/v1/receipts:attach", content=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
