"""What exemplars are found by, read from the database and written to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain

from service.storage.database import Connection
from service.storage.matching.exemplars import Exemplar, count_exemplars
from service.storage.matching.postings import (
    NewestRows,
    insert_postings,
    read_all_postings,
    read_newest_postings,
)
from service.triage.exemplar_index import ExemplarIndex, Keys, postings_of
from service.triage.pipeline import Understood


def load_postings(
    connection: Connection, asked: Iterable[Keys], read: NewestRows | None = None
) -> ExemplarIndex:
    """An index without profiles, in which each of the messages with these keys finds its like.

    Of every key the newest exemplars are read, and all of the keys that are rare enough; ``read``
    notes the former.
    """
    asked = list(asked)
    index = ExemplarIndex(partial(count_exemplars, connection))
    keys = sorted({key for key, _ in chain(*asked)})
    newest = read_newest_postings(connection, keys, read)
    for key, (total, message_ids) in newest.items():
        index.add_postings(key, total, message_ids)
    counted = {key for keys in asked for key, _ in index.rarest_stored(keys)}
    partly = sorted(key for key in counted if newest[key].total > len(newest[key].message_ids))
    for key, (total, message_ids) in read_all_postings(connection, partly).items():
        index.add_postings(key, total, message_ids)
    return index


def insert_postings_of(
    connection: Connection, exemplars: Iterable[Exemplar], understood: Mapping[int, Understood]
) -> None:
    """Let exemplars be found by the keys of their messages, which were understood, by id."""
    insert_postings(
        connection,
        [
            posting
            for each in exemplars
            for posting in postings_of(each.message_id, understood[each.message_id].keys)
        ],
    )
