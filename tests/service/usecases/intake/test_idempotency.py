"""The same request is answered once, whatever happens to the first."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from service.errors import (
    IdempotencyConflictError,
    IdempotencyInFlightError,
    InvalidInputError,
    NotFoundError,
)
from service.usecases.context import Context
from service.usecases.intake.idempotency import Answer, replay_or_run
from service.usecases.intake.receive import receive_messages
from tests.makers import Clock, a_message
from tests.service.usecases.books import stored_texts
from tests.service.usecases.intake.test_receive_at_once import together

BODY, OTHER = sha256(b"body").digest(), sha256(b"other").digest()
ANSWER: Answer = (201, {"receipt": "回执", "numbers": [1, 2.5, None, True], "empty": {}})


class Counted:
    """A run that counts how often it is run."""

    def __init__(self, answer: Answer = ANSWER) -> None:
        self.times = 0
        self.answer = answer

    def __call__(self) -> Answer:
        self.times += 1
        return self.answer


def test_the_second_answer_is_the_first_and_nothing_runs_again(context: Context) -> None:
    run = Counted()
    assert replay_or_run(context, "k", BODY, run) == ANSWER
    assert replay_or_run(context, "k", BODY, run) == ANSWER
    assert run.times == 1


def test_keys_do_not_know_each_other(context: Context) -> None:
    run = Counted()
    for key in ("a", "A", "a ", "b"):
        replay_or_run(context, key, BODY, run)
    assert run.times == 4


@pytest.mark.hostile
def test_callers_do_not_share_keys(context: Context) -> None:
    longest, run = "k" * 200, Counted()
    for caller in ("", "a", "b", "长" * 100):
        for _ in range(2):
            assert replay_or_run(context, longest, BODY, run, caller) == ANSWER
    assert run.times == 4


def test_the_same_key_with_another_body_is_a_conflict(context: Context) -> None:
    run = Counted()
    replay_or_run(context, "k", BODY, run)
    with pytest.raises(IdempotencyConflictError) as raised:
        replay_or_run(context, "k", OTHER, run)
    assert raised.value.status == 422
    assert run.times == 1


def test_while_the_first_is_handled_the_second_is_told_so(context: Context) -> None:
    def run() -> Answer:
        with pytest.raises(IdempotencyInFlightError) as raised:
            replay_or_run(context, "k", BODY, Counted())
        assert raised.value.status == 409
        with pytest.raises(IdempotencyConflictError):
            replay_or_run(context, "k", OTHER, Counted())
        return ANSWER

    assert replay_or_run(context, "k", BODY, run) == ANSWER


@pytest.mark.parametrize("error", [NotFoundError("x"), RuntimeError("x"), KeyboardInterrupt()])
def test_a_run_that_fails_frees_its_key(context: Context, error: BaseException) -> None:
    def fail() -> Answer:
        raise error

    with pytest.raises(type(error)):
        replay_or_run(context, "k", BODY, fail)
    run = Counted()
    assert replay_or_run(context, "k", OTHER, run) == ANSWER
    assert run.times == 1


def test_a_key_whose_worker_died_is_free_after_two_minutes(context: Context, clock: Clock) -> None:
    def die() -> Answer:
        # What is left when the process is killed here: the key begun, no answer.
        clock.forward(seconds=119)
        with pytest.raises(IdempotencyInFlightError):
            replay_or_run(context, "k", BODY, Counted())
        clock.forward(seconds=1)
        assert replay_or_run(context, "k", BODY, Counted((200, {"by": "second"})))[0] == 200
        return ANSWER

    replay_or_run(context, "k", BODY, die)


def test_a_worker_thought_dead_does_not_change_what_the_other_answered(
    context: Context, clock: Clock
) -> None:
    second = (200, {"by": "second"})

    def slow() -> Answer:
        clock.forward(minutes=3)
        replay_or_run(context, "k", BODY, Counted(second))
        return ANSWER

    replay_or_run(context, "k", BODY, slow)
    assert replay_or_run(context, "k", BODY, Counted()) == second

    def slow_and_failing() -> Answer:
        clock.forward(minutes=3)
        replay_or_run(context, "f", BODY, Counted(second))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        replay_or_run(context, "f", BODY, slow_and_failing)
    assert replay_or_run(context, "f", BODY, Counted()) == second


@pytest.mark.parametrize("key", ["", "钥", "a\n", "\x00", "k" * 201, "\x7f"])
def test_a_key_must_be_visible_and_short(context: Context, key: str) -> None:
    run = Counted()
    with pytest.raises(InvalidInputError, match="Idempotency-Key"):
        replay_or_run(context, key, BODY, run)
    assert run.times == 0


@pytest.mark.parametrize("key", ["k", "k" * 200, "'; --", "a b~!"])
def test_any_visible_key_will_do(context: Context, key: str) -> None:
    assert replay_or_run(context, key, BODY, Counted()) == ANSWER
    assert replay_or_run(context, key, BODY, Counted((500, {}))) == ANSWER


def test_at_once_one_runs_and_the_others_wait_or_are_told(context: Context) -> None:
    def request(number: int) -> Callable[[], Answer | None]:
        def run() -> Answer:
            (received,) = receive_messages(context, [a_message(external_id=f"x{number % 2}")])
            return 201, {"receipt": received.receipt}

        def ask() -> Answer | None:
            try:
                return replay_or_run(context, "k", BODY, run)
            except IdempotencyInFlightError:
                return None

        return ask

    answers = [answer for answer in together([request(n) for n in range(4)]) if answer]
    assert answers
    assert all(answer == answers[0] for answer in answers)
    assert len(stored_texts(context)) == 1
