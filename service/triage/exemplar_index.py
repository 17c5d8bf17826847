"""Exemplars in memory: the messages that stand for their matters, found by keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from classifier.lookup_keys import STANDING
from classifier.profile import PROFILE, Records

CANDIDATES = 48
EXEMPLARS = 6
MOST_POSTINGS = 2_000  # counted for one message

Keys = Sequence[tuple[int, float]]
Ids = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


def postings_of(message_id: int, keys: Keys) -> list[tuple[int, int]]:
    """The (key, message id) pairs under which a message with these keys can be found."""
    return [(key, message_id) for key, _ in keys[:STANDING]]


class ExemplarIndex:
    """The part of all exemplars that some messages can meet.

    A matter costs the same however many messages it holds, for at most ``EXEMPLARS`` stand for
    it; and a word costs no more for being said by a tenth of all messages, for at most
    ``MOST_POSTINGS`` are counted, those of the rarest keys.
    """

    def __init__(self, count_stored: Callable[[int], int] = lambda matter_id: 0) -> None:
        """``count_stored`` tells how many exemplars of a matter are stored, kept here or not."""
        self._count_stored = count_stored
        self._total: dict[int, int] = {}
        self._stored: dict[int, Ids] = {}
        self._remembered: defaultdict[int, list[int]] = defaultdict(list)
        self._exemplars: dict[int, tuple[int, bytes]] = {}
        self._matters: set[int] = set()
        self._count_of: dict[int, int] = {}
        self._found: dict[tuple[Keys, int], list[int]] = {}

    def add_postings(self, key: int, total: int, message_ids: Ids) -> None:
        """Keep the exemplars under a key: how many there are, and the newest or all of them."""
        self._total[key] = total
        self._stored[key] = message_ids
        self._found.clear()

    def add(self, message_id: int, matter_id: int, profile: bytes) -> None:
        """Keep the profile of an exemplar, as it is stored."""
        self._exemplars[message_id] = matter_id, profile
        self._matters.add(matter_id)

    def has_room(self, matter_id: int) -> bool:
        """Whether another message may stand for a matter."""
        return self._count(matter_id) < EXEMPLARS

    def _count(self, matter_id: int) -> int:
        # Only of few matters it matters how many there are, and only those are asked for.
        if matter_id not in self._count_of:
            is_stored = matter_id in self._matters
            self._count_of[matter_id] = self._count_stored(matter_id) if is_stored else 0
        return self._count_of[matter_id]

    def remember(self, message_id: int, matter_id: int, profile: Records, keys: Keys) -> None:
        """Let a message stand for its matter from now on."""
        self._count_of[matter_id] = self._count(matter_id) + 1
        self.add(message_id, matter_id, profile.tobytes())
        for key, _ in postings_of(message_id, keys):
            self._total[key] = self._total.get(key, 0) + 1
            self._remembered[key].append(message_id)
        self._found.clear()

    def rarest(self, keys: Keys) -> list[tuple[int, float]]:
        """The keys whose exemplars are counted, all of them: as many as there is room for.

        What everybody writes tells nothing, and what is too common to count comes last.
        """
        total, room, counted = self._total, MOST_POSTINGS, []
        for count, key, weight in sorted((total[k], k, w) for k, w in keys if k in total):
            room -= count
            if room < 0:
                break
            counted.append((key, weight))
        return counted

    def candidates(self, keys: Keys, most: int = CANDIDATES) -> list[int]:
        """Ids of the messages that share the most weight of keys, best first, then oldest.

        Where every key is too common, the newest of each are looked at.
        """
        # Whoever loads profiles asks first, whoever matches asks again: often for the same.
        asked = tuple(keys), most
        if asked not in self._found:
            self._found[asked] = self._rank(*asked)
        return self._found[asked]

    def _rank(self, keys: Keys, most: int) -> list[int]:
        known: list[Ids] = []
        weights: list[float] = []
        for key, weight in self.rarest(keys) or keys:
            for found in (self._stored.get(key), self._remembered.get(key)):
                if found is not None:
                    known.append(np.asarray(found, np.int64))
                    weights.append(weight)
        if not known:
            return []
        shares = np.repeat(weights, [len(each) for each in known])
        return _heaviest(*_summed(np.concatenate(known), shares), most)

    def profiles_of(self, message_ids: Iterable[int]) -> tuple[list[int], Records]:
        """Those kept of these messages: for each its matter's id, and all profiles as one array."""
        found = [self._exemplars[each] for each in message_ids if each in self._exemplars]
        profiles = np.frombuffer(b"".join(profile for _, profile in found), PROFILE)
        return [matter_id for matter_id, _ in found], profiles


def _summed(ids: Ids, shares: Shares) -> tuple[Ids, Shares]:
    """Distinct ids, ascending, and the sum of the shares of each."""
    order = np.argsort(ids, kind="stable")
    ascending = ids[order]
    is_first = np.ones(len(ids), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    return ascending[starts], np.add.reduceat(shares[order], starts)


def _heaviest(ids: Ids, shares: Shares, most: int) -> list[int]:
    """The ids with the greatest shares, and among equals the smallest."""
    if len(ids) > most:
        is_near = shares >= np.partition(shares, -most)[-most]
        ids, shares = ids[is_near], shares[is_near]
    found: list[int] = ids[np.lexsort((ids, -shares))[:most]].tolist()
    return found
