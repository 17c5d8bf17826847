"""The exemplars that messages can meet, read from the database."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import chain

from service.storage.database import Connection
from service.storage.exemplars import count_exemplars
from service.storage.postings import read_all_postings, read_newest_postings
from service.triage.exemplar_index import ExemplarIndex, Keys


def load_postings(connection: Connection, asked: Iterable[Keys]) -> ExemplarIndex:
    """An index without profiles, in which each of the messages with these keys finds its like.

    Of every key the newest exemplars are read, and all of the keys that are rare enough.
    """
    asked = list(asked)
    index = ExemplarIndex(partial(count_exemplars, connection))
    newest = read_newest_postings(connection, sorted({key for key, _ in chain(*asked)}))
    for key, (total, message_ids) in newest.items():
        index.add_postings(key, total, message_ids)
    counted = {key for keys in asked for key, _ in index.rarest_stored(keys)}
    partly = sorted(key for key in counted if newest[key].total > len(newest[key].message_ids))
    for key, (total, message_ids) in read_all_postings(connection, partly).items():
        index.add_postings(key, total, message_ids)
    return index
