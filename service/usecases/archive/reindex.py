"""Reindex: matters whose profiles are of an older format get new ones from their messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from classifier.matching.profile import FORMAT, PROFILE
from service.storage.database import Connection
from service.storage.matching.exemplars import (
    Exemplar,
    Form,
    delete_outdated,
    find_outdated,
    find_voices,
    insert_exemplars,
    read_exemplars_of,
)
from service.storage.rows import take_intake_lock
from service.triage.exemplar_index import EXEMPLARS
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.matching.known_senders import numbered_as_stored
from service.usecases.matching.postings import insert_postings_of
from service.usecases.matching.understand_stored import parts_of_archive, understand_stored

BATCH = 500
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
    done = 0
    for outdated in parts_of_archive(context, _next_outdated):
        _renew(context, outdated)
        done += len(outdated)
        progress(done)
    return done


def _next_outdated(connection: Connection, after: int) -> list[int]:
    return find_outdated(connection, _FORM, after, BATCH)


def _renew(context: Context, matter_ids: Sequence[int]) -> None:
    with context.database.reading() as connection:
        voices = find_voices(connection, matter_ids, EXEMPLARS)
    understood = understand_stored(context, sorted(chain.from_iterable(voices.values())))
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        # Some may have gone to another matter in the meantime, and stand for it there.
        voices = find_voices(connection, matter_ids, EXEMPLARS)
        understood = numbered_as_stored(connection, understood)
        delete_outdated(connection, _FORM, matter_ids)
        # What joined in the meantime stands for its matter already.
        standing = read_exemplars_of(connection, matter_ids)
        there = {each.message_id for each in standing}
        count = Counter(each.matter_id for each in standing)
        made: list[Exemplar] = []
        for matter_id, message_ids in voices.items():
            new = [each for each in message_ids if each in understood and each not in there]
            made += _exemplars(matter_id, new[: EXEMPLARS - count[matter_id]], understood)
        insert_exemplars(connection, made)
        insert_postings_of(connection, made, understood)


def _exemplars(
    matter_id: int, message_ids: Sequence[int], understood: Mapping[int, Understood]
) -> Iterator[Exemplar]:
    for message_id in message_ids:
        profile = understood[message_id].profile
        if profile is not None:
            yield Exemplar(message_id, matter_id, profile.tobytes())
