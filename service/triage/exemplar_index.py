"""Exemplars in memory: the messages that stand for their matters, found by keys."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from classifier.profile import PROFILE, Records

CANDIDATES = 24
EXEMPLARS = 6

Keys = Sequence[tuple[int, float]]


class ExemplarIndex:
    """The part of all exemplars that some messages can meet.

    A matter costs the same however many messages it holds: at most ``EXEMPLARS`` stand for it.
    """

    def __init__(self) -> None:
        self._messages: defaultdict[int, list[int]] = defaultdict(list)
        self._exemplars: dict[int, tuple[int, Records]] = {}
        self._count_of: Counter[int] = Counter()

    def add_posting(self, key: int, message_id: int) -> None:
        """Let an exemplar be found under a key."""
        self._messages[key].append(message_id)

    def add(self, message_id: int, matter_id: int, profile: Records) -> None:
        """Keep the profile of an exemplar."""
        self._exemplars[message_id] = matter_id, profile

    def note_counts(self, counts: Mapping[int, int]) -> None:
        """How many exemplars matters have, by id, whether they are kept here or not."""
        self._count_of.update(counts)

    def has_room(self, matter_id: int) -> bool:
        """Whether another message may stand for a matter."""
        return self._count_of[matter_id] < EXEMPLARS

    def remember(self, message_id: int, matter_id: int, profile: Records, keys: Keys) -> None:
        """Let a message stand for its matter from now on."""
        self.add(message_id, matter_id, profile)
        self._count_of[matter_id] += 1
        for key, _ in keys:
            self.add_posting(key, message_id)

    def candidates(self, keys: Keys) -> list[int]:
        """Ids of the messages that share the most weight of keys, best first."""
        weights: defaultdict[int, float] = defaultdict(float)
        for key, weight in keys:
            for message_id in self._messages.get(key, ()):
                weights[message_id] += weight
        ranked = sorted(weights, key=lambda message_id: (-weights[message_id], message_id))
        return ranked[:CANDIDATES]

    def profiles_of(self, message_ids: Iterable[int]) -> tuple[list[int], Records]:
        """Those kept of these messages: for each its matter's id, and all profiles as one array."""
        found = [self._exemplars[each] for each in message_ids if each in self._exemplars]
        return [matter_id for matter_id, _ in found], np.array([p for _, p in found], PROFILE)
