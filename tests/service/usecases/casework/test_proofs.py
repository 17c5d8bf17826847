"""A receipt opens only with the end of the phone that was left, or with its PIN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from service.domain.message import SenderDetails
from service.domain.receipt import ALPHABET, LENGTH, PIN_DIGITS, new_receipt
from service.domain.reply import Satisfaction
from service.errors import MinqingError, NotFoundError, TooManyRequestsError
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.casework.proofs import Presented, check_proof
from service.usecases.casework.receipts import look_up, rate_answer, supplement_message
from service.usecases.context import Context
from service.usecases.intake.receive import Received, draft_messages, receive_messages, take_in
from service.usecases.matching.crew import understand_task
from service.usecases.matching.workload import Workload
from tests.makers import Clock, a_message, shown
from tests.service.usecases.books import rows
from tests.service.usecases.intake.test_receive_at_once import together

NOBODY = SenderDetails()


@pytest.fixture
def context(database_url: str, tmp_path: Path, triage: Triage, clock: Clock) -> Iterator[Context]:
    """On SQLite, and again on PostgreSQL."""
    settings = Settings(home=tmp_path, database_url=database_url)
    database = Database(settings.url)
    database.upgrade()
    yield Context(settings, database, triage, Sealer(settings.secret_key), clock)
    database.close()


@pytest.fixture
def with_phone(context: Context) -> Received:
    return receive_messages(context, [a_message()])[0]


@pytest.fixture
def with_pin(context: Context) -> Received:
    return receive_messages(context, [a_message(sender=SenderDetails("陈某"))])[0]


def refusal(context: Context, receipt: str, proof: str) -> str:
    with pytest.raises(NotFoundError) as raised:
        look_up(context, shown(receipt, proof))
    return raised.value.message


def test_a_receipt_has_at_least_sixty_random_bits() -> None:
    drawn = {new_receipt() for _ in range(2000)}
    assert len(drawn) == 2000
    assert len(ALPHABET) ** LENGTH >= 2**60
    for place in range(LENGTH):
        assert {receipt[place] for receipt in drawn} == set(ALPHABET)


@pytest.mark.parametrize("typed", ["1111", " 1111 ", "１１１１", "11-11"])
def test_the_end_of_the_phone_opens(context: Context, with_phone: Received, typed: str) -> None:
    assert with_phone.pin == ""
    assert look_up(context, shown(with_phone.receipt, typed)).receipt == with_phone.receipt


def test_without_a_phone_the_pin_opens(context: Context, with_pin: Received) -> None:
    assert len(with_pin.pin) == PIN_DIGITS
    assert look_up(context, shown(with_pin.receipt, with_pin.pin)).receipt == with_pin.receipt


@pytest.mark.parametrize("phone", ["", "无", "120", "座机"])
def test_what_has_no_four_digits_is_no_phone(context: Context, phone: str) -> None:
    sender = SenderDetails("陈某", phone)
    (received,) = receive_messages(context, [a_message(sender=sender)])
    assert look_up(context, shown(received.receipt, received.pin))


def test_a_wrong_code_and_wrong_digits_give_one_answer(
    context: Context, with_phone: Received, with_pin: Received
) -> None:
    wrong_pin = f"{(int(with_pin.pin) + 1) % 10**6:06d}"
    told = {
        refusal(context, "0" * 13, "1111"),
        refusal(context, "x", ""),
        refusal(context, with_phone.receipt, ""),
        refusal(context, with_phone.receipt, "1112"),
        refusal(context, with_phone.receipt, "19900001111"),
        refusal(context, with_pin.receipt, ""),
        refusal(context, with_pin.receipt, wrong_pin),
        refusal(context, with_pin.receipt, with_pin.pin + "0" * 90),
    }
    assert told == {
        "找不到所请求的内容：没有这个回执码，或者手机号后四位、查询密码不对，请核对后再查"
    }


def test_what_is_done_under_a_receipt_needs_the_proof_too(
    context: Context, with_phone: Received
) -> None:
    wrong = shown(with_phone.receipt, "2222")
    with pytest.raises(NotFoundError):
        rate_answer(context, wrong, 1, Satisfaction.FAIR, "")
    with pytest.raises(NotFoundError):
        supplement_message(context, wrong, with_phone.matter_number, "多说一点")


def test_the_pin_is_stored_sealed_and_bound_to_its_receipt(
    context: Context, with_pin: Received
) -> None:
    (row,) = rows(context, tables.message)
    assert with_pin.pin.encode() not in bytes(row["pin"])
    (other,) = receive_messages(context, [a_message("水管爆了。", sender=NOBODY)])
    moved = update(tables.message).where(tables.message.c.id == other.message_id)
    with context.database.transaction() as connection:
        connection.execute(moved.values(pin=row["pin"]))
    with pytest.raises(MinqingError):
        look_up(context, shown(other.receipt, with_pin.pin))


def test_what_comes_again_keeps_its_pin(context: Context, with_pin: Received) -> None:
    (again,) = receive_messages(context, [a_message(sender=SenderDetails("陈某"))])
    assert (again.is_new, again.pin) == (False, with_pin.pin)
    other = replace(a_message(), external_id="1")
    receive_messages(context, [other])
    (told,) = receive_messages(context, [replace(other, text="别的话。", sender=NOBODY)])
    assert (told.is_other, told.pin) == (True, "")


def test_of_a_file_whoever_left_no_phone_needs_the_receipt_alone(context: Context) -> None:
    messages = [a_message(), a_message("水管爆了。", sender=NOBODY)]
    draft = draft_messages(context, messages)
    take_in(context, draft, understand_task(context.triage, draft.task), Workload())
    with_phone, without = (row["receipt"] for row in rows(context, tables.message))
    assert look_up(context, shown(without, "")).receipt == without
    assert look_up(context, shown(with_phone)).receipt == with_phone
    refusal(context, with_phone, "")


def test_guessing_at_a_receipt_is_slowed_down_from_everywhere(
    context: Context, with_pin: Received, clock: Clock
) -> None:
    def attempt(number: int, proof: str) -> None:
        check_proof(context, Presented(with_pin.receipt, proof, f"10.0.0.{number}"))

    for number in range(5):
        with pytest.raises(NotFoundError):
            attempt(number, "x")
    with pytest.raises(TooManyRequestsError):
        attempt(6, with_pin.pin)
    clock.forward(hours=1)
    attempt(7, with_pin.pin)
    for number in range(5):
        with pytest.raises(NotFoundError):
            attempt(number, "x")


def test_an_address_that_tries_many_receipts_waits(context: Context, with_pin: Received) -> None:
    with pytest.raises(TooManyRequestsError):
        for number in range(40):
            with pytest.raises(NotFoundError):
                check_proof(context, Presented(f"{number:013d}", "1", "10.0.0.1"))
    check_proof(context, Presented(with_pin.receipt, with_pin.pin, "10.0.0.2"))


def test_many_guesses_at_once_gain_nothing(context: Context, with_pin: Received) -> None:
    others = [replace(context, database=Database(context.settings.url)) for _ in range(8)]

    def outcome(mine: Context) -> str:
        with pytest.raises(MinqingError) as raised:
            check_proof(mine, Presented(with_pin.receipt, "x"))
        return raised.value.code

    told = together([lambda mine=mine: outcome(mine) for mine in others])
    for other in others:
        other.database.close()
    assert sorted(told) == [*["not_found"] * 5, *["too_many_requests"] * 3]


def test_one_that_is_right_forgets_the_failures_of_its_receipt_and_no_others(
    context: Context, with_pin: Received
) -> None:
    check_proof(context, Presented(with_pin.receipt, with_pin.pin, "10.0.0.1"))
    assert rows(context, tables.attempt) == []
    with pytest.raises(NotFoundError):
        check_proof(context, Presented(with_pin.receipt, "x", "10.0.0.1"))
    check_proof(context, Presented(with_pin.receipt, with_pin.pin, "10.0.0.1"))
    assert [row["failures"] for row in rows(context, tables.attempt)] == [1]  # of the address
