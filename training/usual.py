"""How usual a label is before letters tell: as usual as the departments its duties are like.

Who labels twenty letters of each label tells nothing of how often each is written to, and a
model of them takes all for equally likely. ``asked_departments.csv`` says how many of a thousand
messages to one city went to each department of the shipped directory; a label is as usual as the
departments that the base takes its duties for. Labels then speak for themselves as they come (the
correction is Saerens and others', 2002, "Adjusting the outputs of a classifier to new a priori
probabilities", with pseudo-counts).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

_LETTERS = 1000.0  # with labels, that tell as much of how often each is usual
_TRUST = 0.5  # of the log odds that this moves: another county's frequencies are others


def asked(departments: Sequence[str]) -> F64 | None:
    """How many of a thousand messages go to each department; None where one is unknown."""
    path = Path(__file__).with_name("asked_departments.csv")
    with path.open(encoding="utf-8", newline="") as file:
        known = {row["名称"]: float(row["每千封"]) for row in csv.DictReader(file)}
    if not departments or not known.keys() >= set(departments):
        return None
    return np.array([known[name] for name in departments])


def usual_shift(usual: F64 | None, wanted: F64) -> F64 | float:
    """What to add to scores that were learned from labels which came as often as they happened to.

    Parameters
    ----------
    usual
        How usual each label is beside the others, above 0, shape (labels,); None where nobody
        knows.
    wanted
        The share of each label in each text that was learned from, shape (texts, labels).

    Returns
    -------
    array of float64, shape (labels,), or 0
        In log odds.
    """
    if usual is None or not len(wanted):
        return 0.0
    counts = wanted.sum(axis=0) + 0.5
    return np.asarray(_TRUST * np.log1p(_LETTERS * usual / usual.sum() / counts))
