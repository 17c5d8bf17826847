"""Which studio should get a message, and who came next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.domain.organisation import Organisation, Studio
from service.triage import reasons
from service.triage.shares import Shares, load, origin, share_out
from service.triage.steps import Step
from service.triage.topics import UNKNOWN, Topics

RUNNERS_UP = 3


@dataclass(frozen=True, slots=True)
class StudioChoice:
    """The studio (None: a person must decide), the codes of those next, and why in Chinese."""

    studio: Studio | None
    runners_up: tuple[str, ...]
    because: tuple[str, ...]


class StudioChooser:
    """Chooses by steps and topics, between equals by workload."""

    def __init__(self, organisation: Organisation, topics: Topics) -> None:
        self._studios = organisation.studio_by_code
        self._topics = topics

    def choose(
        self,
        steps: Sequence[Step],
        mix: Mapping[str, float],
        workload: Mapping[str, int],
        wish: Studio | None,
    ) -> StudioChoice:
        """The studio of ``wish`` if there is one, else the one most probably meant.

        Parameters
        ----------
        steps
            In the order in which they may take a topic.
        mix
            The probability of each topic.
        workload
            Open matters by studio code.
        wish
            The studio asked for.
        """
        shares = share_out(steps, mix)
        ranked = self._ranked(shares.chances, workload)
        ordered = [*ranked, *self._ranked(shares.later, workload)]
        if wish is not None:
            return self._with_runners_up(wish, ordered, shares, ())
        if not ranked or shares.chances[ranked[0]] < shares.nobody:
            return self._with_runners_up(None, ordered, shares, _none_line(mix))
        studio = self._studios[ranked[0]]
        because = self._because(studio, steps, mix, shares, workload)
        return self._with_runners_up(studio, ordered, shares, because)

    def _ranked(self, chances: Mapping[str, float], workload: Mapping[str, int]) -> list[str]:
        rounded = {code: round(chance, 9) for code, chance in chances.items()}
        is_tie = len(set(rounded.values())) < len(rounded)

        def rank(code: str) -> tuple[float, float, str]:
            burden = load(self._studios[code], workload) if is_tie else 0.0
            return -rounded[code], burden, code

        return sorted(chances, key=rank)

    def _because(
        self,
        studio: Studio,
        steps: Sequence[Step],
        mix: Mapping[str, float],
        shares: Shares,
        workload: Mapping[str, int],
    ) -> tuple[str, ...]:
        topic, step = origin(studio.code, steps, mix)
        chance = shares.chances[studio.code]
        name = self._topics.name(topic) if topic else ""
        line = reasons.step_line(step, studio, name, chance)
        rivals = [
            self._studios[code].name
            for code, other in shares.chances.items()
            if code != studio.code and round(other, 9) == round(chance, 9)
        ]
        if not rivals:
            return (line,)
        return line, reasons.tie_line(studio, rivals, workload.get(studio.code, 0))

    def _with_runners_up(
        self,
        studio: Studio | None,
        ordered: Iterable[str],
        shares: Shares,
        because: tuple[str, ...],
    ) -> StudioChoice:
        chosen = studio.code if studio is not None else ""
        others = [code for code in dict.fromkeys(ordered) if code != chosen][:RUNNERS_UP]
        if others:
            scored = [(self._studios[code].name, shares.chances.get(code, 0.0)) for code in others]
            because = (*because, reasons.runners_up_line(scored))
        return StudioChoice(studio, tuple(others), because)


def _none_line(mix: Mapping[str, float]) -> tuple[str, ...]:
    return (reasons.NO_TOPIC if UNKNOWN in mix else reasons.NO_STUDIO,)
