"""删除: a citizen's message is erased by law. What is left tells only that there was one.

The row, number and receipt of the message stay, so that counts, other people's matters and the
histories hold; its words and its sender go from everywhere they stand, and the next model learns
nothing of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.erasure import (
    ERASED_ZH,
    MAX_ERASURE_REASON_CHARS,
    ErasureGround,
    redacted,
    redaction_mac,
)
from service.domain.history import NOTHING, RECUSED
from service.domain.matter import matter_title
from service.domain.receipt import LENGTH, read_receipt
from service.domain.relation import Relation
from service.errors import ErasedError, InvalidInputError, NotFoundError
from service.storage.casework.receipts import find_message
from service.storage.database import Connection
from service.storage.digests.kept_digests import find_quoting, withdraw_kept_digests
from service.storage.matching.exemplars import count_exemplars
from service.storage.matters.history import NewEvent, insert_events, read_events_of
from service.storage.matters.matters import change_matter, read_assigned
from service.storage.matters.route_proposals import delete_proposals
from service.storage.messages import erasures as store
from service.storage.rows import is_id, take_intake_lock
from service.storage.search.documents import forget_documents, merge_terms
from service.triage.pipeline import Understood
from service.usecases.casework.casework import SENDER
from service.usecases.context import Context
from service.usecases.matching.index_messages import document_of
from service.usecases.matching.known_senders import numbered_as_stored
from service.usecases.matching.postings import forget_exemplars, forget_keys
from service.usecases.matching.understand_stored import understand_stored
from service.usecases.matters.taking_out import let_stand

_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
_TELLING_CHARS = 8  # a shorter sentence may be anybody's


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure reached: messages with their parts, entries redacted, digests withdrawn."""

    message_ids: tuple[int, ...]
    entry_count: int
    digest_count: int


@dataclass(frozen=True, slots=True)
class ErasureView:
    """An erasure, as it is told."""

    message_id: int
    receipt: str
    at: datetime
    actor: str
    ground: ErasureGround
    reason: str


def erase_message(
    context: Context, message_id: int, account: str, ground: ErasureGround, reason: str
) -> Erased:
    """Erase a message with all its parts; of a part the whole message.

    Parameters
    ----------
    reason
        Why, in words: who asked, and by which paper. It is kept, and must hold nothing of what
        is erased.

    Raises
    ------
    ErasedError
        It was erased before.
    InvalidInputError
        No reason is given, or it is too long.
    NotFoundError
        There is no such message.
    """
    erased = erase_rows(context, message_id, account, ground, reason)
    overwrite_deleted(context)
    return erased


def erase_rows(
    context: Context, message_id: int, account: str, ground: ErasureGround, reason: str
) -> Erased:
    """The same, before SQLite's file is overwritten: once for many that are erased together."""
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_ERASURE_REASON_CHARS:
        raise InvalidInputError(f"请写明删除的缘由，不超过 {MAX_ERASURE_REASON_CHARS} 字")
    ids, successors = _find_all(context, message_id)
    # What each is found by follows from its words: they are read before the lock is taken.
    understood = understand_stored(context, [*ids, *successors])
    now = context.now()
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        rows = store.read_whole(connection, message_id)
        if {row.id for row in rows} != set(ids):
            raise InvalidInputError("来信的分件刚刚有变动，请再试一次")
        if store.read_erasures(connection, ids):
            raise ErasedError(f"留言 {message_id}")
        store.scrub(connection)
        _forget_words(context, connection, rows, understood)
        entry_count = _redact(context, connection, ids, message_id)
        digest_count = _withdraw(connection, rows)
        store.wipe_messages(connection, ids)
        store.forget_judgements(connection, ids)
        told = {"at": now, "actor": account, "ground": ground.value, "reason": reason}
        store.insert_erasures(connection, ids, **told)
        _retell(connection, rows)
        details = {"changes": [ERASED_ZH, ground.label_zh]}
        matters = _matters_of(rows)
        _stand_in(context, connection, matters, ids, understood)
        events = [NewEvent(each, now, account, "erased", details) for each in matters]
        insert_events(connection, events)
    return Erased(tuple(ids), entry_count, digest_count)


def _stand_in(
    context: Context,
    connection: Connection,
    matter_ids: Sequence[int],
    gone: Sequence[int],
    understood: Mapping[int, Understood],
) -> None:
    """Let other messages be found by which a matter was found only by the erased one."""
    bereft = [each for each in matter_ids if not count_exemplars(connection, each)]
    successors = store.find_successors(connection, bereft, gone)
    # What was merged or taken out since they were looked for may have made others of them.
    late = sorted(set(successors.values()) - understood.keys())
    known = {**understood, **(understand_stored(context, late) if late else {})}
    known = numbered_as_stored(connection, {each: known[each] for each in successors.values()})
    for matter_id, message_id in successors.items():
        let_stand(connection, matter_id, message_id, known[message_id])


def overwrite_deleted(context: Context) -> None:
    """Overwrite in SQLite's file what was deleted, piece by piece: intake goes on meanwhile."""
    is_first = is_more = True
    while is_more:
        with context.database.transaction() as connection:
            store.scrub(connection)
            is_more = merge_terms(connection, is_first=is_first)
        is_first = False
    store.empty_log(context.database)


def find_by_receipt(context: Context, typed: str) -> int:
    """The id of the message that was given a receipt, as it was typed.

    Raises
    ------
    NotFoundError
        There is no such receipt.
    """
    receipt = read_receipt(typed)
    if len(receipt) == LENGTH:
        with context.database.reading() as connection:
            if (row := find_message(connection, receipt)) is not None:
                return int(row.id)
    raise NotFoundError("没有这个回执码")


def list_erasures(context: Context, limit: int = 1000) -> list[ErasureView]:
    """The last erasures, the newest first."""
    with context.database.reading() as connection:
        rows = store.read_newest_erasures(connection, limit)
    return [
        ErasureView(
            row.message_id, row.receipt, row.at, row.actor, ErasureGround(row.ground), row.reason
        )
        for row in rows
    ]


def _find_all(context: Context, message_id: int) -> tuple[list[int], list[int]]:
    """The ids of a message and its parts, and of those that may stand for their matters then."""
    if is_id(message_id):
        with context.database.reading() as connection:
            if rows := store.read_whole(connection, message_id):
                ids = [row.id for row in rows]
                successors = store.find_successors(connection, _matters_of(rows), ids)
                return ids, sorted(successors.values())
    raise NotFoundError(f"留言 {message_id}")


def _matters_of(rows: Iterable[Any]) -> list[int]:
    return sorted({row.matter_id for row in rows})


def _forget_words(
    context: Context,
    connection: Connection,
    rows: Sequence[Any],
    understood: Mapping[int, Understood],
) -> None:
    """Let the messages be found no longer: neither by their words nor as like others."""
    segmenter = context.triage.reader.segmenter
    documents = [document_of(segmenter, row) for row in rows if row.part_of is None]
    forget_documents(connection, documents)
    for row in rows:
        forget_keys(connection, row.id, understood[row.id].keys)
    forget_exemplars(connection, context.triage, [row.id for row in rows])
    store.wipe_evidence(connection, _matters_of(rows))
    delete_proposals(connection, _matters_of(rows))


def _redact(context: Context, connection: Connection, ids: Sequence[int], message_id: int) -> int:
    """Take its words out of the histories; how many entries told of them."""
    told, key = store.find_told(connection, ids, SENDER), context.sealer.current
    for row in told:
        details = redacted(message_id)
        binding = bytes(row.before or NOTHING), bytes(row.digest), row.matter_id, row.number
        mac = redaction_mac(key.history_key, *binding, row.at, row.actor, row.kind, details)
        store.redact_event(connection, row.id, details, mac, key.id)
    _forget_parties(connection, [row for row in told if row.kind == RECUSED])
    return len(told)


def _forget_parties(connection: Connection, recused: Sequence[Any]) -> None:
    """Take from matters' reasons whom only erased messages made step aside."""
    matters = read_assigned(connection, sorted({row.matter_id for row in recused}))
    for matter_id, (_, _, assignment) in matters.items():
        gone = _reasons(row for row in recused if row.matter_id == matter_id)
        gone -= _reasons(read_events_of(connection, matter_id, [RECUSED]))
        left = [line for line in assignment.because if line not in gone]
        change_matter(connection, matter_id, because=left)


def _reasons(recused: Iterable[Any]) -> set[str]:
    return {line for row in recused for line in row.details.get("because", ())}


def _withdraw(connection: Connection, rows: Sequence[Any]) -> int:
    """Withdraw the kept digests that quote it; how many."""
    since = min(row.received_at for row in rows)
    said = {part for row in rows for part in _sentences(row.masked_title, row.masked_text)}
    quoting = find_quoting(connection, since, said)
    withdraw_kept_digests(connection, quoting)
    return len(quoting)


def _sentences(*texts: str) -> Iterable[str]:
    """The sentences by which a quote is known; of a text of short ones only, these."""
    for text in texts:
        parts = [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
        yield from [part for part in parts if len(part) >= _TELLING_CHARS] or parts


def _retell(connection: Connection, rows: Sequence[Any]) -> None:
    """Let the matters it opened be told by what is left of them."""
    opened = {row.matter_id for row in rows if row.relation == Relation.FIRST.value}
    emptied = []
    for matter_id in _matters_of(rows):
        left = store.find_title(connection, matter_id)
        if left is None:
            emptied.append(matter_id)
        if matter_id in opened or left is None:
            title = ERASED_ZH if left is None else matter_title(*left)
            nothing: dict[str, Any] = {"title": title, "because": [], "runners_up": []}
            change_matter(connection, matter_id, **nothing)
    store.wipe_answers(connection, emptied)
