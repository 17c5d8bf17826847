"""Rematch: profiles, keys and joins made anew with the pair model in force."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from service.errors import PairModelUnavailableError
from service.storage.archive.archive import count_matters, find_free, find_matters
from service.storage.database import Connection
from service.storage.matching.exemplars import (
    Exemplar,
    delete_exemplars,
    find_voices,
    insert_exemplars,
    read_exemplars_of,
)
from service.storage.matters.matters import find_matters_of
from service.storage.rows import take_intake_lock
from service.triage.exemplar_index import EXEMPLARS
from service.triage.pipeline import Understood
from service.usecases.archive.complete import complete_part
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.matching.crew import Crew
from service.usecases.matching.known_senders import numbered_as_stored
from service.usecases.matching.postings import insert_postings_of
from service.usecases.matching.understand_stored import parts_of_archive, understand_parts

BATCH = 100


@dataclass(slots=True)
class Rematched:
    """Matters gone through, of ``total``; those whose only message joined another."""

    total: int
    matter_count: int = 0
    joined_count: int = 0


def rematch(
    context: Context, crew: Crew, progress: Callable[[Rematched], None] = lambda done: None
) -> Rematched:
    """Make anew what matters are found by, and match what nobody has looked at.

    All matters get new profiles and keys. One that waits in review with one message, and on
    which no person has acted, is matched as if the message came in now: it joins another or
    stays. Everything else keeps its messages. It can be stopped at any time; begun again it
    goes through all matters.

    Parameters
    ----------
    crew
        Understands the messages; the result is the same to the byte whoever does.
    progress
        Is told after each part.

    Raises
    ------
    PairModelUnavailableError
        There is no pair model to match with.
    WorkersUnavailableError
        The crew was lost; what was matched before is kept.
    """
    if context.triage.pair_model is None:
        raise PairModelUnavailableError()
    with context.database.reading() as connection:
        done = Rematched(count_matters(connection))
    matters = _Matters(context)
    for understood in understand_parts(context, crew, matters):
        _renew(context, matters.oldest(), understood, done)
        progress(done)
    return done


class _Matters:
    """The messages that may stand for matters, part by part, and the matters they belong to."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._out: deque[Sequence[int]] = deque()

    def __iter__(self) -> Iterator[Sequence[int]]:
        for matter_ids in parts_of_archive(self._context, _next_matters):
            self._out.append(matter_ids)
            with self._context.database.reading() as connection:
                voices = find_voices(connection, matter_ids, EXEMPLARS)
            yield sorted(chain.from_iterable(voices.values()))

    def oldest(self) -> Sequence[int]:
        """The matters of the oldest part that nobody asked for yet."""
        return self._out.popleft()


def _next_matters(connection: Connection, after: int) -> list[int]:
    return find_matters(connection, after, BATCH)


def _renew(
    context: Context,
    matter_ids: Sequence[int],
    understood: Mapping[int, Understood],
    done: Rematched,
) -> None:
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        context = with_organisation(context, connection)
        understood = numbered_as_stored(connection, understood)
        free = find_free(connection, matter_ids)
        _renew_exemplars(connection, [one for one in matter_ids if one not in free], understood)
        # Without an exemplar a message waits to be matched.
        delete_exemplars(connection, list(free.values()))
        waiting = {key: understood[key] for key in free.values() if key in understood}
        complete_part(context, connection, waiting, only_moves=True)
        placed = find_matters_of(connection, list(waiting))
    stayed = sum(placed[message][0] == matter for matter, message in free.items())
    done.matter_count += len(matter_ids)
    done.joined_count += len(free) - stayed


def _renew_exemplars(
    connection: Connection, matter_ids: Sequence[int], understood: Mapping[int, Understood]
) -> None:
    stored = {each.message_id: each for each in read_exemplars_of(connection, matter_ids)}
    made = _exemplars(connection, matter_ids, understood)
    new = [each for each in made if stored.get(each.message_id) != each]
    delete_exemplars(connection, [each.message_id for each in new])
    insert_exemplars(connection, new)
    insert_postings_of(connection, made, understood)


def _exemplars(
    connection: Connection, matter_ids: Sequence[int], understood: Mapping[int, Understood]
) -> list[Exemplar]:
    """Those that stand for the matters now, as far as they were understood."""
    voices = find_voices(connection, matter_ids, EXEMPLARS)
    return [
        Exemplar(message_id, matter_id, message.profile.tobytes())
        for matter_id, message_ids in voices.items()
        for message_id in message_ids
        if (message := understood.get(message_id)) is not None and message.profile is not None
    ]
