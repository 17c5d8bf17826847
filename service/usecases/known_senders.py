"""Known senders, brought forward to the current key: sealed, found and matched by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.profile import PROFILE, is_current
from service.storage.database import Connection
from service.storage.exemplars import Exemplar, change_profiles, read_exemplars_from
from service.storage.sealer import Sealer
from service.storage.senders import reseal_senders

NUMBER_BYTES = 8
_PLACE: int = np.dtype(PROFILE).fields["sender"][1]  # type: ignore[index]


def number_of(digest: bytes) -> int:
    """The number that stands in profiles for the sender of a digest."""
    return int.from_bytes(digest[:NUMBER_BYTES])


def bring_forward(connection: Connection, sealer: Sealer, sender_ids: Sequence[int]) -> None:
    """Reseal senders, and renumber them in the profiles that later messages are compared with.

    Both in one transaction: a message of theirs is likened to their former ones before and after.
    Call it only while holding the intake lock.
    """
    digests = reseal_senders(connection, sealer, sender_ids)
    changed = [
        _renumbered(each, number_of(digests[sender_id]))
        for sender_id, each in read_exemplars_from(connection, list(digests))
        if is_current(each.profile)
    ]
    change_profiles(connection, changed)


def _renumbered(one: Exemplar, number: int) -> Exemplar:
    told = number.to_bytes(NUMBER_BYTES, "little")
    profile = one.profile[:_PLACE] + told + one.profile[_PLACE + NUMBER_BYTES :]
    return one._replace(profile=profile)
