"""Index: messages that an earlier version stored become findable by their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classifier.text.search_terms import index_terms
from classifier.text.segment import Segmenter
from service.domain.document import Document, DocumentKind
from service.storage.messages.erasures import read_erasures
from service.storage.messages.messages import read_masked
from service.storage.rows import take_intake_lock
from service.storage.search.documents import find_indexed, find_unindexed, index_documents
from service.usecases.context import Context

BATCH = 500


def index_messages(context: Context, progress: Callable[[int], None] = lambda done: None) -> int:
    """Let all messages be found that were stored before there was full-text search.

    It can be stopped at any time and goes on where it was; other workers may take messages in
    meanwhile.

    Parameters
    ----------
    progress
        Is told after each batch how many messages are done.

    Returns
    -------
    int
        How many messages were made findable.
    """
    done = last = 0
    while ids := _find(context, last):
        done, last = done + _index(context, ids), ids[-1]
        progress(done)
    return done


def _find(context: Context, after: int) -> list[int]:
    with context.database.reading() as connection:
        return find_unindexed(connection, after, BATCH)


def _index(context: Context, ids: Sequence[int]) -> int:
    segmenter = context.triage.reader.segmenter
    with context.database.reading() as connection:
        rows = read_masked(connection, ids)
    documents = [document_of(segmenter, row) for row in rows]
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        # Others may have made them findable in the meantime, or erased them.
        done = find_indexed(connection, ids) | read_erasures(connection, ids).keys()
        new = [one for one in documents if one.item_id not in done]
        index_documents(connection, new)
    return len(new)


def document_of(segmenter: Segmenter, row: Any) -> Document:
    """A stored message as search finds it; the row has ``id``, ``sent_on`` and the masked words."""
    terms = index_terms(segmenter, row.masked_title, row.masked_text)
    return Document(DocumentKind.MESSAGE, row.id, row.id, row.sent_on, terms)
