"""What members do about a matter besides answering: consult, supervise, and the five steps."""

from __future__ import annotations

from collections.abc import Collection

from service.domain.labels import Labelled


class ConsultationKind(Labelled):
    """What was held. The value is also the kind of its event."""

    CONSULTATION = "consulted", "微协商"
    SUPERVISION = "supervised", "微监督"


class LoopStep(Labelled):
    """五步协商: the five steps that a matter can take, in their order."""

    SET = "set", "党政点题"
    ASKED = "asked", "群众出题"
    PROPOSED = "proposed", "委员荐题"
    CONSULTED = "consulted", "协商解题"
    ANSWERED = "answered", "政府答题"


_BEGINNINGS = frozenset({LoopStep.SET, LoopStep.ASKED, LoopStep.PROPOSED})
_NEXT = {
    LoopStep.CONSULTED: _BEGINNINGS,
    LoopStep.ANSWERED: frozenset({LoopStep.CONSULTED}),
}


def next_steps(taken: Collection[LoopStep]) -> tuple[LoopStep, ...]:
    """The steps that may follow those taken; a subject may be given by several, each once.

    Once it is being consulted on, nobody sets it any more.
    """
    is_open = not set(taken) & {LoopStep.CONSULTED, LoopStep.ANSWERED}
    beginnings = [step for step in LoopStep if step in _BEGINNINGS and step not in taken]
    later = [s for s, before in _NEXT.items() if s not in taken and before & set(taken)]
    return (*(beginnings if is_open else ()), *later)
