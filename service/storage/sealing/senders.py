"""Senders, sealed: found again by a keyed digest, read only with the installation's keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy import Connection, bindparam, delete, select, update

from service.domain.message import SenderDetails
from service.storage.rows import chunks, insert_rows
from service.storage.sealing.sealer import DerivedKeys, Sealer
from service.storage.tables import message, sender


@dataclass(frozen=True, slots=True)
class FoundSenders:
    """Ids of senders, those of them that were known before, and of these by an older key only.

    ``digests`` are those that they are stored under, by id.
    """

    ids: Mapping[SenderDetails, int]
    digests: Mapping[int, bytes]
    known: frozenset[int]
    outdated: frozenset[int]


def find_or_add_senders(
    connection: Connection, sealer: Sealer, people: Iterable[SenderDetails]
) -> FoundSenders:
    """Find senders by their digests under any key; those not known yet are added.

    Anonymous ones are left out. Call it only while holding the intake lock.
    """
    asked = dict.fromkeys(each for each in people if not each.is_anonymous)
    keys = sealer.readable
    digests = {each: [key.digest(each) for key in keys] for each in asked}
    known = _ids(connection, list(dict.fromkeys(chain.from_iterable(digests.values()))))
    new = {own[0]: each for each, own in digests.items() if known.keys().isdisjoint(own)}
    if new:
        rows = [{"digest": own, **_sealed(keys[0], each)} for own, each in new.items()]
        insert_rows(connection, sender, rows)
    there = known | _ids(connection, list(new))
    stored = {each: next(one for one in own if one in there) for each, own in digests.items()}
    ids = {each: there[one] for each, one in stored.items()}
    outdated = (ids[each] for each, own in digests.items() if own[0] not in there)
    by_id = {there[one]: one for one in stored.values()}
    return FoundSenders(ids, by_id, frozenset(known.values()), frozenset(outdated))


def _sealed(key: DerivedKeys, details: SenderDetails) -> dict[str, bytes | None]:
    return {"sealed": key.seal(details), "email": key.seal_email(details)}


_IDS = select(sender.c.digest, sender.c.id).where(
    sender.c.digest.in_(bindparam("asked", expanding=True))
)


def _ids(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for part in chunks(digests):
        rows = connection.execute(_IDS, {"asked": part})
        found.update({bytes(digest): identity for digest, identity in rows})
    return found


def read_senders(
    connection: Connection, sealer: Sealer, ids: Sequence[int]
) -> dict[int, SenderDetails]:
    """Who these senders are, by id."""
    found: dict[int, SenderDetails] = {}
    for part in chunks(list(ids)):
        columns = sender.c.id, sender.c.sealed, sender.c.email
        for row in connection.execute(select(*columns).where(sender.c.id.in_(part))):
            email = sealer.open_email(row.email)
            found[row.id] = replace(sealer.open(bytes(row.sealed)), email=email)
    return found


def read_digests_of(connection: Connection, message_ids: Sequence[int]) -> dict[int, bytes]:
    """By which the senders of these messages are found now, by message; none of anonymous ones."""
    query = select(message.c.id, sender.c.digest).join(sender, sender.c.id == message.c.sender_id)
    return {
        message_id: bytes(digest)
        for part in chunks(message_ids)
        for message_id, digest in connection.execute(query.where(message.c.id.in_(part)))
    }


def reseal_senders(connection: Connection, sealer: Sealer, ids: Sequence[int]) -> dict[int, bytes]:
    """Seal senders with the current key, and let them be found by it.

    Where two keys at once made two of one person, they become one. Call it only while holding
    the intake lock.

    Returns
    -------
    dict of int to bytes
        The digests that they have now, by id.
    """
    key = sealer.current
    people = read_senders(connection, sealer, ids)
    digests = {identity: key.digest(details) for identity, details in people.items()}
    there = _ids(connection, list(digests.values()))
    resealed: dict[int, bytes] = {}
    for identity, digest in digests.items():
        kept = there.setdefault(digest, identity)
        if kept != identity:
            own = message.c.sender_id == identity
            connection.execute(update(message).where(own).values(sender_id=kept))
            connection.execute(delete(sender).where(sender.c.id == identity))
        anew = {"digest": digest, **_sealed(key, people[identity])}
        connection.execute(update(sender).where(sender.c.id == kept).values(anew))
        resealed[kept] = digest
    return resealed


def check_seal(connection: Connection, sealer: Sealer) -> None:
    """Let the installation's key pass if it opens what is stored, or nothing is stored yet.

    Raises
    ------
    SettingsError
        The senders stored were sealed with another key: sealing more with this one would make
        both unreadable together.
    """
    sealed = connection.execute(select(sender.c.sealed).limit(1)).scalar()
    if sealed is not None:
        sealer.open(bytes(sealed))
