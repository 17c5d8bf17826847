"""Learning from corrections: a challenger from a model's weights and what people decided.

The texts the base was trained on are not needed. For each head a penalised logistic regression
between the corrected messages is added to the base's scores (``kernel_logistic``), so that the
base keeps speaking where no correction is near; it is linear, and folds back into the base's rows.
Where only wrong labels are known, the others share the example as the base's own probabilities
do: the first step of the EM algorithm for sets of possible labels (Jin and Ghahramani, 2002,
"Learning with multiple labels"), begun at the base, so that the problem stays convex.
Every learning begins at the same base, so that a message which is no longer there leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.special import log_softmax, logsumexp
from threadpoolctl import threadpool_limits

from classifier.judging.heads import DEPARTMENT, TOPIC_L1, Head, heads_as_json
from classifier.judging.model import Model
from classifier.judging.weights import write_weights
from classifier.modelfile import ModelFile
from training.base import base_vectors, exact_rows, with_columns
from training.comparison import Comparison, compare
from training.desk import Answers, answer
from training.examples import Example
from training.figures import certainty
from training.kernel_logistic import fit_kernel_logistic
from training.known_texts import known_texts
from training.lessons import Lesson, Split, deal_out, split
from training.scaling import fit_lines

F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Progress = Callable[[str, int, int], None]
Penalties = Mapping[str, float | None]

PENALTIES = (10.0, 3.0, 1.0, 0.3)
ENOUGH = 300  # lessons, from which on lines and limits can be found
_FOLDS = 5
_TRIED_ON = 600  # choosing a penalty costs the square of their number
_FEWEST_OF_LABEL = 2
_MEASURED = frozenset({"figures", "curves", "class_limits"})
_BIAS = 0.3  # how freely a label's general frequency moves, beside 1 for a text's n-grams


@dataclass(frozen=True, slots=True)
class Learned:
    """A challenger, not yet written.

    Parameters
    ----------
    file
        What its model file is to hold, learned from all lessons; its version is "".
    comparison
        Champion and challenger on the held-out lessons, which this trial's challenger had not
        seen.
    split
        Which lessons it learned from and which were held out.
    penalties
        The penalty of each head; None where learning did not help and the base was left as it is.
    """

    file: ModelFile
    comparison: Comparison
    split: Split
    penalties: Penalties


def learn(
    base: Model,
    champion: Model,
    lessons: Sequence[Lesson],
    held_out: float,
    progress: Progress,
) -> Learned:
    """Fit a challenger, try it out beside the champion, and fit it again on all lessons.

    Parameters
    ----------
    base
        Whose weights are learned upon.
    champion
        The model in use, to compare with.
    lessons
        What people decided. Their order does not matter, nor does anything but texts, labels,
        groups and trust: the same lessons give the same bytes.
    held_out
        The share (0–1) of the lessons new to the champion that is held out.
    progress
        Is told the Chinese name of the step, how many parts are done, and of how many.

    Raises
    ------
    TrainingError
        There are too few lessons.
    """
    parts = split(lessons, held_out)
    with threadpool_limits(1):
        learned_from = [lesson.example for lesson in parts.learned]
        trial = _Task.of(base, learned_from)
        penalties = trial.choose_penalties(deal_out(parts.learned, _FOLDS), progress)
        challenger = Model(_as_file(base, trial, penalties, trial.lines_kept(), {}), base.taxonomy)
        comparison = compare(champion, challenger, [lesson.example for lesson in parts.held_out])
        everything = Split.ordered([*parts.learned, *parts.held_out])
        whole = _Task.of(base, [lesson.example for lesson in everything])
        file = _fit_all(base, whole, deal_out(everything, _FOLDS), penalties)
        progress("训练", 1, 1)
        return Learned(file, comparison, parts, penalties)


def relearn(base: Model, lessons: Sequence[Lesson], progress: Progress) -> ModelFile:
    """Learn from all lessons (at least one) without trying out what comes of it.

    Parameters as for :func:`learn`; the result is what its model file is to hold.
    """
    everything = Split.ordered(lessons)
    with threadpool_limits(1):
        whole = _Task.of(base, [lesson.example for lesson in everything])
        fold = deal_out(everything, _FOLDS)
        file = _fit_all(base, whole, fold, whole.choose_penalties(fold, progress))
        progress("训练", 1, 1)
        return file


def _fit_all(base: Model, whole: _Task, fold: Places, penalties: Penalties) -> ModelFile:
    if sum(example.is_whole for example in whole.examples) < ENOUGH:
        return _as_file(base, whole, penalties, whole.lines_kept(), {})
    held_out = whole.cross_answers(fold, penalties)
    lines = {**whole.lines_kept(), **fit_lines(held_out)}
    return _as_file(base, whole, penalties, lines, certainty(held_out.straightened(lines)))


@dataclass(frozen=True, slots=True)
class _Task:
    """A base and the examples to learn, ready to fit.

    ``heads`` are the base's, with departments it did not know; ``exact``, shape (rows, columns),
    and ``biases`` are its weights with columns for these; ``vectors``, ``gram`` and ``offsets``
    (the base's scores) have a row an example.
    """

    base: Model
    examples: Sequence[Example]
    heads: tuple[Head, ...]
    exact: F64
    biases: F64
    vectors: csr_array
    gram: F64
    offsets: F64

    @classmethod
    def of(cls, base: Model, examples: Sequence[Example]) -> _Task:
        """Read the examples with the base."""
        vectors = base_vectors(base.weights, [example.text for example in examples])
        exact, biases = exact_rows(base.weights), base.weights.columns[1].astype(np.float64)
        heads, exact, biases = _grown(base, examples, vectors, exact, biases)
        gram = np.asarray((vectors @ vectors.T).todense(), np.float64) + _BIAS
        offsets = np.asarray(vectors @ exact + biases)
        return cls(base, examples, heads, exact, biases, vectors, gram, offsets)

    def choose_penalties(self, fold: Places, progress: Progress) -> Penalties:
        """For each head the penalty of least surprise on examples of other folds."""
        chosen = {}
        for number, head in enumerate(self.heads, 1):
            chosen[head.name] = self._best_penalty(head, fold)
            progress("试验", number, len(self.heads))
        return chosen

    def _best_penalty(self, head: Head, fold: Places) -> float | None:
        told, possible = _possible(head, self.examples)
        told, possible = told[:_TRIED_ON], possible[:_TRIED_ON]
        if len(np.unique(possible, axis=0)) < 2:
            return None
        best, least = None, self._surprise(self._sides(head)[told], told, possible)
        for penalty in PENALTIES:
            scores = self._cross_scores(head, told, possible, fold[told], penalty)
            surprise = self._surprise(scores, told, possible)
            if surprise < least:
                best, least = penalty, surprise
        return best

    def _surprise(self, scores: F64, told: Places, possible: Flags) -> float:
        trust = self._trust(told)
        shares = _log_shares(scores, possible)
        return -float((trust * shares).sum() / trust.sum())

    def _trust(self, told: Places) -> F64:
        return np.array([self.examples[place].trust for place in told.tolist()])

    def _sides(self, head: Head) -> F64:
        """The base's scores of a head's labels; of a yes-or-no head, of yes and of no."""
        own = self.offsets[:, head.columns]
        return np.hstack([own, np.zeros_like(own)]) if head.is_yes_or_no else own

    def _cross_scores(
        self, head: Head, told: Places, possible: Flags, fold: Places, penalty: float
    ) -> F64:
        """Scores of the told examples by fits without their own fold, shape (told, sides)."""
        found = self._sides(head)[told]
        for number in np.unique(fold):
            inside, others = told[fold == number], fold != number
            coefficients = self._fit(head, told[others], possible[others], penalty)
            found[fold == number] += self.gram[np.ix_(inside, told[others])] @ coefficients
        return found

    def _fit(self, head: Head, told: Places, possible: Flags, penalty: float) -> F64:
        gram = self.gram[np.ix_(told, told)]
        offsets = self._sides(head)[told]
        wanted = np.exp(log_softmax(np.where(possible, offsets, -np.inf), axis=1))
        return fit_kernel_logistic(gram, offsets, wanted, self._trust(told), penalty)

    def fit_weights(self, penalties: Penalties) -> tuple[F64, F64]:
        """The base's exact rows and biases, with what the examples add."""
        exact, biases = self.exact.copy(), self.biases.copy()
        for head in self.heads:
            penalty = penalties.get(head.name)
            if penalty is None:
                continue
            told, possible = _possible(head, self.examples)
            added = _columns(head, self._fit(head, told, possible, penalty))
            exact[:, head.columns] += self.vectors[told].T @ added
            biases[head.columns] += _BIAS * added.sum(axis=0)
        return exact, biases

    def lines_kept(self) -> Mapping[str, tuple[float, float]]:
        """The base's lines, by question."""
        lines = {head.name: (head.slope, head.offset) for head in self.heads}
        slope, offset = self.base.file.header["first_level"]
        return lines | {TOPIC_L1: (slope, offset)}

    def cross_answers(self, fold: Places, penalties: Penalties) -> Answers:
        """What fits without its own fold say of each whole example, not yet straightened."""
        scores = self.offsets.copy()
        for head in self.heads:
            penalty = penalties.get(head.name)
            if penalty is None or head.is_yes_or_no:
                continue
            told, possible = _possible(head, self.examples)
            found = self._cross_scores(head, told, possible, fold[told], penalty)
            scores[np.ix_(told, np.arange(head.columns.start, head.columns.stop))] = found
        whole = [place for place, example in enumerate(self.examples) if example.is_whole]
        examples = [self.examples[place] for place in whole]
        return answer(scores[whole], self.heads, self.base.taxonomy, examples)


def _grown(
    base: Model, examples: Sequence[Example], vectors: csr_array, exact: F64, biases: F64
) -> tuple[tuple[Head, ...], F64, F64]:
    """The base's heads, rows and biases, with a column for each department new to it.

    A new label starts with the score that gives it its share of the examples.
    """
    heads: list[Head] = []
    rows, starts = [], []
    for head in base.heads.values():
        added = _new_labels(head, examples) if head.name == DEPARTMENT else {}
        first = sum(len(known.labels) for known in heads)
        heads.append(replace(head, labels=(*head.labels, *added), first=first))
        own = exact[:, head.columns]
        usual = logsumexp(vectors @ own + biases[head.columns], axis=1).mean()
        shares = np.array(list(added.values()), np.float64) / len(examples)
        rows += [own, np.zeros((len(exact), len(added)))]
        starts += [biases[head.columns], usual + np.log(shares)]
    return tuple(heads), np.hstack(rows), np.concatenate(starts)


def _new_labels(head: Head, examples: Sequence[Example]) -> dict[str, int]:
    """Labels that a head lacks and at least two examples have, with how many have them."""
    given = [label for each in examples if (label := each.labels.get(head.name)) is not None]
    counts = {label: given.count(label) for label in sorted(set(given) - set(head.labels))}
    return {label: count for label, count in counts.items() if count >= _FEWEST_OF_LABEL}


def _possible(head: Head, examples: Sequence[Example]) -> tuple[Places, Flags]:
    """The places of the examples that tell something of a head, and which sides each can be on.

    That is one side where the label is known, all but some where these are ruled out; the flags
    have shape (places, sides).
    """
    side_count = 2 if head.is_yes_or_no else len(head.labels)
    told, possible = [], []
    for place, example in enumerate(examples):
        flags = _possible_sides(head, example)
        if any(flags) and not all(flags):
            told.append(place)
            possible.append(flags)
    return np.array(told, np.intp), np.array(possible, np.bool_).reshape(-1, side_count)


def _possible_sides(head: Head, example: Example) -> list[bool]:
    label = example.labels.get(head.name)
    if label is None:
        ruled_out = example.ruled_out.get(head.name, frozenset())
        return [] if head.is_yes_or_no else [known not in ruled_out for known in head.labels]
    if head.is_yes_or_no:  # whatever is not yes is no
        return [label == head.labels[0], label != head.labels[0]]
    return [label == known for known in head.labels]


def _log_shares(scores: F64, possible: Flags) -> F64:
    """The logarithm of the share of what is possible, by scores of shape (places, sides)."""
    shares = np.where(possible, log_softmax(scores, axis=1), -np.inf)
    return np.asarray(logsumexp(shares, axis=1))


def _columns(head: Head, coefficients: F64) -> F64:
    """Coefficients of a head's sides as those of its columns."""
    return coefficients[:, :1] - coefficients[:, 1:] if head.is_yes_or_no else coefficients


def _as_file(
    base: Model,
    task: _Task,
    penalties: Penalties,
    lines: Mapping[str, tuple[float, float]],
    tried: Mapping[str, Any],
) -> ModelFile:
    """The base's file with other weights, and with what was measured of these (``tried``).

    Figures, curves and class limits of the base are left out: they are not this one's, and a
    precision that an administrator states is promised by them. The limits that hold where none is
    stated stay as they are. They were found on messages as they come in; lessons are those that
    waited for a person, the harder ones, and where none is near the base's scores stay the same.
    """
    weights = with_columns(base.weights, *task.fit_weights(penalties))
    heads = [
        replace(head, slope=lines[head.name][0], offset=lines[head.name][1]) for head in task.heads
    ]
    kept = {name: value for name, value in base.file.header.items() if name not in _MEASURED}
    header: dict[str, Any] = {
        **kept,
        **tried,
        "heads": heads_as_json(heads),
        "first_level": list(lines[TOPIC_L1]),
        "learned": {"base": base.version, "lessons": len(task.examples)},
    }
    before = base.file.sections
    known = known_texts((example.text for example in task.examples), before)
    return ModelFile(header, {**before, **write_weights(weights), **known}, "")
