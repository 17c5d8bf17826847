"""Which precision is wanted before something goes out without a look, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.kind import Kind
from service.domain.review_policy import QUESTIONS_ZH, ReviewPolicy
from service.errors import InvalidInputError
from service.storage.learning.corrections import Checked, Judged, read_checked, read_newest_judged
from service.storage.organisation.provisions import insert_review_policy, read_review_policy
from service.storage.rows import take_provision_lock
from service.triage.thresholds import Coverage, untold
from service.usecases.context import Context

FEWEST_CORRECTIONS = 200
LOOKED_AT = 5_000
LOWEST, HIGHEST = 0.5, 0.999


@dataclass(frozen=True, slots=True)
class Measured:
    """Of ``count`` messages ``passed`` would go out, ``wrong`` of them with a wrong label."""

    count: int
    passed: int
    wrong: int

    @property
    def share(self) -> float:
        """The share that passes (0–1)."""
        return self.passed / self.count if self.count else 0.0

    @property
    def error(self) -> float | None:
        """The share of what passes that is wrong (0–1); None where nothing passes."""
        return self.wrong / self.passed if self.passed else None


@dataclass(frozen=True, slots=True)
class Cost:
    """What one precision costs on one question.

    ``share`` (0–1) passes on the messages that the model file was measured on, ``error`` of it
    is wrong; both None where the file does not tell or no limit keeps the precision. ``here`` is
    the same for what people of this county decided; None below ``FEWEST_CORRECTIONS``.
    """

    question: str
    precision: float
    share: float | None
    error: float | None
    here: Measured | None

    @property
    def question_zh(self) -> str:
        """The question's name."""
        return QUESTIONS_ZH[self.question]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The policy in force, and what choices would cost.

    ``untried`` are the questions that something is asked of and the model file tells nothing of.
    ``costs`` has one entry for each question and precision asked about; ``correction_count`` is
    how many messages people of this county decided on; ``passing`` the share (0–1) of
    ``looked_at`` messages judged last that would meet the policy on every question at once,
    None where no policy is stated or there is nothing to look at.
    """

    policy: ReviewPolicy
    is_told: bool
    untried: tuple[str, ...]
    costs: tuple[Cost, ...]
    correction_count: int
    passing: float | None
    looked_at: int


def show_thresholds(context: Context, precisions: Sequence[float]) -> Thresholds:
    """What each of these precisions would cost, for each question.

    Raises
    ------
    InvalidInputError
        A precision out of bounds.
    """
    for precision in precisions:
        check_precision(precision)
    coverage = context.triage.coverage
    with context.database.reading() as connection:
        policy = read_review_policy(connection)
        checked = read_checked(connection)
        judged = read_newest_judged(connection, LOOKED_AT)
    return Thresholds(
        policy=policy,
        is_told=any(coverage.tells(question) for question in QUESTIONS_ZH),
        untried=untold(policy, coverage),
        costs=tuple(
            _cost(coverage, checked, question, precision)
            for question in QUESTIONS_ZH
            for precision in precisions
        ),
        correction_count=len(checked),
        passing=_passing(coverage, policy, judged),
        looked_at=len(judged),
    )


def _cost(coverage: Coverage, checked: Sequence[Checked], question: str, precision: float) -> Cost:
    point = coverage.at(question, precision)
    is_enough = len(checked) >= FEWEST_CORRECTIONS and coverage.tells(question)
    return Cost(
        question=question,
        precision=precision,
        share=point.share if point else None,
        error=1.0 - point.precision if point else None,
        here=_measure(coverage, checked, question, precision) if is_enough else None,
    )


def _measure(
    coverage: Coverage, checked: Sequence[Checked], question: str, precision: float
) -> Measured:
    passed = [one for one in checked if _passes(coverage, one, question, precision)]
    wrong = sum(one.verdicts[question].label != one.labels[question] for one in passed)
    return Measured(len(checked), len(passed), wrong)


def _passes(coverage: Coverage, one: Judged, question: str, precision: float) -> bool:
    verdict = one.verdicts[question]
    label = Kind(verdict.label).label_zh if question == "kind" else verdict.label
    return verdict.probability >= coverage.limit(question, label, precision)


def _passing(coverage: Coverage, policy: ReviewPolicy, judged: Sequence[Judged]) -> float | None:
    wanted: Mapping[str, float] = policy.wanted
    if not wanted or not judged:
        return None
    passed = sum(
        all(_passes(coverage, one, question, p) for question, p in wanted.items()) for one in judged
    )
    return passed / len(judged)


def check_precision(precision: float) -> None:
    """Let a precision pass that can be asked for.

    Raises
    ------
    InvalidInputError
        It is not in 0.5–0.999.
    """
    if not LOWEST <= precision <= HIGHEST:
        raise InvalidInputError(f"准确率应在 {LOWEST:.0%} 与 {HIGHEST:.1%} 之间")


def save_policy(context: Context, policy: ReviewPolicy, actor: str) -> None:
    """Put a policy in force for what comes in from now on; the one before is kept.

    Raises
    ------
    InvalidInputError
        A precision out of bounds, or the model file does not tell what it would take.
    """
    for question, precision in policy.wanted.items():
        check_precision(precision)
        if not context.triage.coverage.tells(question):
            raise InvalidInputError("现用的模型文件没有把握与准确率的对照，只能沿用随附的界限")
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        insert_review_policy(connection, policy, context.now(), actor)
