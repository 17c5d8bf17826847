"""A studio's QR code opens its form, and what is written there is the studio's."""

from __future__ import annotations

import re

import pytest
import segno
from fastapi import FastAPI

from service.domain.access import Role
from service.domain.consent import consent_for
from service.domain.retention import KEPT_ALWAYS
from service.storage import tables
from service.usecases.context import Context
from service.web.qr import qr_picture
from tests.service.usecases.books import check_books, rows
from tests.service.web.access_world import log_in_as
from tests.service.web.visitor import Visitor

CONSENT = consent_for(KEPT_ALWAYS).version

TEXT = "庄里镇三合村东巷的路灯全黑了。"  # the router gives it to T1
OTHER = "教育界委员工作室"


def test_the_picture_is_the_code_and_nothing_else() -> None:
    picture = qr_picture("http://desk.test/submit?studio=T1")
    code = segno.make_qr("http://desk.test/submit?studio=T1", error="m")
    width, height = code.symbol_size(border=4)
    assert (picture.size, picture.size) == (width, height)
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture.path)}
    matrix = [bytes(row) for row in code.matrix]
    assert dark == {
        (x + 4, y + 4) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit
    }
    assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", picture.path)


def test_the_sheet_leads_to_the_studios_form(clerk: Visitor, citizen: Visitor) -> None:
    sheet = clerk.get("/studios/T2/qr").text
    assert OTHER in sheet
    (address,) = re.findall(r"http://desk\.test(/submit\?studio=T2)", sheet)
    assert qr_picture(f"http://desk.test{address}").path in sheet
    assert f"您的留言由{OTHER}受理" in citizen.get(address).text
    assert 'href="/studios/T2/qr"' in clerk.get("/receptions?studio=T2").text


def test_what_is_written_there_is_the_studios(citizen: Visitor, context: Context) -> None:
    sent = citizen.fill("/submit?studio=T2", text=TEXT, consent=CONSENT, door="T2")
    assert sent.status_code == 201
    (matter,) = rows(context, tables.matter)
    assert (matter["studio"], matter["committee"]) == ("T2", "FP")
    events = [(row["actor"], row["kind"]) for row in rows(context, tables.event)]
    assert events[-1] == ("来信人", "reassigned")
    check_books(context)


@pytest.mark.parametrize("door", ["", "NO", "T1", "<b>", "\x00", "x" * 5000])
def test_what_is_no_other_studio_changes_nothing(
    citizen: Visitor, context: Context, door: str
) -> None:
    sent = citizen.fill("/submit", text=TEXT, consent=CONSENT, door=door)
    assert sent.status_code == 201
    (matter,) = rows(context, tables.matter)
    assert matter["studio"] == "T1"


@pytest.mark.parametrize("code", ["NO", "<b>x", "x" * 64])
def test_an_unknown_studio_shows_the_plain_form_and_has_no_sheet(
    clerk: Visitor, citizen: Visitor, code: str
) -> None:
    page = citizen.get("/submit", params={"studio": code})
    assert page.status_code == 200
    assert "您的留言由政协委员工作室受理" in page.text
    assert 'name="door"' not in page.text
    assert clerk.get(f"/studios/{code}/qr").status_code == 404


def test_a_matter_that_is_there_stays_where_it_is(citizen: Visitor, context: Context) -> None:
    for door in ("T1", "T2"):
        citizen.fill("/submit", text=TEXT + door, consent=CONSENT, door=door)
    (matter,) = rows(context, tables.matter)
    assert (matter["studio"], matter["message_count"]) == ("T1", 2)


def test_the_door_stays_when_the_form_comes_back(citizen: Visitor) -> None:
    page = citizen.fill("/submit?studio=T2", text="", consent=CONSENT, door="T2")
    assert page.status_code == 422
    assert 'name="door" value="T2"' in page.text


def test_the_sheet_is_for_ones_own_studio(app: FastAPI) -> None:
    convener = log_in_as(app, Role.CONVENER)
    assert convener.get("/studios/T1/qr").status_code == 200
    assert convener.get("/studios/T2/qr").status_code == 403
