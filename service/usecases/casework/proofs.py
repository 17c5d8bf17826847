"""Proving that a receipt is one's own: by the end of the phone that was left, or by its PIN."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.message import SenderDetails
from service.domain.receipt import LENGTH, PIN_DIGITS, phone_tail, read_proof, read_receipt
from service.errors import NotFoundError
from service.storage.casework.receipts import find_message
from service.storage.database import Connection
from service.storage.sealing.senders import read_senders
from service.usecases.accounts.attempts import PER_ADDRESS, PER_SECRET, Attempts, Patience
from service.usecases.context import Context

_NOT_THERE = "没有这个回执码，或者手机号后四位、查询密码不对，请核对后再查"
_NO_ID = 0


@dataclass(frozen=True, slots=True)
class Presented:
    """What someone shows to see what stands under a receipt, all as it was typed.

    ``address`` is where they ask from, "" where that does not count.
    """

    receipt: str
    proof: str = ""
    address: str = ""


def check_proof(context: Context, presented: Presented) -> None:
    """Let whoever proves that the receipt is their own pass.

    A receipt that is not there and one with a wrong proof give the same answer, after the same
    work: one question for a sender, two records opened, one comparison.

    Raises
    ------
    NotFoundError
        There is no such receipt, or the proof is wrong.
    TooManyRequestsError
        There were too many failures for this receipt, or from this address, a short time ago.
    """
    with context.database.reading() as connection:
        message = _find(connection, presented.receipt)
        wanted = _wanted(context, connection, message)
    typed = read_proof(presented.proof)[: 2 * PIN_DIGITS]
    is_same = hmac.compare_digest(wanted.encode(), typed.encode())
    is_right = message is not None and (is_same or not wanted)
    Attempts(context, _patience(presented)).settle(is_right)
    if not is_right:
        raise NotFoundError(_NOT_THERE)


def message_under(connection: Connection, presented: Presented) -> Any:
    """The row of the message under a receipt that was proved.

    Raises
    ------
    NotFoundError
        There is no such receipt.
    """
    message = _find(connection, presented.receipt)
    if message is None:
        raise NotFoundError(_NOT_THERE)
    return message


def _patience(presented: Presented) -> Mapping[str, Patience]:
    """By what failures are counted."""
    patience = {f"receipt {read_receipt(presented.receipt)[:LENGTH]}": PER_SECRET}
    if presented.address:
        patience[f"receipts from {presented.address}"] = PER_ADDRESS
    return patience


def _find(connection: Connection, typed: str) -> Any:
    receipt = read_receipt(typed)
    return find_message(connection, receipt) if len(receipt) == LENGTH else None


def _wanted(context: Context, connection: Connection, message: Any) -> str:
    """What proves the receipt, "" where nothing does: it is older than PINs, or was imported."""
    sealer = context.sealer
    sender_id = (message.sender_id if message else None) or _NO_ID
    nobody = sealer.open(sealer.seal(SenderDetails()))
    sender = read_senders(connection, sealer, [sender_id]).get(sender_id, nobody)
    receipt, sealed = (message.receipt, message.pin) if message else ("", None)
    pin = sealer.open_bytes(bytes(sealed or sealer.seal_bytes(b"", receipt)), receipt).decode()
    return phone_tail(sender.phone) or pin
