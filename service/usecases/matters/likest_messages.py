"""Which two messages show best whether two matters are one.

A matter may be suggested for what one of many voices says: the messages that opened both would
then show nothing of it.
"""

from __future__ import annotations

from classifier.matching.profile import as_records, is_current
from service.storage.database import Connection
from service.storage.matching.exemplars import Exemplar, read_exemplars_of
from service.usecases.context import Context


def likest_messages(context: Context, matter_id: int, other_id: int) -> tuple[int, int] | None:
    """The id of a message of each of two matters, the two most likely about the same thing.

    Of equals the oldest; None where there is no pair model or a matter has no message to compare.
    """
    model = context.triage.pair_model
    if model is None:
        return None
    with context.database.reading() as connection:
        own = _comparable(connection, matter_id)
        others = _comparable(connection, other_id)
    if not own or not others:
        return None
    profiles = as_records([each.profile for each in others])
    scored = [
        (score.same, one.message_id, other.message_id)
        for one in own
        for other, score in zip(
            others, model.score(as_records([one.profile])[0], profiles), strict=True
        )
    ]
    _, one_id, another_id = max(scored, key=lambda each: each[0])
    return one_id, another_id


def _comparable(connection: Connection, matter_id: int) -> list[Exemplar]:
    found = read_exemplars_of(connection, [matter_id])
    return [each for each in found if is_current(each.profile)]
