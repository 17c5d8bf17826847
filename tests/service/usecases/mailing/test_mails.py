"""Letters by mail: stored once, told their receipt once, and never moved before they are stored."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from service.domain.delivery import DeliveryChannel
from service.domain.erasure import ErasureGround
from service.errors import (
    AutomaticMailError,
    DatabaseUnavailableError,
    MailboxError,
    NumberTakenError,
)
from service.intake.mailbox import Mailbox
from service.storage import tables
from service.storage.sealing.senders import read_senders
from service.usecases.casework.erasing import erase_message
from service.usecases.casework.receipts import look_up
from service.usecases.context import Context
from service.usecases.delivery.delivering import deliver_due
from service.usecases.intake.attaching import list_attachments
from service.usecases.intake.received import Received
from service.usecases.intake.rejects import list_rejects
from service.usecases.mailing import mailbox as mailbox_module
from service.usecases.mailing.mailbox import look_into_mailbox, mailbox_problem
from service.usecases.mailing.mails import set_aside, take_in_mail
from service.usecases.readiness import check_readiness
from service.usecases.upkeep.rotating import rotate_keys
from tests.makers import Clock, shown
from tests.service.intake.test_attachments import photograph
from tests.service.usecases.books import rows
from tests.system.dovecot import PASSWORD, USER, ImapServer, find_dovecot, running_dovecot

TEXT = "三合村的路灯坏了半个月，晚上出门看不见路。"


def letter(number: int = 1, *files: tuple[str, bytes], **headers: str) -> bytes:
    made = EmailMessage(policy=policy.SMTP)
    told = {
        "From": "王某 <wang@example.cn>",
        "Subject": f"路灯{number}",
        "Date": "Mon, 02 Mar 2026 01:00:00 +0000",
        "Message-ID": f"<{number}@example.cn>",
    }
    for name, value in (told | {k.replace("_", "-"): v for k, v in headers.items()}).items():
        made[name] = value
    made.set_content(f"{TEXT}{number}")
    for name, content in files:
        made.add_attachment(content, maintype="image", subtype="jpeg", filename=name)
    return made.as_bytes()


@pytest.fixture
def sent() -> list[EmailMessage]:
    """What was handed in to the mail server."""
    return []


@pytest.fixture
def house(context: Context, sent: list[EmailMessage]) -> Iterator[Context]:
    """A desk with a mail server."""

    class Handler:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
            content = envelope.content  # type: ignore[attr-defined]
            sent.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    changes = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "smtp_sender": "desk@county.cn",
    }
    yield replace(context, settings=context.settings.model_copy(update=changes))
    controller.stop()


def take(context: Context, raw: bytes) -> Received:
    return take_in_mail(context, raw, context.now(), is_answered=True).received


def test_a_letter_is_stored_once_and_its_sender_told_once(
    house: Context, sent: list[EmailMessage]
) -> None:
    raw = letter(1, ("路灯.jpg", photograph()), ("evil.exe", b"MZ"))
    received, again = take(house, raw), take(house, raw)
    assert (received.is_new, again.is_new) == (True, False)
    assert received.receipt == again.receipt
    assert [one.name for one in list_attachments(house, received.message_id)] == ["路灯.jpg"]
    (message,) = rows(house, tables.message)
    assert (message["channel"], message["source"]) == ("email", "邮件")
    assert "wang@example.cn" not in str(rows(house, tables.sender))

    deliver_due(house, DeliveryChannel.MAIL)
    deliver_due(house, DeliveryChannel.MAIL)
    (mail,) = sent
    assert mail["To"] == "wang@example.cn"
    assert mail["Auto-Submitted"] == "auto-replied"
    told = mail.get_content()
    assert TEXT not in told
    pin = re.search(r"查询密码：(\d{6})", told)
    assert pin
    assert look_up(house, shown(received.receipt, pin[1])).attachment_count == 1
    assert "wang" not in str(rows(house, tables.delivery))


def test_the_number_of_another_mail_is_not_taken_for_the_same(house: Context) -> None:
    take(house, letter(1))
    with pytest.raises(NumberTakenError):
        take(house, letter(2, Message_ID="<1@example.cn>"))
    assert len(rows(house, tables.message)) == 1


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"From": "desk@county.cn"}]
)
def test_programs_are_neither_stored_nor_answered(house: Context, headers: dict[str, str]) -> None:
    with pytest.raises(AutomaticMailError):
        take(house, letter(1, **headers))
    assert rows(house, tables.message) == rows(house, tables.delivery) == []


def test_two_programs_that_answer_each_other_come_to_an_end(house: Context) -> None:
    for number in range(15):
        take(house, letter(number))
    assert len(rows(house, tables.message)) == 15
    assert len(rows(house, tables.delivery)) == 10


def test_an_address_goes_over_to_a_new_key_and_with_an_erasure(
    house: Context, sent: list[EmailMessage]
) -> None:
    take(house, letter(1))
    rotate_keys(house)
    (sender,) = rows(house, tables.sender)
    with house.database.reading() as connection:
        (details,) = read_senders(connection, house.sealer, [sender["id"]]).values()
    assert (details.name, details.email) == ("王某", "wang@example.cn")
    assert house.sealer.is_current(bytes(sender["email"]))
    erase_message(house, 1, "甲", ErasureGround.WITHDRAWN, "申请书")
    assert rows(house, tables.sender) == []
    deliver_due(house, DeliveryChannel.MAIL)
    assert sent == []


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    """A real mailbox."""
    program = find_dovecot()
    if program is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    with running_dovecot(program) as running:
        yield running


@pytest.fixture
def desk(house: Context, server: ImapServer) -> Context:
    """A desk with a mailbox, which is empty."""
    for path in server.inbox.rglob("*"):
        if path.is_file() and path.parent.name in ("cur", "new"):
            path.unlink()
    login = house.settings.home / "imap.login"
    login.write_text(f"{USER}\n{PASSWORD}\n", "utf-8")
    changes = {
        "imap_host": "127.0.0.1",
        "imap_port": server.port,
        "imap_security": "none",
        "imap_login": login,
    }
    return replace(house, settings=house.settings.model_copy(update=changes))


def folders(server: ImapServer) -> dict[str, int]:
    """How many mails lie in each folder that is not empty."""
    found: dict[str, int] = {}
    for path in server.inbox.rglob("*"):
        if path.is_file() and path.parent.name in ("cur", "new"):
            name = path.parent.parent.name
            found[name] = found.get(name, 0) + 1
    return found


def test_mails_are_stored_and_moved_and_what_cannot_be_is_set_aside(
    desk: Context, server: ImapServer
) -> None:
    for number in (1, 2):
        server.put(str(number), letter(number))
    server.put("3", letter(3, Precedence="bulk"))
    server.put("4", bytes(500))
    look = look_into_mailbox(desk)
    assert look is not None
    assert (look.new_count, look.known_count, look.refused_count) == (2, 0, 2)
    told = folders(server)
    assert sorted(told.values()) == [2, 2]
    assert "mail" not in told  # nothing waits
    assert len(list_rejects(desk)) == 2
    assert look_into_mailbox(desk) == mailbox_module.Look()


def test_whoever_dies_between_storing_and_moving_loses_and_doubles_nothing(
    desk: Context, server: ImapServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("1", letter(1))

    def die(mailbox: Mailbox, uid: int, folder: str) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "move", die)
        with pytest.raises(MailboxError):
            look_into_mailbox(desk)
    assert len(rows(desk, tables.message)) == 1
    assert check_readiness(desk).mailbox == "failing"
    assert check_readiness(desk).is_ready
    assert look_into_mailbox(desk) is None  # it rests
    clock.forward(minutes=3)
    look = look_into_mailbox(desk)
    assert look is not None
    assert (look.new_count, look.known_count) == (0, 1)
    assert len(rows(desk, tables.message)) == len(rows(desk, tables.delivery)) == 1
    assert mailbox_problem(desk) == ""


def test_a_database_that_is_away_leaves_the_mail_where_it_is(
    desk: Context, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("1", letter(1))

    def away(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(mailbox_module, "take_in_mail", away)
        with pytest.raises(DatabaseUnavailableError):
            look_into_mailbox(desk)
    assert folders(server) == {"mail": 1}


def test_of_several_desks_one_looks(desk: Context, server: ImapServer) -> None:
    for number in range(6):
        server.put(str(number), letter(number))
    with ThreadPoolExecutor(3) as pool:
        looks = list(pool.map(lambda _: look_into_mailbox(desk), range(3)))
    assert sum(look.new_count for look in looks if look) == 6
    assert len(rows(desk, tables.message)) == 6


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"imap_port": 1}, "无法连接服务器"),
        ({"imap_host": "no-such-host.invalid"}, "无法连接服务器"),
        ({"imap_security": "tls"}, "服务器的证书无法验证|无法连接服务器"),
        ({"imap_folder": "没有的文件夹"}, "没有完成"),
    ],
)
def test_a_mailbox_that_cannot_be_looked_into_is_told(
    desk: Context, changes: dict[str, object], told: str
) -> None:
    wrong = replace(desk, settings=desk.settings.model_copy(update=changes))
    with pytest.raises(MailboxError, match=told):
        look_into_mailbox(wrong)
    assert mailbox_problem(wrong)


def test_a_wrong_password_is_told(desk: Context) -> None:
    assert desk.settings.imap_login
    desk.settings.imap_login.write_text(f"{USER}\nwrong\n", "utf-8")
    with pytest.raises(MailboxError, match="用户名或密码"):
        look_into_mailbox(desk)


def test_without_a_mailbox_nothing_is_looked_into(context: Context) -> None:
    assert look_into_mailbox(context) is None
    assert check_readiness(context).mailbox == "ok"


def test_a_place_of_any_bytes_can_be_told(context: Context) -> None:
    set_aside(context, "/邮件/\udcff.eml" + "x" * 900, b"", AutomaticMailError())
    assert len(list_rejects(context)) == 1


@pytest.mark.hostile
def test_an_erased_letter_that_comes_again_brings_no_file_back(context: Context) -> None:
    raw = letter(1, ("路灯.jpg", photograph()))
    first = take_in_mail(context, raw, context.now(), is_answered=True).received
    erase_message(context, first.message_id, "甲", ErasureGround.WITHDRAWN, "本人申请")
    again = take_in_mail(context, raw, context.now(), is_answered=True)
    assert not again.received.is_new
    assert again.received.message_id == first.message_id
    assert rows(context, tables.attachment) == []
