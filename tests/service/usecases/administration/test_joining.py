"""How precise joining must be: asked for by an administrator, kept by what comes in next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.matching.pair_model import JoinPoint, PairModel
from service.errors import InvalidInputError
from service.usecases.administration.joining import save_join_precision, show_joining
from service.usecases.context import Context
from service.usecases.in_force.joining import ONLY_THE_SAME
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message

CURVE = (JoinPoint(0.6, 0.94, 0.8), JoinPoint(0.8, 0.97, 0.6), JoinPoint(0.9999, 0.999, 0.1))
VOICE = a_message("庄里镇三合村的路灯坏了半个月，夜里看不见路。", title="路灯坏了")


def told(context: Context, curve: tuple[JoinPoint, ...] = CURVE) -> Context:
    """The same where the model tells how precise it is."""
    model = context.triage.pair_model
    assert isinstance(model, PairModel)
    return replace(context, triage=replace(context.triage, pair_model=replace(model, curve=curve)))


def is_joined(context: Context) -> bool:
    first, second = receive_messages(context, [a_message(), VOICE])
    return first.matter_id == second.matter_id


def test_without_a_wish_the_settings_decide(context: Context) -> None:
    shown = show_joining(told(context), [0.95])
    assert (shown.precision, shown.probability) == (None, context.triage.join_at)
    assert [(cost.probability, cost.share) for cost in shown.costs] == [(0.8, 0.6)]
    assert is_joined(told(context))


def test_what_comes_in_next_joins_as_surely_as_asked(context: Context) -> None:
    here = told(context)
    save_join_precision(here, 0.999, "管理员")
    assert show_joining(here, ()).probability == 0.9999
    assert not is_joined(here)


def test_it_can_be_taken_back(context: Context) -> None:
    here = told(context)
    save_join_precision(here, 0.999, "管理员")
    save_join_precision(here, None, "管理员")
    assert show_joining(here, ()).precision is None
    assert is_joined(here)


@pytest.mark.parametrize("precision", [0.0, 0.49, 1.0, -1.0, float("nan")])
def test_what_is_no_precision_is_refused(context: Context, precision: float) -> None:
    with pytest.raises(InvalidInputError):
        save_join_precision(told(context), precision, "管理员")
    assert show_joining(told(context), ()).precision is None


def test_what_the_model_never_reaches_or_does_not_tell_is_refused(context: Context) -> None:
    for here in (told(context, CURVE[:2]), context):
        with pytest.raises(InvalidInputError, match="达不到"):
            save_join_precision(here, 0.99, "管理员")


def test_a_model_that_comes_later_and_tells_nothing_joins_the_same_text_only(
    context: Context,
) -> None:
    save_join_precision(told(context), 0.95, "管理员")
    shown = show_joining(context, [0.95])
    assert (shown.is_told, shown.probability) == (False, ONLY_THE_SAME)
    assert not is_joined(context)
    copy = replace(VOICE, sent_at=VOICE.sent_at.replace(minute=5))
    (again,) = receive_messages(context, [copy])
    assert again.relation.value == "copy"
