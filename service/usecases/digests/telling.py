"""Titles and quotes of a digest, from the masked texts of its messages."""

from __future__ import annotations

from service.digest.quotes import Text
from service.digest.report import Digest
from service.digest.voices import give_voice, wanted_texts
from service.storage.database import Connection
from service.storage.digests.facts.texts import read_told_texts
from service.triage.public_title import names_nobody
from service.usecases.context import Context


def tell(context: Context, connection: Connection, digest: Digest) -> Digest:
    """The digest with titles and quotes, none of which perhaps names a person."""
    texts = [
        Text(message_id, -message_id if sender_id is None else sender_id, title, body)
        for message_id, sender_id, title, body in read_told_texts(connection, wanted_texts(digest))
    ]
    reader = context.triage.reader
    return give_voice(digest, texts, lambda line: names_nobody(line, reader))
