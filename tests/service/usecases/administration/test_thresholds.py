"""The precision wanted: put in force at once, recorded, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.domain.provision import ProvisionKind
from service.domain.review_policy import MODELS_OWN, ReviewPolicy
from service.domain.status import MatterStatus
from service.errors import InvalidInputError
from service.triage.thresholds import NOTHING_TOLD, read_coverage
from service.usecases.administration import thresholds as module
from service.usecases.administration.thresholds import save_policy, show_thresholds
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.usecases.intake.receive import Received, receive_messages
from tests.makers import a_message

CURVE = [[0.95, 0.3, 0.99], [0.85, 0.6, 0.95], [0.1, 1.0, 0.9]]
HEADER: dict[str, Any] = {
    "curves": {"department": CURVE, "topic_l1": CURVE, "kind": CURVE},
    "class_limits": {"kind": {"投诉": {"0.95": 0.89}, "咨询": {"0.95": 0.91}}},
}


@pytest.fixture
def silent(context: Context) -> Context:
    """With a model file that tells no curve."""
    triage = replace(context.triage, coverage=NOTHING_TOLD, join_at=1.1)
    return replace(context, triage=triage)


@pytest.fixture
def told(context: Context) -> Context:
    coverage = read_coverage(HEADER)
    return replace(context, triage=replace(context.triage, coverage=coverage, join_at=1.1))


def take_in(context: Context, text: str = "庄里镇的路灯坏了") -> Received:
    (received,) = receive_messages(context, [a_message(text, title="来信")])
    return received


def correct(context: Context, received: Received, department: str) -> None:
    correction = Correction("0102", department, "complaint", False, "T1")
    correct_matter(context, received.matter_id, correction, "admin")


def test_a_policy_is_in_force_with_the_next_message_and_recorded(told: Context) -> None:
    assert take_in(told).status is MatterStatus.ASSIGNED
    save_policy(told, ReviewPolicy(department=0.99), "admin")
    received = take_in(told, "庄里镇南街的路灯坏了")
    assert received.status is MatterStatus.REVIEW
    assert received.classification is not None
    assert received.classification.review == ("承办单位把握 90%，不到准确率 99% 所需的 95%",)
    save_policy(told, ReviewPolicy(department=0.95), "admin")
    assert take_in(told, "庄里镇北街的路灯坏了").status is MatterStatus.ASSIGNED
    assert len(list_changes(told, ProvisionKind.REVIEW)) == 2
    save_policy(told, MODELS_OWN, "admin")
    assert show_thresholds(told, ()).policy == MODELS_OWN


def test_each_kind_has_its_own_limit(told: Context) -> None:
    save_policy(told, ReviewPolicy(kind=0.95), "admin")
    assert take_in(told).status is MatterStatus.ASSIGNED
    asked = take_in(told, "庄里镇的学校几点放学")
    assert asked.classification is not None
    assert asked.classification.review == ("诉求类型把握 90%，不到准确率 95% 所需的 91%",)


@pytest.mark.parametrize("precision", [-1.0, 0.0, 0.49, 1.0, 98.0, float("nan"), float("inf")])
def test_what_is_no_precision_is_refused(told: Context, precision: float) -> None:
    with pytest.raises(InvalidInputError, match="准确率"):
        save_policy(told, ReviewPolicy(department=precision), "admin")
    with pytest.raises(InvalidInputError, match="准确率"):
        show_thresholds(told, [precision])


def test_a_model_that_tells_nothing_takes_no_policy(silent: Context) -> None:
    with pytest.raises(InvalidInputError, match="没有把握与准确率的对照"):
        save_policy(silent, ReviewPolicy(department=0.95), "admin")
    shown = show_thresholds(silent, [0.95])
    assert not shown.is_told
    assert [(cost.share, cost.error, cost.here) for cost in shown.costs] == [(None, None, None)] * 3


def test_what_no_model_was_tried_on_goes_to_a_person(told: Context, silent: Context) -> None:
    save_policy(told, ReviewPolicy(department=0.95), "admin")
    received = take_in(silent)
    assert received.status is MatterStatus.REVIEW
    assert received.classification is not None
    assert received.classification.review == ("承办单位没有检验过，不知道能否达到准确率 95%",)
    shown = show_thresholds(silent, ())
    assert (shown.untried, shown.passing) == (("department",), 0.0)
    save_policy(silent, MODELS_OWN, "admin")
    assert take_in(silent, "庄里镇南街的路灯坏了").status is MatterStatus.ASSIGNED


def test_the_model_tells_what_each_precision_costs(told: Context) -> None:
    shown = show_thresholds(told, [0.95, 0.98, 0.999])
    costs = [c for c in shown.costs if c.question == "department"]
    assert [(c.precision, c.share) for c in costs] == [(0.95, 0.6), (0.98, 0.3), (0.999, None)]
    assert costs[0].error == pytest.approx(0.05)
    assert costs[0].question_zh == "承办单位"
    assert shown.correction_count == 0
    assert costs[0].here is None


def test_from_enough_corrections_on_the_county_tells_it_too(
    told: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FEWEST_CORRECTIONS", 3)
    for number, department in enumerate(["住建局", "住建局", "城管局"]):
        correct(told, take_in(told, f"庄里镇{number}号楼下的路灯坏了，{number}"), department)
    doubtful = take_in(told, "……")
    assert show_thresholds(told, [0.95]).correction_count == 3
    correct(told, doubtful, "住建局")
    correct(told, doubtful, "教育局")  # a person's last word counts
    shown = show_thresholds(told, [0.95, 0.98])
    here = {(c.question, c.precision): c.here for c in shown.costs}
    measured = here["department", 0.95]
    assert measured is not None
    assert (measured.count, measured.passed, measured.wrong) == (4, 3, 1)
    assert (measured.share, measured.error) == (0.75, pytest.approx(1 / 3))
    kind = here["kind", 0.95]
    assert kind is not None
    assert (kind.passed, kind.wrong) == (3, 0)
    strict = here["department", 0.98]
    assert strict is not None
    assert (strict.passed, strict.share, strict.error) == (0, 0.0, None)


def test_the_share_that_meets_all_is_counted_over_the_newest(told: Context) -> None:
    for text in ("路灯坏了", "学校放学", "……", "南街路灯坏了"):
        take_in(told, text)
    save_policy(told, ReviewPolicy(department=0.95, kind=0.95), "admin")
    shown = show_thresholds(told, ())
    assert (shown.looked_at, shown.passing) == (4, 0.5)
