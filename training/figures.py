"""Figures: what held-out answers are worth, and the limits under which a person should look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.judging.heads import DEPARTMENT, KIND, TOPIC_L1, URGENT, Limits
from classifier.judging.taxonomy import Taxonomy
from training import evaluation
from training.curves import class_limits, coverage_curve
from training.desk import QUESTIONS, Answers, labels_of
from training.examples import YES, Example
from training.measures import Answered

_TOPIC_PRECISION, _DEPARTMENT_PRECISION = 0.90, 0.95
_FLAGGED = 0.10
_MARGIN = 0.15
_LETTERS = 5
_UNLIKE = 0.65
_SHOWN = {TOPIC_L1: "一级主题", DEPARTMENT: "承办单位", KIND: "诉求类型"}


def fit_limits(
    answers: Answers, examples: Sequence[Example], known: npt.NDArray[np.float64]
) -> Limits:
    """Limits that keep a precision of 90 % in topics and 95 % in departments.

    They are those of ``evaluation.safe_limit``: shown on these messages, not only seen.

    The likeliest 10 % count as urgent. A text is unlike all others when the model knows less
    than 0.65 of the usual share of its n-grams: another county's names alone make less difference.

    ``known`` is the share of each message's n-grams that the model knew, shape (examples,).
    """

    def least(question: str, precision: float) -> float:
        probability, is_right = answers.probability[question], answers.is_right[question]
        return evaluation.safe_limit(probability, is_right, precision)

    is_urgent = labels_of(examples, URGENT) == YES
    urgent = evaluation.urgency(answers.probability[URGENT], is_urgent, _FLAGGED)[2]
    topic = least(TOPIC_L1, _TOPIC_PRECISION)
    department = least(DEPARTMENT, _DEPARTMENT_PRECISION)
    least_known = _UNLIKE * float(np.median(known))
    return Limits(topic, department, _MARGIN, least_known, _LETTERS, urgent)


def figures(answers: Answers, examples: Sequence[Example]) -> dict[str, Any]:
    """All figures of held-out answers, in JSON types, rounded to four places."""
    is_urgent = labels_of(examples, URGENT) == YES
    precision, recall, _ = evaluation.urgency(answers.probability[URGENT], is_urgent, _FLAGGED)
    urgent = {"average_precision": precision, "recall_when_10_percent_flagged": recall}
    found = {question: _of_question(answers, examples, question) for question in QUESTIONS}
    return {
        "messages": len(examples),
        **{name: _rounded(values) for name, values in (found | {URGENT: urgent}).items()},
    }


def shown(answers: Answers, examples: Sequence[Example], taxonomy: Taxonomy) -> dict[str, Answered]:
    """What is drawn of held-out answers, by the question's Chinese name."""
    names = {code: taxonomy.name(code) for code in taxonomy.codes(1)}
    found = {name: answers.answered(q, examples) for q, name in _SHOWN.items()}
    topics = found[_SHOWN[TOPIC_L1]]
    truth, labels = (np.array([names[c] for c in side]) for side in (topics.truth, topics.found))
    return {**found, _SHOWN[TOPIC_L1]: Answered(truth, labels, topics.probability)}


def certainty(answers: Answers) -> dict[str, Any]:
    """What an administrator needs to choose a precision, by question: entries of a header."""
    questions = (TOPIC_L1, DEPARTMENT, KIND)
    told = {q: (answers.probability[q], answers.is_right[q]) for q in questions}
    return {
        "curves": {q: coverage_curve(*told[q]) for q in questions},
        "class_limits": {q: class_limits(answers.labels[q], *told[q]) for q in questions},
    }


def _of_question(answers: Answers, examples: Sequence[Example], question: str) -> dict[str, float]:
    truth, found = labels_of(examples, question), answers.labels[question]
    is_right, probability = answers.is_right[question], answers.probability[question]
    low, high = evaluation.interval(is_right.astype(np.float64))
    return {
        "accuracy": float(is_right.mean()),
        "accuracy_low": low,
        "accuracy_high": high,
        "first_label_accuracy": float((truth == found).mean()),
        "macro_f1": evaluation.macro_f1(truth, found),
        "calibration_error": evaluation.calibration_error(probability, is_right),
        "coverage_at_95": evaluation.coverage(probability, is_right, 0.95)[0],
        "coverage_at_98": evaluation.coverage(probability, is_right, 0.98)[0],
    }


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
