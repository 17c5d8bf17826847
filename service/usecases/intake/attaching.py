"""Attach: files that come with a message are cleaned, sealed and kept beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from service.domain.access import Account
from service.domain.attachment import Attachment, AttachmentKind, CleanFile, Upload, Uploaded
from service.domain.erasure import ERASED_ZH
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import (
    AttachmentRefusedError,
    AttachmentsBusyError,
    ErasedError,
    IllegalMoveError,
    NotFoundError,
)
from service.intake.attachments.apart import clean_apart
from service.intake.attachments.names import display_name
from service.storage.casework.receipts import read_matters_under
from service.storage.database import Connection
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.scopes import find_matter_of_message
from service.storage.messages import attachments as store
from service.storage.messages.erasures import read_erasures
from service.storage.messages.messages import read_message
from service.storage.rows import share_key_lock
from service.usecases.casework.casework import SENDER, lock_matter
from service.usecases.casework.proofs import Presented, check_proof, message_under
from service.usecases.context import Context
from service.usecases.matters.sender_looks import record_download
from service.usecases.matters.whole_matter import row_or_successor, whole_of

# A picture of the most pixels takes half a gigabyte while it is drawn anew.
_TURNS = BoundedSemaphore(2)
# Whoever waits for a turn holds one of the threads that answer requests.
_PLACES = BoundedSemaphore(10)
_WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Checked:
    """An upload that was cleaned; ``digests`` know the file again as it was handed in.

    The first is kept; the others are those it may have been kept under before.
    """

    file: CleanFile
    digests: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of files: how many are kept with the message now, why others are not."""

    kept_count: int
    refused: tuple[str, ...]


def limits_zh(context: Context) -> str:
    """How many attachments a message may have and how large, "" where none are taken."""
    settings = context.settings
    if not settings.max_attachment_count:
        return ""
    each, together = settings.max_attachment_bytes, settings.max_attachments_bytes
    return (
        f"至多 {settings.max_attachment_count} 个，每个不超过 {_megabytes(each)}，"
        f"合计不超过 {_megabytes(together)}"
    )


def check_uploads(context: Context, uploads: Sequence[Uploaded]) -> tuple[Checked, ...]:
    """Clean all files, one after the other, before the message they come with is taken in.

    How many and how large they are is looked at before any is opened.

    Raises
    ------
    AttachmentRefusedError
        There are too many, they are too large, or one cannot be taken; the error names it.
    AttachmentsBusyError
        Too many others wait to be cleaned.
    WorkersUnavailableError
        They cannot be checked now.
    """
    _check_room(context, [each.size for each in uploads])
    checked: list[Checked] = []
    for each in uploads:
        checked.append(_check(context, Upload(each.name, each.content)))
        # Made anew it may be larger than it came.
        _check_room(context, [len(one.file.content) for one in checked])
    return tuple(checked)


def keep_checked(
    context: Context, message_id: int, checked: Sequence[Checked], account: str = SENDER
) -> int:
    """Keep cleaned files with a message, all or none; those it has already are passed over.

    Returns
    -------
    int
        How many attachments the message has now.

    Raises
    ------
    AttachmentRefusedError
        With those it has already there are too many, or they are too large together.
    ErasedError
        The message was erased by law.
    NotFoundError
        There is no such message.
    """
    if not checked:
        return count_attached(context, message_id)
    with context.database.transaction() as connection:
        matter, whole_id = _lock_matter_of(connection, message_id)
        if read_erasures(connection, [whole_id]):
            raise ErasedError(ERASED_ZH)
        there = store.read_attachments(connection, whole_id)
        known = {bytes(row.digest) for row in there}
        new = {each.digests[0]: each.file for each in checked if known.isdisjoint(each.digests)}
        _check_room(context, [*(r.size for r in there), *(len(f.content) for f in new.values())])
        if new:
            share_key_lock(connection)
            _insert(context, connection, whole_id, new, len(there))
            details = {"changes": [_told(new.values())]}
            event = NewEvent(matter.id, context.now(), account, "attached", details)
            insert_events(connection, [event])
        return len(there) + len(new)


def attach(
    context: Context, message_id: int, uploads: Sequence[Upload], account: str = SENDER
) -> Attached:
    """Keep those of a message's files that can be taken: one that cannot costs no other.

    For channels that cannot be asked to send a file again. What was refused, and why, stands in
    the matter's history.

    Raises
    ------
    ErasedError, NotFoundError
        As ``keep_checked``.
    WorkersUnavailableError
        Files cannot be checked now; none is kept.
    """
    if not uploads:
        return Attached(0, ())
    checked: list[Checked] = []
    refused: list[str] = []
    for each in uploads:
        try:
            _check_room(context, [*(len(c.file.content) for c in checked), len(each.content)])
            checked.append(_check(context, each))
        except AttachmentRefusedError as error:
            refused.append(error.detail)
    kept_count = keep_checked(context, message_id, checked, account)
    if refused:
        with context.database.transaction() as connection:
            matter, _ = _lock_matter_of(connection, message_id)
            details = {"changes": [f"{len(refused)} 个附件没有接收"]}
            event = NewEvent(matter.id, context.now(), account, "attached", details)
            insert_events(connection, [event])
    return Attached(kept_count, tuple(refused))


def attach_under_receipt(
    context: Context, presented: Presented, uploads: Sequence[Uploaded]
) -> int:
    """Keep files that whoever holds a receipt hands in later; how many the message has now.

    Raises
    ------
    AttachmentRefusedError, WorkersUnavailableError
        As ``check_uploads`` and ``keep_checked``.
    ErasedError
        The message was erased by law.
    IllegalMoveError
        All that was asked for in it has ended.
    NotFoundError
        There is no such receipt, or the proof is wrong.
    TooManyRequestsError
        There were too many failures a short time ago.
    """
    check_proof(context, presented)
    with context.database.reading() as connection:
        message = message_under(connection, presented)
        if read_erasures(connection, [message.id]):
            raise ErasedError(ERASED_ZH)
        matters = read_matters_under(connection, message.id)
    if all(MatterStatus(row.status) in ENDED_STATUSES for row in matters):
        raise IllegalMoveError("事项已经办结，不能再补交附件；有新的情况请另行留言")
    return keep_checked(context, message.id, check_uploads(context, uploads))


def count_attached(context: Context, message_id: int) -> int:
    """How many attachments a message has."""
    with context.database.reading() as connection:
        return store.count_attachments(connection, [message_id]).get(message_id, 0)


def list_attachments(context: Context, message_id: int) -> list[Attachment]:
    """The attachments of a message in their order; of a part, the whole message's."""
    with context.database.reading() as connection:
        message = read_message(connection, message_id)
        if message is None:
            return []
        rows = store.read_attachments(connection, message.part_of or message.id)
    return [_as_attachment(context, row) for row in rows]


def open_attachment(
    context: Context, account: Account, attachment_id: int
) -> tuple[Attachment, bytes]:
    """An attachment and its content; that the account looks at it is kept before.

    Raises
    ------
    NotFoundError
        There is no such attachment.
    SettingsError
        It was sealed with another key, or changed since.
    """
    with context.database.reading() as connection:
        row = store.read_attachment(connection, attachment_id)
        message = read_message(connection, row.message_id) if row is not None else None
        if row is None or message is None:
            raise NotFoundError(f"附件 {attachment_id}")
        matter_id = find_matter_of_message(connection, message.id)
    record_download(context, account, matter_id or 0, message.id)
    owner = _owner(row.message_id, row.number)
    return _as_attachment(context, row), context.sealer.open_bytes(bytes(row.content), owner)


def _check(context: Context, upload: Upload) -> Checked:
    try:
        with _turn():
            clean = clean_apart(upload)
    except AttachmentRefusedError as error:
        raise AttachmentRefusedError(f"{_shown(upload)}：{error.detail}") from None
    return Checked(clean, context.sealer.file_digests(upload.content))


@contextmanager
def _turn() -> Iterator[None]:
    """A turn to clean a file: whoever would wait behind many, or for long, is sent away."""
    if not _PLACES.acquire(blocking=False):
        raise AttachmentsBusyError
    try:
        if not _TURNS.acquire(timeout=_WAIT_SECONDS):
            raise AttachmentsBusyError
        try:
            yield
        finally:
            _TURNS.release()
    finally:
        _PLACES.release()


def _shown(upload: Upload) -> str:
    """The name as it is told where the file is of no kind: without what could mislead."""
    return display_name(upload.name + ".", AttachmentKind.PDF).removesuffix(".pdf")


def _check_room(context: Context, sizes: Sequence[int]) -> None:
    settings = context.settings
    if len(sizes) > settings.max_attachment_count:
        raise AttachmentRefusedError(f"每条留言至多 {settings.max_attachment_count} 个附件")
    if any(size > settings.max_attachment_bytes for size in sizes):
        raise AttachmentRefusedError(f"每个附件不超过 {_megabytes(settings.max_attachment_bytes)}")
    if sum(sizes) > settings.max_attachments_bytes:
        raise AttachmentRefusedError(
            f"一条留言的附件合计不超过 {_megabytes(settings.max_attachments_bytes)}"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB"


def _lock_matter_of(connection: Connection, message_id: int) -> tuple[Any, int]:
    """The matter that holds a message now, kept for this transaction; the whole message's id."""
    message = read_message(connection, message_id)
    matter_id = find_matter_of_message(connection, message_id)
    if message is None or matter_id is None:
        raise NotFoundError(f"留言 {message_id}")
    row = whole_of(connection, row_or_successor(connection, matter_id))
    return lock_matter(connection, row.id), message.part_of or message.id


def _insert(
    context: Context,
    connection: Connection,
    message_id: int,
    files: dict[bytes, CleanFile],
    there: int,
) -> None:
    sealer, rows = context.sealer, []
    for number, (digest, file) in enumerate(files.items(), start=there + 1):
        owner = _owner(message_id, number)
        rows.append(
            {
                "message_id": message_id,
                "number": number,
                "kind": file.kind.value,
                "size": len(file.content),
                "attached_at": context.now(),
                "digest": digest,
                "name": sealer.seal_bytes(file.name.encode(), owner),
                "content": sealer.seal_bytes(file.content, owner),
            }
        )
    store.insert_attachments(connection, rows)


def _owner(message_id: int, number: int) -> str:
    """What a sealed file is bound to: moved to another message it cannot be opened."""
    return f"attachment {message_id}/{number}"


def _told(files: Iterable[CleanFile]) -> str:
    """What came, without names: these may tell of people."""
    counts = Counter(file.kind.label_zh for file in files)
    return "、".join(f"{label} {count}" for label, count in counts.items())


def _as_attachment(context: Context, row: Any) -> Attachment:
    name = context.sealer.open_bytes(bytes(row.name), _owner(row.message_id, row.number))
    return Attachment(
        id=row.id,
        message_id=row.message_id,
        number=row.number,
        kind=AttachmentKind(row.kind),
        name=name.decode(),
        size=row.size,
        attached_at=row.attached_at,
    )
