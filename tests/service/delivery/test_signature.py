"""Signatures as the Standard Webhooks convention writes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from service.delivery.signature import draw_secret, show_secret, sign

AT = datetime(2021, 2, 24, 9, 0, 30, tzinfo=UTC)


def test_a_signature_is_that_of_the_convention() -> None:
    """The example of the convention's own libraries."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [secret])
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_secret_signs() -> None:
    old, new = draw_secret(), draw_secret()
    told = sign("msg_1", AT, b"{}", [new, old])["webhook-signature"].split(" ")
    signed = f"msg_1.{int(AT.timestamp())}.{{}}".encode()
    expected = [hmac.new(key, signed, hashlib.sha256).digest() for key in (new, old)]
    assert told == [f"v1,{base64.b64encode(each).decode()}" for each in expected]


def test_a_secret_is_shown_by_its_prefix() -> None:
    secret = draw_secret()
    shown = show_secret(secret)
    assert shown.startswith("whsec_")
    assert base64.b64decode(shown.removeprefix("whsec_")) == secret
    assert len(secret) == 32
