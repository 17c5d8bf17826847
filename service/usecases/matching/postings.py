"""What exemplars are found by, read from the database and written to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

from classifier.matching.profile import as_records, is_current
from service.storage.database import Connection
from service.storage.matching.auxiliary import AuxiliaryIndex, delete_keys
from service.storage.matching.exemplars import (
    Exemplar,
    count_exemplars,
    delete_exemplars,
    read_exemplars,
)
from service.storage.matching.postings import (
    delete_postings,
    insert_postings,
    read_all_postings,
    read_newest_postings,
)
from service.triage.exemplar_index import ExemplarIndex, Keys, standing
from service.triage.pipeline import Triage, Understood


def load_postings(
    connection: Connection, auxiliary: AuxiliaryIndex, asked: Iterable[Keys]
) -> ExemplarIndex:
    """An index without profiles, in which each of the messages with these keys finds its like.

    Of every key the newest exemplars are read, and all of the keys that are rare enough.
    """
    asked = list(asked)
    index = ExemplarIndex(partial(count_exemplars, connection))
    keys = sorted({key for key, _ in chain(*asked)})
    recent = auxiliary.read(connection, keys)
    partly = set()
    for key, total, newest, older in read_newest_postings(connection, keys, recent):
        index.add_postings(key, total, newest)
        if older:
            partly.add(key)
    if partly:
        partly &= {key for keys in asked for key, _ in index.rarest_stored(keys)}
        for key, total, message_ids in read_all_postings(connection, sorted(partly), recent):
            index.add_postings(key, total, message_ids)
    return index


def insert_postings_of(
    connection: Connection, exemplars: Iterable[Exemplar], understood: Mapping[int, Understood]
) -> None:
    """Let exemplars be found by the keys of their messages, which were understood, by id."""
    insert_postings(
        connection,
        [standing(each.message_id, understood[each.message_id].keys) for each in exemplars],
    )


def forget_exemplars(connection: Connection, triage: Triage, message_ids: Sequence[int]) -> None:
    """Let messages stand for their matters no longer, and be found by nothing.

    By what each was found follows from its stored profile, whatever it says by now. Call it
    holding the intake lock.
    """
    for one in read_exemplars(connection, message_ids):
        profile = as_records([one.profile])[0] if is_current(one.profile) else None
        forget_keys(connection, one.message_id, triage.keys_of(profile))
    delete_exemplars(connection, message_ids)


def forget_keys(connection: Connection, message_id: int, keys: Keys) -> None:
    """Let a message be found under none of its keys, merged or not, nor under what waits."""
    delete_postings(connection, [key for key, _ in keys], message_id)
    delete_keys(connection, message_id)
