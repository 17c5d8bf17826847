"""Topics as the router weighs them: second-level codes, and a message's share in each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from classifier.judging.taxonomy import Taxonomy
from service.domain.classification import Classification, Verdict

UNKNOWN = ""


class Depth(IntEnum):
    """How closely a written topic names a second-level one; a higher value goes first."""

    ANY = 0
    LEVEL_1 = 1
    LEVEL_2 = 2


class Topics:
    """Second-level topics by code, with ``UNKNOWN`` for a message whose topic nobody knows."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._below = {code: taxonomy.children(code) for code in taxonomy.codes(1)}
        self.codes = taxonomy.codes(2)
        self._known = frozenset(self.codes)

    def name(self, code: str) -> str:
        """The names of a second-level code, "level1/level2"."""
        return "/".join(self._taxonomy.path(code)) if code in self._known else "未知主题"

    def covered(self, written: Iterable[str]) -> dict[str, Depth]:
        """The second-level codes that written topics ("level1", "level1/level2") reach.

        Topics that the taxonomy doesn't know reach none.
        """
        depths: dict[str, Depth] = {}
        for topic in written:
            for code, depth in self._reached(topic):
                depths[code] = max(depth, depths.get(code, depth))
        return depths

    def _reached(self, topic: str) -> list[tuple[str, Depth]]:
        try:
            code = self._taxonomy.code(*topic.split("/")[:2])
        except KeyError:
            return []
        if code in self._known:
            return [(code, Depth.LEVEL_2)]
        return [(below, Depth.LEVEL_1) for below in self._below[code]]

    def siblings(self, code: str) -> tuple[str, ...]:
        """All second-level codes of the same level 1, the code's own among them."""
        return self._below.get(code[:2], ())

    def mix(self, classification: Classification | None) -> dict[str, float]:
        """The probability of each second-level topic a message may have, in the order judged.

        Where only level 1 is known its probability is spread evenly over its topics; only
        ``UNKNOWN`` where nothing is.
        """
        if classification is None:
            return {UNKNOWN: 1.0}
        mix: dict[str, float] = {}
        for label, probability in _labels(classification.topic):
            if (code := label[:4]) in self._known:
                mix[code] = mix.get(code, 0.0) + probability
        return mix or self._spread(classification.topic_l1) or {UNKNOWN: 1.0}

    def _spread(self, level_1: Verdict) -> dict[str, float]:
        return {
            code: probability / len(self._below[label[:2]])
            for label, probability in _labels(level_1)
            for code in self._below.get(label[:2], ())
        }


def _labels(verdict: Verdict) -> Iterable[tuple[str, float]]:
    pairs = ((verdict.label, verdict.probability), *verdict.alternatives)
    return (pair for pair in pairs if pair[1] > 0)
