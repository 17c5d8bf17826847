"""The new and the risen words of a digest, from masked texts of its time and of before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from classifier.reading.reader import Reader
from classifier.text.ordinary import ordinary_words
from classifier.text.segment import Segmenter
from service.digest.facts import MessageFact
from service.digest.new_words import NewWord, Tokens, find_new_words
from service.digest.periods import Period
from service.digest.risen_words import RisenWord, find_risen_words
from service.digest.rising import is_counted
from service.storage.database import Connection
from service.storage.digests.facts.texts import read_told_texts
from service.triage.public_title import names_nobody
from service.usecases.context import Context

MOST_NOW, MOST_BEFORE = 1_000, 2_000  # texts that are read; of more, evenly drawn ones


def words_of(
    context: Context, connection: Connection, messages: Iterable[MessageFact], period: Period
) -> tuple[tuple[NewWord, ...], tuple[RisenWord, ...]]:
    """What is said in the period and was not in the periods before, and what is said more often.

    Of the facts' messages.
    """
    first, _ = period.window()
    counted = [one for one in messages if is_counted(one) and first <= one.sent_on]
    ids = sorted(one.id for one in counted if period.has(one.sent_on))
    earlier_ids = sorted(one.id for one in counted if one.sent_on < period.first_day)
    now = _tokens(context, connection, evenly(ids, MOST_NOW))
    before = _tokens(context, connection, evenly(earlier_ids, MOST_BEFORE))
    reader = context.triage.reader
    return (
        find_new_words(now, before, partial(may_tell, reader)),
        find_risen_words(now, before, lambda word: names_nobody(word, reader)),
    )


def may_tell(reader: Reader, word: str) -> bool:
    """Whether a word is no ordinary one and surely names nobody."""
    return not ordinary_words((word,)) and names_nobody(word, reader)


def evenly(ids: Sequence[int], most: int) -> list[int]:
    """At most so many of the ids, at even distances."""
    step = max(1, -(-len(ids) // most))
    return list(ids[::step])


def _tokens(context: Context, connection: Connection, ids: Sequence[int]) -> list[Tokens]:
    segmenter = context.triage.reader.segmenter
    return [tokens_of(segmenter, *row) for row in read_told_texts(connection, ids)]


def tokens_of(
    segmenter: Segmenter, message_id: int, sender_id: int | None, title: str, body: str
) -> Tokens:
    """The words of one masked text; an anonymous message is by a person of its own."""
    sender = -message_id if sender_id is None else sender_id
    return Tokens(message_id, sender, (*segmenter.cut(title), "\n", *segmenter.cut(body)))
