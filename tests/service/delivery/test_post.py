"""Requests to a real server on this machine that behaves badly in each way."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from service.delivery.addresses import read_url
from service.delivery.post import post
from service.errors import UndeliveredError
from tests.service.delivery.certificates import make_certificate
from tests.service.delivery.receivers import (
    Behaviour,
    answer_with,
    drip,
    flood_body,
    flood_head,
    receiving,
    redirect_to,
    reset,
    say_nothing,
)


def send(url: str, seconds: float = 1.0) -> None:
    post(read_url(url), "127.0.0.1", b"{}", {"webhook-id": "msg_1"}, seconds)


def test_a_request_holds_body_and_headers_and_the_name_it_was_meant_for() -> None:
    with receiving() as receiver:
        send(receiver.url("hook.example", "/a?b=1"))
    ((headers, body),) = receiver.requests
    assert headers["request"] == "POST /a?b=1 HTTP/1.1"
    assert headers["host"] == f"hook.example:{receiver.port}"
    assert (headers["webhook-id"], headers["content-type"]) == ("msg_1", "application/json")
    assert body == b"{}"


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("behave", "told"),
    [
        (answer_with(b"HTTP/1.1 500 No\r\n\r\n"), "对方答复 500"),
        (answer_with(b"HTTP/1.1 410 Gone\r\n\r\n"), "对方答复 410"),
        (answer_with(b"HTTP/1.1 304 Same\r\n\r\n"), "不跟随"),
        (answer_with(b"SSH-2.0-OpenSSH\r\n"), "无法识别"),
        (answer_with(b"HTTP/1.1 200000 OK\r\n\r\n"), "无法识别"),
        (answer_with(b""), "中断"),
        (answer_with(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"), "无法识别"),
        (flood_head, "无法识别"),
        (reset, "中断"),
        (say_nothing, "秒内没有答复"),
        (drip, "秒内没有答复"),
    ],
)
def test_a_receiver_that_does_not_say_yes_is_told(behave: Behaviour, told: str) -> None:
    began = time.monotonic()
    with receiving(behave) as receiver:
        with pytest.raises(UndeliveredError, match=told):
            send(receiver.url())
        lasted = time.monotonic() - began
    assert lasted < 2.5, "bounded by its time, not by the receiver's"


@pytest.mark.hostile
def test_a_redirect_is_not_followed() -> None:
    with receiving() as other, receiving(redirect_to(other.url())) as receiver:
        with pytest.raises(UndeliveredError, match="不跟随"):
            send(receiver.url())
        assert len(receiver.requests) == 1
        assert other.requests == []


@pytest.mark.hostile
def test_of_a_huge_answer_nothing_but_its_yes_is_read() -> None:
    with receiving(flood_body) as receiver:
        send(receiver.url())


def test_where_nobody_listens_is_told() -> None:
    with receiving() as receiver:
        url = receiver.url()
    with pytest.raises(UndeliveredError, match="拒绝连接"):
        send(url)


def test_plain_text_where_tls_is_wanted_is_told() -> None:
    with (
        receiving(answer_with(b"HTTP/1.1 200 OK\r\n\r\n")) as receiver,
        pytest.raises(UndeliveredError),
    ):
        send(f"https://hook.example:{receiver.port}/")


def test_by_tls_the_name_is_checked_and_the_address_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, context = make_certificate(tmp_path)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with receiving(tls=context) as receiver:
        url = f"https://localhost:{receiver.port}/hook"
        with pytest.raises(UndeliveredError, match="证书"):
            send(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        send(url)
        with pytest.raises(UndeliveredError, match="证书"):
            send(f"https://other.example:{receiver.port}/hook")
    ((headers, body),) = receiver.requests
    assert (headers["host"], body) == (f"localhost:{receiver.port}", b"{}")
    assert names == ["localhost", "localhost", "other.example"]
