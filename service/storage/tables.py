"""The tables. Names of constraints follow one convention, so migrations can name them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    func,
    literal_column,
)
from sqlalchemy import (
    event as database_event,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import JSON, TypeDecorator

from service.domain.assignment import PROPOSED

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC on every database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC without zone; a naive time is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back as aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


committee = Table(
    "committee",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("level", String(20), nullable=False),
    Column("parent", String(64), nullable=False),
    Column("division", String(12), nullable=False),
    Column("position", Integer, nullable=False),
)

studio = Table(
    "studio",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("committee", ForeignKey("committee.code"), nullable=False),
    Column("details", JSON, nullable=False),
    Column("position", Integer, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("committee", ForeignKey("committee.code"), nullable=False),
    Column("details", JSON, nullable=False),
    Column("position", Integer, nullable=False),
)

department = Table(
    "department",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("details", JSON, nullable=False),
    Column("position", Integer, nullable=False),
)

activity = Table(
    "activity",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("studio", ForeignKey("studio.code"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("details", JSON, nullable=False),
)

# A committee's own list of sectors; the national one holds where it has none.
sector = Table(
    "sector",
    metadata,
    Column("committee", ForeignKey("committee.code"), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("position", Integer, nullable=False),
)

shift = Table(
    "shift",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("studio", ForeignKey("studio.code"), nullable=False),
    Column("member", ForeignKey("member.code"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("weekdays", JSON, nullable=False),
    Column("hours", String(20), nullable=False),
)

# Who changed what in the directory: only ever added to. All rows of one change bear its version,
# and the highest is the directory's own.
organisation_change = Table(
    "organisation_change",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("sheet", String(20), nullable=False),
    Column("code", String(400), nullable=False),
    Column("name", String(200), nullable=False),
    Column("action", String(20), nullable=False),
    # [column, before, after] of each column that became other.
    Column("fields", JSON, nullable=False),
    Index(None, "sheet", "code"),
)

sender = Table(
    "sender",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # A keyed digest finds the same person again; who it is stands sealed beside it.
    Column("digest", LargeBinary(16), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    # The mail address, sealed; null of whoever did not write by mail.
    Column("email", LargeBinary, nullable=True),
)

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("receipt", String(16), nullable=False, unique=True),
    Column("source", String(100), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("sender_id", ForeignKey("sender.id"), nullable=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("masked_title", Text, nullable=False),
    Column("masked_text", Text, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("sent_on", Date, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("like_count", Integer, nullable=False),
    Column("dislike_count", Integer, nullable=False),
    # The message that it is a confirmed part of; who sent it and when are that one's. No
    # reference: SQLite cannot add one to a table that others refer to.
    Column("part_of", Id, nullable=True, index=True),
    # Sealed; null where a phone proves whose the receipt is, or nothing needs to.
    Column("pin", LargeBinary, nullable=True),
    # Of the text that its sender was told and agreed to; "" where nobody says so.
    Column("consent_version", String(20), nullable=False, server_default=""),
    # The account that wrote it down on the sender's behalf.
    Column("taken_by", String(100), nullable=False, server_default=""),
    UniqueConstraint("source", "external_id", "digest"),
    Index(None, "sent_on"),
    Index(None, "sender_id"),
)

# Files that came with a message, sealed; of its parts the whole message holds them.
attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    # Counts from 1 within its message.
    Column("number", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("size", Integer, nullable=False),
    Column("attached_at", UtcDateTime, nullable=False),
    # Keyed, of the file as it was handed in: handed in again it is not kept twice.
    Column("digest", LargeBinary(32), nullable=False),
    # Sealed: a name may tell of people.
    Column("name", LargeBinary, nullable=False),
    # Last, so that a list of attachments reads no content.
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("message_id", "number"),
    UniqueConstraint("message_id", "digest"),
)

# A part of a message, which counts as no message of its own.
IS_PART = message.c.part_of.is_not(None)

# Whether a message is several demands: what was offered, and what a person decided.
parting = Table(
    "parting",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    # [start, end] of each part in the characters of the message's text.
    Column("spans", JSON, nullable=False),
    Column("decided_by", String(100), nullable=False),
    Column("decided_at", UtcDateTime, nullable=True),
    # Where each confirmed part went, and how that matter stood: what undoing needs.
    Column("went", JSON, nullable=False),
    # The highest id that a part ever had: no other message may bear it when the part is no more.
    Column("last_part_id", Id, nullable=True, index=True),
)

matter = Table(
    "matter",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("topic", String(8), nullable=False),
    Column("department", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("place", String(100), nullable=False),
    Column("committee", String(64), nullable=False),
    Column("studio", String(64), nullable=False),
    Column("members", JSON, nullable=False),
    Column("because", JSON, nullable=False),
    Column("runners_up", JSON, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_message_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime, nullable=True, index=True),
    Column("message_count", Integer, nullable=False),
    Column("copy_count", Integer, nullable=False),
    # The matter it was merged into, which has all its messages until it is split off again. No
    # reference: SQLite cannot add one to a table that others refer to.
    Column("merged_into", Id, nullable=True, index=True),
    # How long its history is, and the digest of the last entry: see service.domain.history.
    Column("event_count", Integer, nullable=False, server_default="0"),
    Column("event_head", LargeBinary(32), nullable=True),
    # How often it was sent back as not theirs, and opened again.
    Column("return_count", Integer, nullable=False, server_default="0"),
    Column("reopen_count", Integer, nullable=False, server_default="0"),
    Column("is_supervised", Boolean, nullable=False, server_default=false()),
    # Since when its sender is asked for more, and in which state it was then.
    Column("paused_at", UtcDateTime, nullable=True),
    Column("paused_in", String(20), nullable=False, server_default=""),
    # Working days that were asked for and that nobody has decided on.
    Column("extension_days", Integer, nullable=True),
    # The deadline that was reminded of.
    Column("reminded_of", UtcDateTime, nullable=True),
    # Departments that help the one that leads 会办.
    Column("helping", JSON, nullable=False, server_default="[]"),
    # When the claim of the table ``claim`` ends, null where there is none: the queue asks by it.
    Column("claim_ends_at", UtcDateTime, nullable=True),
    Index(None, "opened_at"),
)
# A matter that is part of no other.
STANDS = matter.c.merged_into.is_(None)
# Due before it was opened: a message of earlier days joined it and made it urgent.
IS_DUE_BEFORE_OPENED = matter.c.due_at < matter.c.opened_at
IS_SUPERVISED = matter.c.is_supervised.is_(True)  # written out, as an index holds it
MORE_DAYS_ASKED = matter.c.extension_days.is_not(None)


def first_topic(topic: ColumnElement[str]) -> ColumnElement[str]:
    """The first level of a topic's code; written out, as an index holds it."""
    return func.substr(topic, literal_column("1"), literal_column("2"))


# The members proposed for a matter, each by its place; written out, as an index holds it.
PROPOSED_MEMBERS: tuple[ColumnElement[str], ...] = tuple(
    Grouping(matter.c.members.op("->>", return_type=String())(literal_column(str(place))))
    for place in range(PROPOSED)
)


def _index_queue(name: str, *by: Any, where: ColumnElement[bool] = STANDS, more: Any = ()) -> None:
    """Keep the queue's order of each value of something: status, urgency, deadline, arrival."""
    order = matter.c.status, matter.c.is_urgent, matter.c.due_at, matter.c.id
    Index(name, *by, *order, *more, sqlite_where=where, postgresql_where=where)


# The queue's order is an index, of all and of each value that it is often filtered by. What else
# stands in one is looked at in passing, without reading the rows.
_index_queue("ix_matter_queue", more=(matter.c.opened_at,))
for _name in ("studio", "department", "committee", "place", "kind"):
    _index_queue(f"ix_matter_queue_{_name}", matter.c[_name])
_index_queue("ix_matter_queue_topic", first_topic(matter.c.topic), more=(matter.c.topic,))
for _place, _member in enumerate(PROPOSED_MEMBERS):
    _index_queue(f"ix_matter_queue_member_{_place}", _member)
_index_queue("ix_matter_due_before_opened", where=and_(STANDS, IS_DUE_BEFORE_OPENED))
_index_queue("ix_matter_queue_supervised", where=and_(STANDS, IS_SUPERVISED))
_index_queue("ix_matter_queue_extension", where=and_(STANDS, MORE_DAYS_ASKED))

# What somebody may claim next: an index holds these alone, however many are claimed or closed.
IS_FREE = (STANDS, matter.c.closed_at.is_(None), matter.c.claim_ends_at.is_(None))
Index(
    "ix_matter_free",
    matter.c.is_urgent.desc(),
    matter.c.due_at,
    matter.c.id,
    sqlite_where=and_(*IS_FREE),
    postgresql_where=and_(*IS_FREE),
)

# What is settled, and what was ever sent back 退单: written out, as indexes hold them, and so that
# SQLite does not take the index of what is part of another for a narrower one.
_STANDS_APART = func.coalesce(matter.c.merged_into, literal_column("0")) == literal_column("0")
IS_SETTLED = and_(
    _STANDS_APART, matter.c.status.in_([literal_column("'answered'"), literal_column("'closed'")])
)
WAS_RETURNED = and_(_STANDS_APART, matter.c.return_count > literal_column("0"))
Index(
    "ix_matter_settled",
    matter.c.topic,
    matter.c.department,
    matter.c.return_count,
    sqlite_where=IS_SETTLED,
    postgresql_where=IS_SETTLED,
)
Index(
    "ix_matter_returned",
    matter.c.topic,
    sqlite_where=WAS_RETURNED,
    postgresql_where=WAS_RETURNED,
)

# The same departments in rows: a liaison's queue is found by them.
matter_helper = Table(
    "matter_helper",
    metadata,
    Column("department", String(100), primary_key=True),
    Column("matter_id", ForeignKey("matter.id"), primary_key=True, autoincrement=False, index=True),
)

# Who works on a matter now. One row a matter: two can never hold it, whatever the clocks say.
claim = Table(
    "claim",
    metadata,
    Column("matter_id", ForeignKey("matter.id"), primary_key=True, autoincrement=False),
    Column("account", String(100), nullable=False, index=True),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
)

# Where a matter should go instead; who has it in hand decides.
route_proposal = Table(
    "route_proposal",
    metadata,
    Column("matter_id", ForeignKey("matter.id"), primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    # Whose correction brought it about.
    Column("actor", String(100), nullable=False),
    Column("studio", String(64), nullable=False),
    Column("members", JSON, nullable=False),
    Column("department", String(100), nullable=False),
    Column("because", JSON, nullable=False),
    Column("runners_up", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
)

demand = Table(
    "demand",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("message_id", ForeignKey("message.id"), nullable=False, unique=True),
    Column("matter_id", ForeignKey("matter.id"), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("same_probability", Float, nullable=False),
    Column("because", JSON, nullable=False),
    # The number of a matter that held it alone before it joined this one, and is no more.
    Column("moved_from", Id, nullable=True, index=True),
    # Which characters of the text that a person sent it stands in, where that is several demands.
    Column("part_start", Integer, nullable=True),
    Column("part_end", Integer, nullable=True),
    # In their order: of a matter with very many the newest are read alone. Full-text search goes
    # from matters to messages without reading the rows.
    Index(None, "matter_id", "id", "message_id", "part_start"),
)

# Who merged a matter into another, and what is needed to split it off exactly as it was.
merge = Table(
    "merge",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("matter_id", ForeignKey("matter.id"), nullable=False, index=True),
    Column("into_id", ForeignKey("matter.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    # How the other matter stood before it.
    Column("was_urgent", Boolean, nullable=False),
    Column("was_due_at", UtcDateTime, nullable=False),
    Column("was_message_count", Integer, nullable=False),
    Column("split_at", UtcDateTime, nullable=True),
)

# The messages that a merge moved, with their relation to the matter they left.
merged_demand = Table(
    "merged_demand",
    metadata,
    Column("merge_id", ForeignKey("merge.id"), primary_key=True, autoincrement=False),
    Column("demand_id", ForeignKey("demand.id"), primary_key=True, autoincrement=False),
    Column("relation", String(20), nullable=False),
)

# What is known between two matters: that they may be one, that they are not, or are related.
matter_pair = Table(
    "matter_pair",
    metadata,
    Column("low_id", ForeignKey("matter.id"), primary_key=True, autoincrement=False),
    Column("high_id", ForeignKey("matter.id"), primary_key=True, autoincrement=False, index=True),
    Column("state", String(20), nullable=False),
    Column("probability", Float, nullable=False),
    Column("because", JSON, nullable=False),
    Column("decided_by", String(100), nullable=False),
    Column("decided_at", UtcDateTime, nullable=True),
)

classification = Table(
    "classification",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("message_id", ForeignKey("message.id"), nullable=False, index=True),
    Column("decided_by", String(100), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("model_version", String(64), nullable=False),
    Column("topic", String(8), nullable=False),
    Column("department", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("details", JSON, nullable=False),
    # Finds the few that people decided among all.
    Index(None, "decided_by"),
)

# What the administrator's rules said of a message at its arrival; none where they said nothing.
ruling = Table(
    "ruling",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("details", JSON, nullable=False),
)

# What an administrator laid down: only ever added to, the newest of a kind is in force.
provision = Table(
    "provision",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("content", JSON, nullable=False),
    Index(None, "kind", "id"),
)

# Models learned from corrections; their files lie in the home. Where none is active, the settings'
# own file judges.
model = Table(
    "model",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("base", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    # What was decided until then it has learned from.
    Column("learned_until", UtcDateTime, nullable=False),
    Column("lesson_count", Integer, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("activated_at", UtcDateTime, nullable=True),
)

# What makes a matter findable again: a few of its messages, and keys to find these by.
exemplar = Table(
    "exemplar",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("matter_id", ForeignKey("matter.id"), nullable=False, index=True),
    Column("profile", LargeBinary, nullable=False),
)

# Under which keys exemplars are found, in rows of several: see service.storage.matching.exemplars.
exemplar_key = Table(
    "exemplar_key",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    # No reference: it would be looked for in the whole table when an exemplar is deleted.
    Column("first_id", Id, primary_key=True, autoincrement=False),
    Column("older", Integer, nullable=False),
    Column("offsets", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The keys of the newest exemplars, one behind the other, and how far those before are merged into
# the table above: see service.storage.matching.auxiliary.
auxiliary_keys = Table(
    "auxiliary_keys",
    metadata,
    Column("message_id", Id, primary_key=True, autoincrement=False),
    Column("mark", Id, nullable=False),
    Column("keys", LargeBinary, nullable=False),
)
auxiliary_merge = Table(
    "auxiliary_merge",
    metadata,
    Column(
        "id", Integer, primary_key=True, autoincrement=False
    ),  # always 1; before the first merge there is no row
    Column("merged_to", Id, nullable=False),
    Column("merging_to", Id, nullable=False),
    Column("next_part", Integer, nullable=False),
)

# What full-text search finds: whole messages, and what was answered.
document = Table(
    "document",
    metadata,
    # The day and, within a day, the order of arrival: see service.domain.document.
    Column("key", Id, primary_key=True, autoincrement=False),
    Column("message_id", ForeignKey("message.id"), nullable=False, index=True),
    Column("text", Text, nullable=True),
    # On SQLite they lie in the full-text table instead.
    Column("terms", Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
)

# The terms of a document on PostgreSQL and, as one more, the eight days that it belongs to, so that
# its index finds the newest first. Terms are letters and digits only.
PERIOD_SHIFT = 43
DATED_TERMS = f"(terms || array_to_tsvector(ARRAY['#' || (key >> {PERIOD_SHIFT})::text]))"

_index_option = "INSERT INTO document_terms (document_terms, rank) VALUES ('{}', {})"

# By which terms documents are found. On SQLite the terms alone are kept: neither the text nor how
# often and where a term stands in it; every character beyond ASCII belongs to a term. What a batch
# of an import brings becomes one piece of the index (8 MB hold some thousand messages), and eight
# pieces are merged at once: a third less work than with SQLite's own figures.
for _when, _dialect, _statement in (
    (
        "after_create",
        "postgresql",
        f"CREATE INDEX ix_document_terms ON document USING gin ({DATED_TERMS})",
    ),
    (
        "after_create",
        "sqlite",
        "CREATE VIRTUAL TABLE document_terms USING fts5"
        "(terms, content='', columnsize=0, detail=none, tokenize='ascii')",
    ),
    ("after_create", "sqlite", _index_option.format("hashsize", 8_388_608)),
    ("after_create", "sqlite", _index_option.format("automerge", 8)),
    ("before_drop", "sqlite", "DROP TABLE document_terms"),
):
    _made = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
    database_event.listen(document, _when, _made)

event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("matter_id", ForeignKey("matter.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("details", JSON, nullable=False),
    # Its place in the matter's history, from 1, and the digest of it and all before it. Both have
    # a default only because columns of an older table need one.
    Column("number", Integer, nullable=False, server_default="0"),
    Column("digest", LargeBinary(32), nullable=True),
    # Goes into the digest; deleted with what is redacted, which nobody can then find by guessing.
    # Null too of what a version before it wrote.
    Column("salt", LargeBinary(16), nullable=True),
    Index(None, "matter_id", "number", unique=True),
)

# A message that was erased by law: its row stays, without words and sender.
erasure = Table(
    "erasure",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("ground", String(20), nullable=False),
    Column("reason", Text, nullable=False),
)

# Entries of histories that told of words since erased: see service.domain.erasure.
redaction = Table(
    "redaction",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True, autoincrement=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("key_id", Integer, nullable=False, server_default="1"),
)

# How far the histories had come at the end of a day, under a key that the database does not hold.
seal = Table(
    "seal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("last_event_id", Id, nullable=False),
    Column("matter_count", Integer, nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("key_id", Integer, nullable=False, server_default="1"),
)

sealed_head = Table(
    "sealed_head",
    metadata,
    # No reference: that a matter is gone is what it tells.
    Column("matter_id", Id, primary_key=True, autoincrement=False),
    Column("seal_id", ForeignKey("seal.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Index(None, "seal_id"),
)

# What the senders of a matter are answered. Of a draft each version is kept.
reply = Table(
    "reply",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("matter_id", ForeignKey("matter.id"), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("masked_text", Text, nullable=False),
    Column("department", String(100), nullable=False),
    Column("drafted_by", String(100), nullable=False),
    Column("drafted_at", UtcDateTime, nullable=False),
    Column("checked_by", String(100), nullable=False),
    Column("checked_at", UtcDateTime, nullable=True),
    Column("sent_by", String(100), nullable=False),
    Column("sent_at", UtcDateTime, nullable=True),
    # Which demand each sentence answers, as it was found when the answer was sent.
    Column("check", JSON, nullable=False),
)

# What a sender says of an answer, once for each message.
rating = Table(
    "rating",
    metadata,
    Column("reply_id", ForeignKey("reply.id"), primary_key=True, autoincrement=False),
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("satisfaction", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "message_id"),
)

# What a sender told on being asked for more 补正: its words are never altered.
supplement = Table(
    "supplement",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("matter_id", ForeignKey("matter.id"), nullable=False, index=True),
    Column("message_id", ForeignKey("message.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("masked_text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

reply_template = Table(
    "reply_template",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("text", Text, nullable=False),
    Column("changed_by", String(100), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# 接待日: a session at which a studio takes messages in on the spot.
# Nothing refers to messages: a digest stays as it was made.
kept_digest = Table(
    "kept_digest",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("period", String(20), nullable=False),
    Column("scope_kind", String(20), nullable=False),
    Column("scope_key", String(100), nullable=False),
    Column("scope_name", String(200), nullable=False),
    Column("title", String(100), nullable=False),
    Column("message_count", Integer, nullable=False),
    Column("cut_at", UtcDateTime, nullable=False),
    Column("made_by", String(100), nullable=False),
)

kept_digest_form = Table(
    "kept_digest_form",
    metadata,
    Column(
        "kept_digest_id",
        Id,
        ForeignKey("kept_digest.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("form", String(10), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # compressed
)

reception = Table(
    "reception",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # No reference: a directory that is loaded anew may lack a studio that was.
    Column("studio", String(64), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("place", String(200), nullable=False),
    Column("members", JSON, nullable=False),
    Column("opened_by", String(100), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime, nullable=True),
    Column("result", Text, nullable=False),
    Index(None, "studio", "held_on"),
)

reception_message = Table(
    "reception_message",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("reception_id", ForeignKey("reception.id"), nullable=False, index=True),
)

# What members did about a matter: consultations 微协商 and supervision 微监督.
consultation = Table(
    "consultation",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("matter_id", ForeignKey("matter.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("who", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("is_solved", Boolean, nullable=False),
    Column("recorded_by", String(100), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

reject = Table(
    "reject",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("source", String(100), nullable=False),
    Column("file", String(400), nullable=False),
    Column("line", Integer, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    UniqueConstraint("source", "digest"),
)

account = Table(
    "account",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    # Whose matters it is for: codes of committees or studios, or names of departments.
    Column("scope_kind", String(20), nullable=False, server_default="whole"),
    Column("scope", JSON, nullable=False, server_default="[]"),
    Column("is_disabled", Boolean, nullable=False, server_default=false()),
    # The password was given by another and must be changed first.
    Column("must_change", Boolean, nullable=False, server_default=false()),
    # Sealed; it counts as a second factor since a first code of it was right.
    Column("totp_secret", LargeBinary, nullable=True),
    Column("totp_since", UtcDateTime, nullable=True),
    # The step of time whose code was taken last: no code is taken twice.
    Column("totp_step", BigInteger, nullable=True),
)

# What opens an account in the place of a code, each once.
recovery_code = Table(
    "recovery_code",
    metadata,
    # Keyed, and of account and code together.
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    Column("key_id", Integer, nullable=False, server_default="1"),
)

# A filter of the queue under a name; those of nobody's account are shared by all.
saved_view = Table(
    "saved_view",
    metadata,
    Column("account", String(100), primary_key=True),
    Column("name", String(40), primary_key=True),
    # By the names that it has in an address.
    Column("filter", JSON, nullable=False),
)

account_event = Table(
    "account_event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("account", ForeignKey("account.name"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("detail", String(200), nullable=False, server_default=""),
)

login = Table(
    "login",
    metadata,
    Column("token_digest", LargeBinary(32), primary_key=True),
    Column("account", ForeignKey("account.name"), nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    # Null where a version before these columns began it.
    Column("begun_at", UtcDateTime, nullable=True),
    Column("seen_at", UtcDateTime, nullable=True),
)

# By what programs show whose they are. What is taken back is deleted.
api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    # Keyed: no token can be tried out on a copy of the database.
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=True),
    Column("key_id", Integer, nullable=False, server_default="1"),
)

# Attempts that failed: to log in, by account and by address.
attempt = Table(
    "attempt",
    metadata,
    # Keyed: neither name nor address can be read from it.
    Column("digest", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", UtcDateTime, nullable=False, index=True),
)

# Who looked at senders, when, and at those of which messages: only ever added to
# until its period ends.
sender_look = Table(
    "sender_look",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("account", String(100), nullable=False),
    # No reference: what was looked at stays told when it is no more.
    Column("matter_id", Id, nullable=False, index=True),
    Column("messages", JSON, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("body_digest", LargeBinary(32), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("status", Integer, nullable=True),
    Column("response", JSON, nullable=True),
)

# When a digest is made by itself: see service/digest/schedule.py.
digest_schedule = Table(
    "digest_schedule",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("period_kind", String(20), nullable=False),
    Column("scope_kind", String(20), nullable=False),
    Column("scope_key", String(100), nullable=False),
    Column("on_day", Integer, nullable=False),
    Column("at_minute", Integer, nullable=False),
    Column("recipients", JSON, nullable=False),
    Column("forms", JSON, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime, nullable=True),
)

# One row a period of a schedule: who has it makes it, until the lease ends.
digest_run = Table(
    "digest_run",
    metadata,
    Column(
        "schedule_id",
        Id,
        ForeignKey("digest_schedule.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("period", String(20), primary_key=True),
    Column("claimed_until", UtcDateTime, nullable=False),
    Column("kept_digest_id", Id, ForeignKey("kept_digest.id"), nullable=True),
)

digest_read = Table(
    "digest_read",
    metadata,
    Column("account", String(100), primary_key=True),
    Column(
        "kept_digest_id",
        Id,
        ForeignKey("kept_digest.id"),
        primary_key=True,
        autoincrement=False,
    ),
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("url", String(500), nullable=False),
    Column("events", JSON, nullable=False),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("former_secret", LargeBinary, nullable=True),  # sealed
    Column("former_until", UtcDateTime, nullable=True),
    # Since it last took something; while it is paused it holds up no other.
    Column("failure_count", Integer, nullable=False),
    Column("paused_until", UtcDateTime, nullable=True),
    Column("made_by", String(100), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime, nullable=True),
)

# What is to leave the house: written with what it tells of, in one transaction.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("event_type", String(40), nullable=False),
    Column("webhook_id", Id, ForeignKey("webhook.id"), nullable=True),
    Column("recipient", String(500), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("try_count", Integer, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime, nullable=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime, nullable=True),
    Column("problem", String(200), nullable=False),
    # The message whose receipt it brings to its sender: each goes out by itself once only.
    Column("message_id", Id, nullable=True),
    Index(None, "channel", "state", "next_try_at"),
    Index(None, "message_id", unique=True),
)

# The mailbox that messages are taken from: which desk looks into it now, and how that goes.
mailbox = Table(
    "mailbox",
    metadata,
    Column("name", String(400), primary_key=True),
    Column("claimed_until", UtcDateTime, nullable=True),
    Column("next_look_at", UtcDateTime, nullable=False),
    # Since it could last be looked into.
    Column("failure_count", Integer, nullable=False),
    Column("problem", String(200), nullable=False),
)
