"""Files kept with messages: sealed, once each, for as long as the message is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from service.domain.access import Account, Role
from service.domain.attachment import AttachmentKind, Upload
from service.domain.erasure import ErasureGround
from service.domain.message import SenderDetails
from service.errors import (
    AttachmentRefusedError,
    ErasedError,
    NotFoundError,
    SettingsError,
)
from service.storage import tables
from service.usecases.casework.erasing import erase_message
from service.usecases.casework.receipts import look_up
from service.usecases.context import Context
from service.usecases.intake.attaching import (
    attach,
    attach_under_receipt,
    check_uploads,
    keep_checked,
    list_attachments,
    open_attachment,
)
from service.usecases.intake.receive import receive_messages
from service.usecases.intake.received import Received
from service.usecases.upkeep.audit import verify_histories
from service.usecases.upkeep.rotating import rotate_keys
from tests.makers import a_message, shown
from tests.service.intake.test_attachments import pdf, photograph, picture
from tests.service.usecases.books import rows

CLERK = Account("clerk", Role.CLERK)
FILES = [Upload("路灯.jpeg", photograph()), Upload("申请.pdf", pdf())]


@pytest.fixture
def received(context: Context) -> Received:
    (one,) = receive_messages(context, [a_message("路灯坏了。", sender=SenderDetails())])
    return one


def keep(context: Context, message_id: int, *uploads: Upload) -> int:
    return keep_checked(context, message_id, check_uploads(context, uploads))


def test_files_are_kept_in_order_and_nothing_of_them_lies_open(
    context: Context, received: Received
) -> None:
    assert keep(context, received.message_id, *FILES) == 2
    found = list_attachments(context, received.message_id)
    assert [(one.number, one.name, one.kind) for one in found] == [
        (1, "路灯.jpg", AttachmentKind.JPEG),
        (2, "申请.pdf", AttachmentKind.PDF),
    ]
    for row in rows(context, tables.attachment):
        assert "路灯".encode() not in bytes(row["name"])
        assert b"\xff\xd8\xff" not in bytes(row["content"])
    (event,) = [row for row in rows(context, tables.event) if row["kind"] == "attached"]
    assert event["details"] == {"changes": ["图片 1、PDF 1"]}
    assert verify_histories(context).faults == []
    assert look_up(context, shown(received.receipt, received.pin or "")).attachment_count == 2


def test_who_opens_one_is_recorded(context: Context, received: Received) -> None:
    keep(context, received.message_id, *FILES)
    one = list_attachments(context, received.message_id)[0]
    attachment, content = open_attachment(context, CLERK, one.id)
    assert (attachment, len(content)) == (one, one.size)
    (look,) = rows(context, tables.sender_look)
    assert (look["account"], look["messages"]) == ("clerk", [received.message_id])
    with pytest.raises(NotFoundError):
        open_attachment(context, CLERK, 2**70)


def test_the_same_file_again_is_kept_once_also_by_two_at_once(
    context: Context, received: Received
) -> None:
    with ThreadPoolExecutor(4) as pool:
        told = [pool.submit(keep, context, received.message_id, *FILES) for _ in range(4)]
        assert {one.result() for one in told} == {2}
    assert keep(context, received.message_id, FILES[0]) == 2


def test_a_file_moved_to_another_message_cannot_be_opened(
    context: Context, received: Received
) -> None:
    keep(context, received.message_id, FILES[0])
    (other,) = receive_messages(context, [a_message("井盖响。", external_id="b")])
    with context.database.transaction() as connection:
        connection.execute(tables.attachment.update().values(message_id=other.message_id))
    with pytest.raises(SettingsError):
        list_attachments(context, other.message_id)


def test_after_a_rotation_files_still_open_and_are_still_known(
    context: Context, received: Received
) -> None:
    keep(context, received.message_id, *FILES)
    assert rotate_keys(context).resealed["附件"] == 2
    for one in list_attachments(context, received.message_id):
        assert len(open_attachment(context, CLERK, one.id)[1]) == one.size
    assert keep(context, received.message_id, *FILES) == 2


def test_an_erased_message_has_no_files_and_gets_none(context: Context, received: Received) -> None:
    keep(context, received.message_id, *FILES)
    erase_message(context, received.message_id, "甲", ErasureGround.WITHDRAWN, "申请书")
    assert rows(context, tables.attachment) == []
    with pytest.raises(ErasedError):
        keep(context, received.message_id, FILES[0])


def test_too_many_and_too_large_ones_are_refused_and_nothing_is_kept(
    context: Context, received: Received
) -> None:
    few = replace(
        context,
        settings=context.settings.model_copy(
            update={"max_attachment_count": 1, "max_attachment_bytes": 5_000}
        ),
    )
    with pytest.raises(AttachmentRefusedError, match="至多 1 个"):
        keep(few, received.message_id, *FILES)
    with pytest.raises(AttachmentRefusedError, match="每个附件不超过"):
        check_uploads(few, [Upload("x", bytes(5_001))])
    keep(few, received.message_id, FILES[1])
    with pytest.raises(AttachmentRefusedError, match="至多 1 个"):
        keep(few, received.message_id, Upload("b", picture()))
    assert len(rows(context, tables.attachment)) == 1


def test_where_nobody_can_be_asked_a_bad_file_costs_no_other(
    context: Context, received: Received
) -> None:
    told = attach(context, received.message_id, [Upload("a.exe", b"MZ"), *FILES])
    assert told.kept_count == 2
    assert len(told.refused) == 1
    assert told.refused[0].startswith("a.exe：只接收")
    events = [row["details"] for row in rows(context, tables.event) if row["kind"] == "attached"]
    assert events == [{"changes": ["图片 1、PDF 1"]}, {"changes": ["1 个附件没有接收"]}]


def test_under_a_receipt_files_take_its_proof(context: Context, received: Received) -> None:
    assert attach_under_receipt(context, shown(received.receipt, received.pin or ""), FILES) == 2
    with pytest.raises(NotFoundError):
        attach_under_receipt(context, shown(received.receipt, "000000x"), FILES)
