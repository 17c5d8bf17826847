"""Targets: what each label, second department and grade of urgency is fitted to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from classifier.judging.heads import DEPARTMENT, KIND, TOPIC, URGENT
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import PLAN, small_examples
from training.desk import desk_heads
from training.heads_fit import fit_heads, prepare

TAXONOMY = Taxonomy.load()
EXAMPLES = small_examples(TAXONOMY)
HEADS = {head.name: head for head in desk_heads(EXAMPLES, TAXONOMY)}


def targets_of(examples: list, column: int) -> list[float]:
    return prepare(examples, tuple(HEADS.values()), PLAN).targets[:, column].tolist()


def test_siblings_of_a_topic_share_in_its_examples() -> None:
    own = EXAMPLES[0].labels[TOPIC]
    sibling = next(c for c in TAXONOMY.children(own[:2]) if c != own)
    stranger = TAXONOMY.children("15" if own[:2] != "15" else "14")[0]
    found = [targets_of(EXAMPLES[:1], HEADS[TOPIC].column(c))[0] for c in (own, sibling, stranger)]
    assert found == [1.5, -0.5, -1.5]


def test_a_second_department_stands_between() -> None:
    column = HEADS[DEPARTMENT].column("住建局")
    assert EXAMPLES[7].seconds == {DEPARTMENT: "住建局"}
    assert targets_of(EXAMPLES, column)[7] == PLAN.second_target


def test_a_second_label_of_any_head_stands_between() -> None:
    told = replace(EXAMPLES[0], seconds={KIND: "咨询"})
    assert targets_of([told], HEADS[KIND].column("咨询")) == [PLAN.second_target]
    assert targets_of([told], HEADS[KIND].column("投诉")) == [1.0]


def test_a_grade_of_urgency_goes_before_yes_and_no() -> None:
    graded = [replace(EXAMPLES[0], urgency=grade) for grade in range(4)]
    found = targets_of([EXAMPLES[0], EXAMPLES[11], *graded], HEADS[URGENT].first)
    assert found == [-1.0, 1.0, *PLAN.urgency_targets]


def test_what_nobody_could_tell_pulls_to_no_side() -> None:
    labels = {**EXAMPLES[0].labels, KIND: ""}
    found = targets_of([replace(EXAMPLES[0], labels=labels)], HEADS[KIND].first)
    assert np.isnan(found).all()


def test_a_message_to_another_desk_counts_less_in_all_but_urgency() -> None:
    distant = replace(EXAMPLES[0], is_distant=True, trust=0.5)
    trust = prepare([distant, EXAMPLES[0]], tuple(HEADS.values()), PLAN).trust
    is_urgent = np.zeros(trust.shape[1], bool)
    is_urgent[HEADS[URGENT].first] = True
    assert set(trust[0, ~is_urgent]) == {0.5 * PLAN.distant_trust}
    assert set(trust[0, is_urgent]) == {0.5}
    assert set(trust[1]) == {1.0}


def test_no_more_rows_than_the_plan_allows() -> None:
    columns = sum(len(head.labels) for head in HEADS.values())
    plan = replace(PLAN, size=50 * columns)
    vocabulary, linear = fit_heads(prepare(EXAMPLES, tuple(HEADS.values()), plan), plan)
    assert len(vocabulary.kept) == 49
    assert linear.weights.shape[0] == 49
