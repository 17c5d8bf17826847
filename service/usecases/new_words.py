"""The new words of a digest, from the masked texts of its messages and of those before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from classifier.ordinary import ordinary_words
from service.digest.facts import MessageFact
from service.digest.new_words import NewWord, Tokens, find_new_words
from service.digest.periods import Period
from service.digest.rising import is_counted
from service.storage.database import Connection
from service.storage.facts.texts import read_told_texts
from service.triage.public_title import names_nobody
from service.usecases.context import Context

MOST_NOW, MOST_BEFORE = 1_000, 2_000  # texts that are read; of more, evenly drawn ones


def new_words_of(
    context: Context, connection: Connection, messages: Iterable[MessageFact], period: Period
) -> tuple[NewWord, ...]:
    """What is said in the period and was not in the periods before, of the facts' messages."""
    first, _ = period.window()
    counted = [one for one in messages if is_counted(one) and first <= one.sent_on]
    now = [one.id for one in counted if period.has(one.sent_on)]
    before = [one.id for one in counted if one.sent_on < period.first_day]
    reader = context.triage.reader
    return find_new_words(
        _tokens(context, connection, evenly(sorted(now), MOST_NOW)),
        _tokens(context, connection, evenly(sorted(before), MOST_BEFORE)),
        lambda word: not ordinary_words((word,)) and names_nobody(word, reader),
    )


def evenly(ids: Sequence[int], most: int) -> list[int]:
    """At most so many of the ids, at even distances."""
    step = max(1, -(-len(ids) // most))
    return list(ids[::step])


def _tokens(context: Context, connection: Connection, ids: Sequence[int]) -> list[Tokens]:
    cut = context.triage.reader.segmenter.cut
    return [
        Tokens(
            message_id,
            -message_id if sender_id is None else sender_id,
            (*cut(title), "\n", *cut(body)),
        )
        for message_id, sender_id, title, body in read_told_texts(connection, ids)
    ]
