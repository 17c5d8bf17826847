"""Files on the public form cost work: what may be refused is refused before any is opened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore
from typing import Any

import pytest
from fastapi import FastAPI

from service.domain.attachment import AttachmentKind, CleanFile, Upload
from service.storage import tables
from service.usecases.context import Context
from service.usecases.intake import attaching
from service.web.throttle import throttle_of
from tests.service.usecases.books import rows
from tests.service.web.test_attachments import FIELDS, LETTER, PICTURE, case_file, submit
from tests.service.web.visitor import Visitor


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that were opened; what they hold is passed on."""
    names: list[str] = []

    def clean(upload: Upload) -> CleanFile:
        names.append(upload.name)
        return CleanFile(upload.name, AttachmentKind.PDF, upload.content)

    monkeypatch.setattr(attaching, "clean_apart", clean)
    return names


@contextmanager
def taken(semaphore: Semaphore, count: int) -> Iterator[None]:
    for _ in range(count):
        assert semaphore.acquire(blocking=False)
    yield
    for _ in range(count):
        semaphore.release()


@pytest.mark.hostile
def test_nothing_is_opened_of_a_form_that_cannot_be(
    app: FastAPI, citizen: Visitor, context: Context, cleaned: list[str]
) -> None:
    without_consent = FIELDS | {"consent": ""}
    assert citizen.fill("/submit", files=[PICTURE], **without_consent).status_code == 422
    assert citizen.fill("/submit", files=[PICTURE], **FIELDS | {"text": ""}).status_code == 422
    forged = citizen.post("/submit", data=FIELDS | {"csrf_token": "0" * 64}, files=[PICTURE])
    assert forged.status_code == 403
    too_many = [PICTURE] * (context.settings.max_attachment_count + 1)
    assert "至多 9 个附件" in submit(citizen, *too_many).text
    large = ("files", ("大.pdf", bytes(context.settings.max_attachment_bytes + 1), "x/y"))
    assert "每个附件不超过" in submit(citizen, PICTURE, large).text
    half = ("files", ("半.pdf", bytes(7_000_000), "x/y"))
    assert "合计不超过" in submit(citizen, half, half, half).text
    assert cleaned == []
    assert rows(context, tables.message) == []


@pytest.mark.hostile
def test_each_file_counts_like_a_message(
    app: FastAPI, citizen: Visitor, cleaned: list[str]
) -> None:
    app.state.intake_throttle = throttle_of(4)
    assert submit(citizen, PICTURE, LETTER, PICTURE).status_code == 201
    opened = len(cleaned)
    refused = submit(citizen, PICTURE)
    assert (refused.status_code, "过于频繁" in refused.text) == (429, True)
    assert int(refused.headers["retry-after"]) > 1
    assert len(cleaned) == opened


def test_whoever_would_wait_long_is_told_and_keeps_their_words(
    citizen: Visitor, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "_WAIT_SECONDS", 0.01)
    with taken(attaching._TURNS, 2):
        answer = submit(citizen, PICTURE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "正在检查的附件太多，请稍后再提交" in answer.text
    assert FIELDS["text"] in answer.text
    assert rows(context, tables.message) == []
    assert submit(citizen, PICTURE).status_code == 201


def test_behind_many_nobody_waits(
    citizen: Visitor, clerk: Visitor, program: Visitor, context: Context
) -> None:
    program.post("/api/v1/messages", json={"text": FIELDS["text"]})
    page, target = case_file(context)
    with taken(attaching._PLACES, 10):
        assert submit(citizen, PICTURE).status_code == 503
        at_desk = clerk.fill(page, target, files=[LETTER])
        assert (at_desk.status_code, "附件太多" in at_desk.text) == (503, True)
        by_program = clerk.post(f"/api/v1{target.partition(page)[2]}", files=[LETTER])
    assert (by_program.status_code, by_program.json()["code"]) == (503, "attachments_busy")
    assert rows(context, tables.attachment) == []


def test_of_many_at_once_two_are_opened_and_eight_wait(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, at_once = Event(), Semaphore(2)

    def clean(upload: Upload) -> CleanFile:
        assert at_once.acquire(blocking=False)  # never a third one
        go.wait(10)
        at_once.release()
        return CleanFile(upload.name, AttachmentKind.PDF, upload.content)

    monkeypatch.setattr(attaching, "clean_apart", clean)

    def check(number: int) -> Any:
        try:
            return attaching.check_uploads(context, [Upload(f"{number}.pdf", b"%PDF")])
        except attaching.AttachmentsBusyError:
            if not go.is_set() and next(refused) == 9:
                go.set()
            return None

    refused = iter(range(100))
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(check, range(20)))
    assert sum(each is not None for each in done) == 10
