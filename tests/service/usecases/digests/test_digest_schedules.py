"""Digests that are made by themselves: each once, whatever runs or dies; and what is mailed."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from service.digest.periods import PeriodKind, parse_period
from service.digest.schedule import Timing
from service.domain.access import Account, Role
from service.domain.delivery import DeliveryChannel, DeliveryState, EventType
from service.errors import InvalidInputError, NotFoundError
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.digests.digest_schedules import claim_run, finish_run
from service.storage.digests.kept_digests import withdraw_kept_digests
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.delivery.delivering import deliver_again, deliver_due, list_deliveries
from service.usecases.delivery.webhooks import add_webhook
from service.usecases.digests.digest_schedules import (
    SCHEDULER,
    Schedule,
    add_schedule,
    list_schedules,
    make_due_digests,
    remove_schedule,
)
from service.usecases.digests.digest_scope import find_scope
from service.usecases.digests.kept_digests import list_kept_digests, read_kept_file
from service.usecases.intake.receive import receive_messages
from tests.makers import NOW, Clock, a_message
from tests.service.delivery.certificates import make_certificate
from tests.service.delivery.receivers import receiving
from tests.service.usecases.books import rows

ADMIN = Account("admin", Role.ADMINISTRATOR)
MAIL = DeliveryChannel.MAIL
WEEKLY = Schedule(recipients=("zhuxi@example.gov.cn", "mishu@example.gov.cn"))
PASSWORD = "打开 邮件".encode().hex()


@pytest.fixture
def house(database_url: str, tmp_path: Path, triage: Triage, clock: Clock) -> Iterator[Context]:
    """All that use cases need, on both databases, with a message of this week."""
    settings = Settings(home=tmp_path, webhook_allow="127.0.0.1")
    database = Database(database_url)
    database.upgrade()
    made = Context(settings, database, triage, Sealer(settings.secret_key), clock)
    receive_messages(made, [a_message("庄里镇三合村东巷的路灯全黑了。", sent_at=NOW)])
    yield made
    database.close()


def monday(weeks: int = 0) -> datetime:
    """07:30 of the Monday after the clock's beginning, and weeks later."""
    return NOW.replace(day=9, hour=7, minute=30) + timedelta(weeks=weeks)


def test_a_digest_is_made_on_its_moment_and_once(house: Context, clock: Clock) -> None:
    add_schedule(house, WEEKLY, "甲")
    clock.at = monday() - timedelta(seconds=1)
    assert make_due_digests(house) == 0
    clock.at = monday()
    assert make_due_digests(house) == 1
    assert make_due_digests(house) == 0
    (kept,) = list_kept_digests(house, ADMIN)
    assert (kept.period, kept.made_by, kept.message_count) == ("2026-W10", SCHEDULER, 1)
    assert [one.recipient for one in list_deliveries(house)] == list(WEEKLY.recipients)[::-1]


def test_what_was_missed_is_made_up_once(house: Context, clock: Clock) -> None:
    add_schedule(house, WEEKLY, "甲")
    clock.at = monday(2) + timedelta(days=1)
    assert make_due_digests(house) == 3
    assert make_due_digests(house) == 0
    made = [kept.period for kept in list_kept_digests(house, ADMIN)]
    assert made == ["2026-W12", "2026-W11", "2026-W10"]


def test_a_removed_schedule_makes_nothing_more(house: Context, clock: Clock) -> None:
    schedule_id = add_schedule(house, WEEKLY, "甲")
    remove_schedule(house, schedule_id)
    clock.at = monday()
    assert make_due_digests(house) == 0
    assert list_schedules(house) == []
    for wrong in (schedule_id, 0, -1, 10**30):
        with pytest.raises(NotFoundError):
            remove_schedule(house, wrong)


def test_a_schedule_is_listed_as_it_was_laid_down(house: Context) -> None:
    scope = find_scope(house, studio="T1")
    wanted = Schedule(Timing(PeriodKind.MONTH, 3, 0), scope, ("a@example.cn",), ("html", "json"))
    made = add_schedule(house, wanted, "甲")
    assert list_schedules(house) == [replace(wanted, id=made, made_by="甲")]


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": ("a b@example.cn",)},
        {"recipients": ("a@example.cn\r\nBcc: b@example.cn",)},
        {"recipients": ("甲@example.cn",)},
        {"recipients": ("nobody",)},
        {"recipients": ("a@example.cn",) * 51},
        {"forms": ()},
        {"forms": ("exe",)},
        {"timing": Timing(PeriodKind.ALL)},
        {"timing": Timing(on_day=8)},
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(
    context: Context, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError):
        add_schedule(context, replace(WEEKLY, **changes), "甲")
    assert rows(context, tables.digest_schedule) == []


def test_a_share_that_is_gone_stops_no_other(house: Context, clock: Clock) -> None:
    gone = replace(find_scope(house, studio="T1"), key="T9")
    add_schedule(house, Schedule(scope=gone), "甲")
    add_schedule(house, Schedule(), "甲")
    clock.at = monday()
    assert make_due_digests(house) == 1
    clock.forward(hours=1)
    assert make_due_digests(house) == 0


def test_who_died_over_it_gives_it_up_and_may_keep_nothing_late(
    house: Context, clock: Clock
) -> None:
    schedule_id = add_schedule(house, Schedule(), "甲")
    clock.at = monday()
    until = clock.at + timedelta(minutes=10)
    with house.database.transaction() as connection:
        assert claim_run(connection, schedule_id, "2026-W10", clock.at, until)
        assert not claim_run(connection, schedule_id, "2026-W10", clock.at, until)
    assert make_due_digests(house) == 0
    clock.at = until
    assert make_due_digests(house) == 1
    (kept,) = list_kept_digests(house, ADMIN)
    with house.database.transaction() as connection:
        assert not finish_run(connection, schedule_id, "2026-W10", until, kept.id)


def _make_due(url: str, home: Path, triage: Triage, at: datetime, found: Any) -> None:
    database = Database(url)
    settings = Settings(home=home)
    made = Context(settings, database, triage, Sealer(settings.secret_key), lambda: at)
    found.put(make_due_digests(made))
    database.close()


@pytest.mark.postgres
def test_of_two_processes_one_makes_each_digest(
    postgres_url: str, tmp_path: Path, triage: Triage, clock: Clock
) -> None:
    settings = Settings(home=tmp_path)
    database = Database(postgres_url)
    database.upgrade()
    context = Context(settings, database, triage, Sealer(settings.secret_key), clock)
    add_schedule(context, Schedule(), "甲")
    add_schedule(context, WEEKLY, "甲")
    clock.at = monday(2)
    database.close()  # nothing of it may be shared with the processes
    forked = multiprocessing.get_context("fork")
    found = forked.Queue()
    workers = [
        forked.Process(target=_make_due, args=(postgres_url, tmp_path, triage, clock.at, found))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    counts = [found.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert sum(counts) == 6
    assert len(rows(context, tables.kept_digest)) == 6
    assert len(rows(context, tables.delivery)) == 6
    database.close()


def _claim_and_hang(url: str, at: datetime, found: Any) -> None:
    database = Database(url)
    with database.transaction() as connection:
        claimed = claim_run(connection, 1, "2026-W10", at, at + timedelta(minutes=10))
    found.put(claimed)
    signal.pause()


@pytest.mark.postgres
def test_what_a_killed_process_held_is_made_by_another(
    postgres_url: str, tmp_path: Path, triage: Triage, clock: Clock
) -> None:
    settings = Settings(home=tmp_path)
    database = Database(postgres_url)
    database.upgrade()
    context = Context(settings, database, triage, Sealer(settings.secret_key), clock)
    assert add_schedule(context, Schedule(), "甲") == 1
    clock.at = monday()
    database.close()
    forked = multiprocessing.get_context("fork")
    found = forked.Queue()
    worker = forked.Process(target=_claim_and_hang, args=(postgres_url, clock.at, found))
    worker.start()
    assert found.get(timeout=60)
    assert make_due_digests(context) == 0
    worker.kill()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    clock.forward(minutes=10)
    assert make_due_digests(context) == 1
    database.close()


def test_a_digest_is_told_to_webhooks_and_is_unread_until_opened(
    house: Context, clock: Clock
) -> None:
    with receiving() as receiver:
        add_webhook(house, receiver.url(), [EventType.DIGEST_MADE], "甲")
        add_schedule(house, Schedule(), "甲")
        clock.at = monday()
        make_due_digests(house)
        assert deliver_due(house, DeliveryChannel.WEBHOOK) == 1
        ((_, body),) = receiver.requests
    (kept,) = list_kept_digests(house, ADMIN)
    assert f'"digest_id":{kept.id},"period":"2026-W10"'.encode() in body
    assert kept.is_unread
    read_kept_file(house, kept.id, "docx", ADMIN)
    read_kept_file(house, kept.id, "docx", ADMIN)
    assert not list_kept_digests(house, ADMIN)[0].is_unread
    assert list_kept_digests(house, Account("乙", Role.ADMINISTRATOR))[0].is_unread


class Mailbox:
    """What a real mail server on this machine was handed; it may refuse some."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        assert envelope.rcpt_tos == [mail["To"]]
        self.mails.append(mail)
        return "250 OK"


@dataclass
class MailHouse:
    """A running mail server and its mailbox."""

    mailbox: Mailbox
    port: int


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost that only this test's clients trust."""
    pem, context = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return context


def _check_login(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> Any:
    assert isinstance(given, LoginPassword)
    is_right = (given.login, given.password) == (b"minqing", PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def mail_house(certified: ssl.SSLContext) -> Iterator[MailHouse]:
    """A mail server that takes mails by STARTTLS only, from who knows the password."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        server_hostname="localhost",
        tls_context=certified,
        require_starttls=True,
        authenticator=_check_login,
        auth_required=True,
        ready_timeout=10,
    )
    controller.start()
    yield MailHouse(mailbox, port)
    controller.stop()


def with_mail(context: Context, mail_house: MailHouse, password: str = PASSWORD) -> Context:
    login = context.settings.home / "smtp.login"
    login.write_text(f"minqing\n{password}\n", "utf-8")
    changes = {
        "smtp_host": "localhost",
        "smtp_port": mail_house.port,
        "smtp_sender": "minqing@example.gov.cn",
        "smtp_login": login,
    }
    return replace(context, settings=context.settings.model_copy(update=changes))


def mailed(context: Context, clock: Clock) -> int:
    """Let the week's digest be made; how many tries of mails that brings."""
    add_schedule(context, WEEKLY, "甲")
    clock.at = monday()
    make_due_digests(context)
    return deliver_due(context, MAIL)


def test_a_digest_is_mailed_to_each_apart_with_the_document(
    house: Context, clock: Clock, mail_house: MailHouse
) -> None:
    context = with_mail(house, mail_house)
    assert mailed(context, clock) == 2
    assert {one.state for one in list_deliveries(context)} == {DeliveryState.DELIVERED}
    mails = mail_house.mailbox.mails
    assert [mail["To"] for mail in mails] == list(WEEKLY.recipients)
    assert {mail["Subject"] for mail in mails} == {"民情周报（2026年第10周）"}
    (attached,) = mails[0].iter_attachments()
    assert attached.get_filename() == "民情周报（2026年第10周）.docx"
    (kept,) = list_kept_digests(context, ADMIN)
    assert attached.get_content() == read_kept_file(context, kept.id, "docx", ADMIN).content
    body = mails[0].get_body()
    assert body is not None
    assert "收到群众留言1条" in body.get_content().replace(" ", "")
    assert "路灯" not in body.get_content()
    assert PASSWORD not in repr(rows(context, tables.delivery))


def test_one_recipient_that_is_refused_stops_no_other(
    house: Context, clock: Clock, mail_house: MailHouse
) -> None:
    context = with_mail(house, mail_house)
    mail_house.mailbox.refused = WEEKLY.recipients[0]
    mailed(context, clock)
    second, first = list_deliveries(context)
    assert (first.state, first.problem) == (DeliveryState.WAITING, "邮件服务器不接受收件人")
    assert second.state is DeliveryState.DELIVERED
    mail_house.mailbox.refused = ""
    deliver_again(context, first.id)
    deliver_due(context, MAIL)
    assert len(mail_house.mailbox.mails) == 2


def test_why_a_mail_did_not_go_is_told(
    house: Context, clock: Clock, mail_house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed(house, clock)
    assert list_deliveries(house)[0].problem == "没有设置邮件服务器"
    for password, port, told in (
        ("wrong", mail_house.port, "不接受用户名或密码"),
        (PASSWORD, 1, "无法连接邮件服务器"),
    ):
        deliver_again(house, list_deliveries(house)[0].id)
        deliver_due(with_mail(house, MailHouse(mail_house.mailbox, port), password), MAIL)
        assert told in list_deliveries(house)[0].problem
    monkeypatch.delenv("SSL_CERT_FILE")
    deliver_again(house, list_deliveries(house)[0].id)
    deliver_due(with_mail(house, mail_house), MAIL)
    assert "证书" in list_deliveries(house)[0].problem
    assert mail_house.mailbox.mails == []


def test_a_digest_that_was_withdrawn_is_not_mailed(
    house: Context, clock: Clock, mail_house: MailHouse
) -> None:
    context = with_mail(house, mail_house)
    add_schedule(context, WEEKLY, "甲")
    clock.at = monday()
    make_due_digests(context)
    with context.database.transaction() as connection:
        withdraw_kept_digests(connection, [list_kept_digests(context, ADMIN)[0].id])
    deliver_due(context, MAIL)
    assert {one.state for one in list_deliveries(context)} == {DeliveryState.DEAD}
    assert mail_house.mailbox.mails == []


def test_the_period_of_a_schedule_is_a_period(context: Context, clock: Clock) -> None:
    add_schedule(context, Schedule(Timing(PeriodKind.DAY)), "甲")
    clock.forward(days=1)
    make_due_digests(context)
    assert parse_period(list_kept_digests(context, ADMIN)[0].period).kind is PeriodKind.DAY
