"""Exemplars in memory: the messages that stand for their matters, found by keys."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

from classifier.matching.heaviest import Ids, Part, Parts, Share, heaviest, rarest
from classifier.matching.lookup_keys import STANDING
from classifier.matching.profile import Records, as_records

CANDIDATES = 48
EXEMPLARS = 6
MOST_POSTINGS = 2_000  # counted for one message

Keys = Sequence[tuple[int, float]]


def standing(message_id: int, keys: Keys) -> tuple[int, list[int]]:
    """The message's id, and those of these keys under which it can be found."""
    return message_id, [key for key, _ in keys[:STANDING]]


class ExemplarIndex:
    """The part of all exemplars that some messages can meet: stored ones and new ones.

    A matter costs the same however many messages it holds, for at most ``EXEMPLARS`` stand for
    it; and a word costs no more for being said by a tenth of all messages, for at most
    ``MOST_POSTINGS`` of the stored and of the new ones are counted, those of the rarest keys.
    """

    def __init__(self, count_stored: Callable[[int], int] = lambda matter_id: 0) -> None:
        """``count_stored`` tells how many exemplars of a matter are stored, kept here or not."""
        self._count_stored = count_stored
        self._total: dict[int, int] = {}
        self._stored: dict[int, Parts] = {}
        self._remembered: dict[int, list[Ids]] = {}
        self._remembered_total: dict[int, int] = {}
        self._exemplars: dict[int, tuple[int, int, bytes]] = {}
        self._matters: set[int] = set()
        self._count_of: dict[int, int] = {}
        self._counted: dict[Keys, Keys] = {}
        self._found: dict[tuple[Keys, int], list[Share]] = {}

    def add_postings(self, key: int, total: int, message_ids: Parts) -> None:
        """Keep the exemplars under a key: how many there are, and the newest or all of them."""
        if self._total.get(key) != total:
            self._total[key] = total
            self._counted.clear()
        self._stored[key] = message_ids
        self._found.clear()

    def add(self, exemplars: Iterable[tuple[int, int, bytes]]) -> None:
        """Keep exemplars: the message's id, its matter's, and its profile as it is stored."""
        for one in exemplars:
            self._exemplars[one[0]] = one
            self._matters.add(one[1])

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
        self.add([(message_id, matter_id, profile.tobytes())])
        for key, _ in keys[:STANDING]:
            if key in self._remembered:
                self._remembered[key][0].append(message_id)
                self._remembered_total[key] += 1
            else:
                self._remembered[key] = [array("q", (message_id,))]
                self._remembered_total[key] = 1

    def rarest_stored(self, keys: Keys) -> Keys:
        """The keys whose stored exemplars are counted, all of them: as many as there is room for.

        What everybody writes tells nothing, and what is too common to count comes last.
        """
        asked = tuple(keys)
        if asked not in self._counted:
            self._counted[asked] = rarest(asked, self._total, MOST_POSTINGS)
        return self._counted[asked]

    def candidates(self, keys: Keys, most: int = CANDIDATES) -> list[int]:
        """Ids of the messages that share the most weight of keys, best first, then oldest.

        Where every key is too common, the newest of each are looked at.
        """
        shares = self._stored_shares(keys, most) + self._remembered_shares(keys, most)
        return [message_id for _, message_id in sorted(shares)[:most]]

    def stored_candidates(self, keys: Keys, most: int = CANDIDATES) -> list[int]:
        """Those of them that are stored and not remembered only: whose profiles to load."""
        return [message_id for _, message_id in self._stored_shares(keys, most)]

    def _stored_shares(self, keys: Keys, most: int) -> list[Share]:
        # Whoever loads profiles asks first, whoever matches asks again for the same.
        asked = tuple(keys), most
        if asked not in self._found:
            counted = self.rarest_stored(keys)
            self._found[asked] = _heaviest(counted, keys, self._stored, most)
        return self._found[asked]

    def _remembered_shares(self, keys: Keys, most: int) -> list[Share]:
        counted = rarest(keys, self._remembered_total, MOST_POSTINGS)
        return _heaviest(counted, keys, self._remembered, most)

    def profiles_of(self, message_ids: Iterable[int]) -> tuple[list[int], Records]:
        """Those kept of these messages: for each its matter's id, and all profiles as one array."""
        found = list(filter(None, map(self._exemplars.get, message_ids)))
        profiles = as_records([profile for _, _, profile in found])
        return [matter_id for _, matter_id, _ in found], profiles


def _heaviest(counted: Keys, keys: Keys, under: Mapping[int, Parts], most: int) -> list[Share]:
    """The messages under the keys that are counted, none or some, that share the most weight.

    Where every key is too common these are the newest under each.
    """
    if counted:
        found = [under[key] for key, _ in counted]
    else:
        counted = [each for each in keys if each[0] in under]
        found = [list(map(_newest, under[key])) for key, _ in counted]
    return heaviest(found, [weight for _, weight in counted], most)


def _newest(part: Part) -> Part:
    """No more than can be counted of the ids in a part, the newest."""
    return part if isinstance(part, tuple) else part[-MOST_POSTINGS:]
