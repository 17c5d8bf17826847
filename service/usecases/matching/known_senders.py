"""Known senders, brought forward to the current key: sealed, found and matched by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from classifier.matching.profile import PROFILE, is_current
from service.domain.message import IncomingMessage
from service.storage.database import Connection
from service.storage.matching.exemplars import Exemplar, change_profiles, read_exemplars_from
from service.storage.sealing.sealer import Sealer
from service.storage.sealing.senders import read_digests_of, reseal_senders
from service.triage.pipeline import Understood

NUMBER_BYTES = 8
_PLACE: int = np.dtype(PROFILE).fields["sender"][1]  # type: ignore[index]


def number_of(digest: bytes) -> int:
    """The number that stands in profiles for the sender of a digest."""
    return int.from_bytes(digest[:NUMBER_BYTES])


def with_sender_numbers(
    sealer: Sealer, messages: Iterable[IncomingMessage]
) -> tuple[tuple[IncomingMessage, int], ...]:
    """Messages, each with its sender's number by the current key; 0 where nobody is known."""
    key = sealer.current
    return tuple(
        (one, 0 if one.sender.is_anonymous else number_of(key.digest(one.sender)))
        for one in messages
    )


def bring_forward(
    connection: Connection, sealer: Sealer, sender_ids: Sequence[int]
) -> dict[int, bytes]:
    """Reseal senders, and renumber them in the profiles that later messages are compared with.

    Both in one transaction: a message of theirs is likened to their former ones before and after.
    Call it only while holding the intake lock.

    Returns
    -------
    dict of int to bytes
        The digests that they have now, by id.
    """
    digests = reseal_senders(connection, sealer, sender_ids)
    changed = [
        _renumbered(each, number_of(digests[sender_id]))
        for sender_id, each in read_exemplars_from(connection, list(digests))
        if is_current(each.profile)
    ]
    change_profiles(connection, changed)
    return digests


def numbered(one: Understood, number: int) -> Understood:
    """What was understood of a message whose sender has this number."""
    if one.profile is None or int(one.profile["sender"]) == number:
        return one
    profile = one.profile.copy()
    profile["sender"] = number
    return replace(one, profile=profile)


def numbers_stored(connection: Connection, message_ids: Sequence[int]) -> dict[int, int]:
    """The numbers that the senders of stored messages have at this moment, by message.

    A rotation may have brought them forward since the messages were read, or may not have come to
    them yet: whoever writes what these are found by takes these. Hold the intake lock.
    """
    digests = read_digests_of(connection, message_ids)
    return {one: number_of(digests[one]) if one in digests else 0 for one in message_ids}


def numbered_as_stored(
    connection: Connection, understood: Mapping[int, Understood]
) -> dict[int, Understood]:
    """What was understood of stored messages, with their senders' numbers of this moment."""
    numbers = numbers_stored(connection, list(understood))
    return {key: numbered(one, numbers[key]) for key, one in understood.items()}


def _renumbered(one: Exemplar, number: int) -> Exemplar:
    told = number.to_bytes(NUMBER_BYTES, "little")
    profile = one.profile[:_PLACE] + told + one.profile[_PLACE + NUMBER_BYTES :]
    return one._replace(profile=profile)
