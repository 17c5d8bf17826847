"""What a model file tells of its certainty, and the doubts that follow from a wanted precision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from classifier.errors import ModelFileError
from classifier.judging.judgement import Judgement, Verdict
from service.domain.review_policy import MODELS_OWN, ReviewPolicy
from service.triage.thresholds import NEVER, NOTHING_TOLD, doubts, read_coverage

CURVE = [[0.95, 0.3, 0.99], [0.8, 0.6, 0.96], [0.5, 0.8, 0.97], [0.1, 1.0, 0.9]]
HEADER = {
    "curves": {"department": CURVE, "topic_l1": CURVE, "kind": CURVE},
    "class_limits": {
        "department": {
            "住建局": {"0.90": 0.2, "0.95": 0.6, "0.98": 0.9},
            "公安局": {"0.90": 0.4, "0.95": 1.0, "0.98": 1.0},
        }
    },
}
COVERAGE = read_coverage(HEADER)
JUDGEMENT = Judgement(
    topic_l1=Verdict("01", 0.4, ()),
    topic=Verdict("0102", 0.4, ()),
    department=Verdict("住建局", 0.7, ()),
    kind=Verdict("投诉", 0.6, ()),
    urgent_probability=0.1,
    is_urgent=False,
    doubts=("文字太少", "主题把握不足（40%）"),
    text_doubts=("文字太少",),
)


def test_where_nothing_is_stated_the_models_own_limits_hold() -> None:
    assert read_coverage({}) == NOTHING_TOLD
    assert doubts(JUDGEMENT, MODELS_OWN, COVERAGE) == JUDGEMENT.doubts
    assert doubts(JUDGEMENT, MODELS_OWN, NOTHING_TOLD) == JUDGEMENT.doubts


def test_a_stated_precision_that_nobody_tried_is_a_doubt() -> None:
    partly = read_coverage({"curves": {"kind": CURVE}})
    assert doubts(JUDGEMENT, ReviewPolicy(department=0.98, kind=0.9), partly) == (
        "文字太少",
        "承办单位没有检验过，不知道能否达到准确率 98%",
    )


@pytest.mark.parametrize(
    "header",
    [
        {"curves": 5},
        {"curves": {"department": [[0.5, 0.5]]}},
        {"curves": {"department": [[0.5, 0.5, "x"]]}},
        {"curves": {"department": [[0.5, 2.0, 0.9]]}},
        {"curves": {"department": [[float("nan"), 0.5, 0.9]]}},
        {"curves": {"department": None}},
        {"class_limits": {"department": {"住建局": [1]}}},
        {"class_limits": {"department": {"住建局": {"viel": 0.5}}}},
        {"class_limits": {"department": {"住建局": {"0.9": None}}}},
        {"class_limits": []},
    ],
)
def test_a_strange_header_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(ModelFileError, match="对照不完整"):
        read_coverage(header)


@pytest.mark.parametrize(
    ("label", "precision", "limit"),
    [
        ("住建局", 0.95, 0.6),
        ("住建局", 0.93, 0.6),  # the next higher one that is told
        ("住建局", 0.5, 0.2),
        ("公安局", 0.95, NEVER),
        ("水利局", 0.95, 0.5),  # not told: of all labels together, the largest share
        ("住建局", 0.985, 0.95),
        ("水利局", 0.995, NEVER),
    ],
)
def test_the_limit_of_a_label(label: str, precision: float, limit: float) -> None:
    assert COVERAGE.limit("department", label, precision) == limit


def test_the_limit_of_all_labels_together_goes_before_the_curve() -> None:
    limits = {"": {"0.950": 0.8, "0.990": 1.0}, "住建局": {"0.950": 0.6, "0.990": 0.9}}
    told = read_coverage({"curves": {"department": CURVE}, "class_limits": {"department": limits}})
    assert told.limit("department", "水利局", 0.95) == 0.8
    assert told.limit("department", "水利局", 0.99) == NEVER
    assert told.limit("department", "住建局", 0.99) == 0.9
    assert told.at("department", 0.95) == (0.8, 0.6, 0.96)
    assert told.at("department", 0.99) is None


def test_what_a_precision_costs_is_the_largest_share_that_keeps_it() -> None:
    assert COVERAGE.at("department", 0.97) == (0.5, 0.8, 0.97)
    assert COVERAGE.at("department", 1.0) is None
    assert COVERAGE.at("other", 0.5) is None


def test_only_what_is_asked_for_is_doubted_and_the_text_in_any_case() -> None:
    assert doubts(JUDGEMENT, ReviewPolicy(department=0.95), COVERAGE) == ("文字太少",)
    assert doubts(JUDGEMENT, ReviewPolicy(department=0.98, kind=0.9), COVERAGE) == (
        "文字太少",
        "承办单位把握 70%，不到准确率 98% 所需的 90%",
    )
    unreachable = replace(JUDGEMENT, department=Verdict("公安局", 0.99, ()))
    assert doubts(unreachable, ReviewPolicy(department=0.98), COVERAGE) == (
        "文字太少",
        "承办单位把握 99%，这一类达不到要求的准确率 98%",
    )


def test_a_question_is_asked_of_even_by_a_precision_of_nothing() -> None:
    assert ReviewPolicy(kind=0.0).wanted == {"kind": 0.0}
    assert MODELS_OWN.wanted == {}
