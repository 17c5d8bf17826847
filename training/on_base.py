"""Heads learned on top of a trained model: from duties' text, from few labels, from many.

The base's n-grams are kept, and its scores of a text are features beside them. Both are linear in
the text, so all that is learned folds into rows of weights: the result judges as fast as the base.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from classifier.judging.heads import DEPARTMENT, HEADS, TOPIC_L1, Head
from classifier.judging.model import Model
from classifier.judging.predictor import Predictor
from classifier.judging.weights import write_weights
from training.base import exact_rows, with_columns
from training.crossvalidation import FOLDS
from training.duties import Duty
from training.errors import TrainingError
from training.evaluation import safe_limit
from training.ground import MOST_TEXTS, Ground, Prior, Seen
from training.known_texts import known_texts
from training.measures import Answered
from training.near_copies import folds, group_near_copies
from training.own import Fitted, check_variety, told_data
from training.own_heads import (
    answered,
    fit_line,
    own_heads,
    told,
    wanted_of,
)
from training.ridge import Linear
from training.rows import LabelledRow, check_rows, label_counts

Progress = Callable[[str, int, int], None]

_SEED = 20190700
_PRECISION = 0.95
_METHOD = """在模型 {version} 上继续：它的特征与得分作为已知，{duties}从标签学到的以核逻辑回归
加在其上，都是线性的，合并为一份权重。没有更换的题目与原模型相同。模型里只有数字，没有原文。"""
_OWN = frozenset({*HEADS, TOPIC_L1}) - {DEPARTMENT}


def fit_on_base(
    base: Predictor,
    rows: Sequence[LabelledRow],
    names: Sequence[str],
    duties: Sequence[Duty],
    progress: Progress,
) -> Fitted:
    """Fit heads on top of a base and keep the base's other heads.

    Parameters
    ----------
    base
        The model to learn on. A head of the same name is replaced; of a desk's own heads only
        the department can be.
    rows
        Labelled rows, and rows without a label, whose texts tell what scores are usual; may be
        empty where there are duties.
    names
        The heads; one where there are duties.
    duties
        What the labels' own words say of them; may be empty.
    progress
        See ``own.fit_own``.

    Raises
    ------
    TrainingError
        The rows do not pass ``rows.check_rows``, or a head may not be replaced.
    """
    if taken := [name for name in names if name in _OWN and isinstance(base, Model)]:
        raise TrainingError(f"题目“{taken[0]}”是系统自用的，不能更换，请另取名称")
    _check(rows, names, duties)
    if sum(bool(row.labels) for row in rows) > MOST_TEXTS:
        raise TrainingError(f"有标签的行超过 {MOST_TEXTS:,}，请不用 --base 训练")
    ground = Ground(base)
    seen = ground.see([row.text for row in rows])
    heads = _heads(rows, names, duties)
    trial: dict[str, Answered] = {}
    found: dict[str, tuple[Head, Linear]] = {}
    for head in heads:
        start = ground.prior(duties, head.labels)
        found[head.name], tried = _fit_head(ground, seen, rows, head, start, progress)
        trial |= tried
    progress("训练", 1, 1)
    data = {"职责": f"{len(duties)} 项"} if duties else {}
    fitted = _joined(base, found, trial, {**told_data(rows, heads), **data}, bool(duties))
    known = known_texts((row.text for row in rows if row.labels), fitted.sections)
    return replace(fitted, sections={**fitted.sections, **known})


def _check(rows: Sequence[LabelledRow], names: Sequence[str], duties: Sequence[Duty]) -> None:
    if not duties:
        check_rows(rows, names)
        return
    known = {duty.label for duty in duties}
    (name,) = names
    if unknown := sorted(set(label_counts(rows, name)) - known):
        raise TrainingError(f"“{name}”的标签“{unknown[0]}”不在职责表中")


def _heads(
    rows: Sequence[LabelledRow], names: Sequence[str], duties: Sequence[Duty]
) -> tuple[Head, ...]:
    if not duties:
        return own_heads(rows, names)
    return (Head(names[0], tuple(sorted(duty.label for duty in duties)), 0),)


def _fit_head(
    ground: Ground,
    seen: Seen,
    rows: Sequence[LabelledRow],
    head: Head,
    start: Prior,
    progress: Progress,
) -> tuple[tuple[Head, Linear], dict[str, Answered]]:
    """The head with its line and its linear function; held-out answers where it can be tried."""
    own = replace(head, first=0)
    linear = learned(ground, seen, rows, own, start)
    known = told(rows, own)
    if len(known) < 2 * FOLDS:
        return (head, linear), {}
    check_variety([rows[row] for row in known.tolist()])
    fold = _folds(rows, known)
    scores = np.zeros((len(rows), len(own.labels)))
    for number in range(FOLDS):
        progress("留出检验", number, FOLDS)
        hidden = fold == number
        kept = [
            replace(row, labels={}) if hide else row for row, hide in zip(rows, hidden, strict=True)
        ]
        # The hidden texts are not learned from either: a message to come is not there yet.
        rest = np.flatnonzero(~hidden)
        part = learned(ground, seen.of(rest), [kept[row] for row in rest.tolist()], own, start)
        scores[hidden] = part.scores(seen.vectors[np.flatnonzero(hidden)])
    progress("留出检验", FOLDS, FOLDS)
    slope, offset = fit_line(answered(scores, rows, own))
    head, own = (replace(each, slope=slope, offset=offset) for each in (head, own))
    return (head, linear), {head.name: answered(scores, rows, own)}


def _folds(rows: Sequence[LabelledRow], known: Any) -> Any:
    """The fold of each row with a label, near copies in one; -1 for the others."""
    groups = group_near_copies([row.text for row in rows])
    fold = folds(groups, FOLDS, _SEED)
    is_told = np.isin(np.arange(len(rows)), known)
    return np.where(is_told | np.isin(groups, groups[known]), fold, -1)


def learned(
    ground: Ground, seen: Seen, rows: Sequence[LabelledRow], head: Head, start: Prior
) -> Linear:
    """What a head's labels add to what is known before.

    Parameters
    ----------
    ground, seen
        The base, and what it sees in the rows' texts.
    rows
        The rows.
    head
        The head.
    start
        What is known before.
    """
    known = told(rows, head)
    return ground.learn(seen, known, wanted_of(rows, head, known), start)


def _joined(
    base: Predictor,
    found: Mapping[str, tuple[Head, Linear]],
    trial: Mapping[str, Answered],
    data: Mapping[str, str],
    has_duties: bool,
) -> Fitted:
    """The base's heads, those replaced in their places, then the new ones."""
    exact, biases = exact_rows(base.weights), base.weights.columns[1].astype(np.float64)
    kept = {
        name: (head, Linear(exact[:, head.columns], biases[head.columns]))
        for name, head in base.heads.items()
    }
    parts = {**kept, **found}
    heads: list[Head] = []
    for head, _ in parts.values():
        heads.append(replace(head, first=sum(len(each.labels) for each in heads)))
    weights = with_columns(
        base.weights,
        np.hstack([linear.weights for _, linear in parts.values()]),
        np.concatenate([linear.biases for _, linear in parts.values()]),
    )
    others = set(base.file.sections) - set(write_weights(weights))
    sections = {name: base.section(name) for name in sorted(others)}
    method = _METHOD.format(
        version=base.version, duties="职责的文字给出起点，" if has_duties else ""
    )
    return Fitted(weights, heads, trial, _header(base, found, trial), sections, data, method)


def _header(
    base: Predictor, found: Mapping[str, object], trial: Mapping[str, Answered]
) -> dict[str, Any]:
    """The base's header without what was measured of replaced heads."""
    header = dict(base.file.header)
    for entry in ("figures", "curves", "class_limits"):
        told_before = header.get(entry, {})
        header[entry] = {name: told_before[name] for name in told_before if name not in found}
    if isinstance(base, Model) and DEPARTMENT in found:
        limits = {**asdict(base.limits), DEPARTMENT: _department_limit(trial)}
        header["limits"] = limits
    return header


def _department_limit(trial: Mapping[str, Answered]) -> float:
    """The least probability shown to keep 95 % right; 1, so that a person looks, where none is."""
    if DEPARTMENT not in trial:
        return 1.0
    tried = trial[DEPARTMENT]
    return safe_limit(tried.probability, tried.is_right, _PRECISION)
