"""What takes longer than it may is given up, whoever is to blame."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from threading import Event, Thread

import pytest

from service.delivery import addresses
from service.delivery.addresses import read_url, resolve
from service.delivery.mail import MailServer, hand_in
from service.delivery.time_limit import within
from service.errors import UndeliveredError


@pytest.fixture
def never() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def test_what_is_done_in_time_is_given_or_raised() -> None:
    assert within(5, lambda: 7, "数数") == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0, "数数")


def test_what_is_not_done_in_time_is_told(never: Event) -> None:
    with pytest.raises(UndeliveredError, match=r"数数：0\.01 秒内没有结果"):
        within(0.01, never.wait, "数数")


def test_a_resolver_that_does_not_answer_is_given_up(
    monkeypatch: pytest.MonkeyPatch, never: Event
) -> None:
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: never.wait())
    monkeypatch.setattr(addresses, "LOOK_UP_SECONDS", 0.01)
    with pytest.raises(UndeliveredError, match="查找主机"):
        resolve(read_url("https://slow.example/"), ())


def test_a_mail_server_that_drips_is_given_up(never: Event) -> None:
    """Each byte comes in time, the whole never does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            with listener.accept()[0] as taken:
                while not never.wait(0.02):
                    taken.sendall(b"2")

        dripping = Thread(target=drip)
        dripping.start()
        server = MailServer("127.0.0.1", listener.getsockname()[1], "none", "a@b.example")
        with pytest.raises(UndeliveredError, match="递交邮件"):
            hand_in(server, EmailMessage(), seconds=0.2)
        never.set()
        dripping.join()
