"""Reindex: matters whose profiles are of an older format get new ones from their messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from classifier.profile import FORMAT, PROFILE
from service.storage.database import Connection
from service.storage.exemplars import (
    Exemplar,
    Form,
    delete_outdated,
    find_outdated,
    find_voices,
    insert_exemplars,
    read_exemplars_of,
)
from service.storage.postings import insert_postings
from service.storage.rows import take_intake_lock
from service.triage.exemplar_index import EXEMPLARS, postings_of
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.understand_stored import understand_stored

BATCH = 100
_FORM = Form(PROFILE.itemsize, bytes([FORMAT]))


def reindex(context: Context, progress: Callable[[int], None] = lambda done: None) -> int:
    """Make all matters findable that an earlier version's profiles stand for.

    Which messages belong to which matter stays as it is. It can be stopped at any time and goes
    on where it was; other workers may take messages in meanwhile.

    Parameters
    ----------
    progress
        Is told after each batch how many matters are done.

    Returns
    -------
    int
        How many matters were outdated; 0 without a pair model, which profiles are made for.
    """
    if context.triage.pair_model is None:
        return 0
    done = last = 0
    while outdated := _find(context, last):
        _renew(context, outdated)
        done, last = done + len(outdated), outdated[-1]
        progress(done)
    return done


def _find(context: Context, after: int) -> list[int]:
    with context.database.reading() as connection:
        return find_outdated(connection, _FORM, after, BATCH)


def _renew(context: Context, matter_ids: Sequence[int]) -> None:
    with context.database.reading() as connection:
        voices = find_voices(connection, matter_ids, EXEMPLARS)
    understood = understand_stored(context, sorted(chain.from_iterable(voices.values())))
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        delete_outdated(connection, _FORM, matter_ids)
        # What joined in the meantime stands for its matter already.
        standing = read_exemplars_of(connection, matter_ids)
        there = {each.message_id for each in standing}
        count = Counter(each.matter_id for each in standing)
        for matter_id, message_ids in voices.items():
            new = [each for each in message_ids if each not in there]
            _insert(connection, matter_id, new[: EXEMPLARS - count[matter_id]], understood)


def _insert(
    connection: Connection,
    matter_id: int,
    message_ids: Sequence[int],
    understood: Mapping[int, Understood],
) -> None:
    for message_id in message_ids:
        message = understood[message_id]
        if message.profile is not None:
            made = Exemplar(message_id, matter_id, message.profile.tobytes())
            insert_exemplars(connection, [made])
            insert_postings(connection, postings_of(message_id, message.keys))
