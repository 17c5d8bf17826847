"""Casework: a longer path, answers and ratings, and histories whose entries hold together."""

from datetime import UTC

import sqlalchemy as sa
from alembic import op

from service.domain.history import NOTHING, entry_digest

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ROWS = 10_000
_TABLES = (
    "consultation",
    "reply_template",
    "supplement",
    "rating",
    "reply",
    "sealed_head",
    "seal",
)  # those made here, each before what it refers to


def upgrade() -> None:
    _add_columns()
    _make_tables()
    _chain_histories(op.get_bind())
    op.drop_index(op.f("ix_event_matter_id"), "event")
    op.create_index(
        op.f("ix_event_matter_id_number"), "event", ["matter_id", "number"], unique=True
    )


def _add_columns() -> None:
    for column in (
        sa.Column("event_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("event_head", sa.LargeBinary(length=32), nullable=True),
        sa.Column("return_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reopen_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("is_supervised", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("paused_at", sa.DateTime(), nullable=True),
        sa.Column("paused_in", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("extension_days", sa.Integer(), nullable=True),
        sa.Column("reminded_of", sa.DateTime(), nullable=True),
        sa.Column("helping", sa.JSON(), nullable=False, server_default="[]"),
    ):
        op.add_column("matter", column)
    op.add_column("event", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("event", sa.Column("digest", sa.LargeBinary(length=32), nullable=True))


def _make_tables() -> None:
    op.create_table(
        "seal",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("last_event_id", _ID, nullable=False),
        sa.Column("matter_count", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
    )
    op.create_table(
        "sealed_head",
        sa.Column("matter_id", _ID, autoincrement=False, nullable=False),
        sa.Column("seal_id", _ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_sealed_head_seal_id")),
        sa.PrimaryKeyConstraint("matter_id", "seal_id", name=op.f("pk_sealed_head")),
    )
    op.create_index(op.f("ix_sealed_head_seal_id"), "sealed_head", ["seal_id"], unique=False)
    op.create_table(
        "reply",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("masked_text", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("drafted_by", sa.String(length=100), nullable=False),
        sa.Column("drafted_at", sa.DateTime(), nullable=False),
        sa.Column("checked_by", sa.String(length=100), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("sent_by", sa.String(length=100), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("check", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_reply_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_matter_id"), "reply", ["matter_id"], unique=False)
    op.create_table(
        "rating",
        sa.Column("reply_id", _ID, autoincrement=False, nullable=False),
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("satisfaction", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_rating_reply_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_rating_message_id")),
        sa.PrimaryKeyConstraint("reply_id", "message_id", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_message_id"), "rating", ["message_id"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("masked_text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_supplement_matter_id")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_supplement_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    op.create_index(op.f("ix_supplement_matter_id"), "supplement", ["matter_id"], unique=False)
    op.create_index(op.f("ix_supplement_message_id"), "supplement", ["message_id"], unique=False)
    op.create_table(
        "reply_template",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reply_template")),
    )
    op.create_table(
        "consultation",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("is_solved", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_consultation_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(op.f("ix_consultation_matter_id"), "consultation", ["matter_id"], unique=False)


def _chain_histories(connection: sa.Connection) -> None:
    """Give each entry that is there its number and digest, matter by matter."""
    page = sa.text(
        "SELECT id, matter_id, at, actor, kind, details FROM event"
        " WHERE matter_id > :matter_id OR (matter_id = :matter_id AND id > :id)"
        " ORDER BY matter_id, id LIMIT :rows"
    ).columns(at=sa.DateTime(), details=sa.JSON())
    matter_id, last, number, digest = 0, 0, 0, NOTHING
    while rows := list(
        connection.execute(page, {"matter_id": matter_id, "id": last, "rows": _ROWS})
    ):
        entries, heads = [], {}
        for row in rows:
            if row.matter_id != matter_id:
                number, digest = 0, NOTHING
            matter_id, last, number = row.matter_id, row.id, number + 1
            at = row.at.replace(tzinfo=UTC)
            digest = entry_digest(digest, matter_id, number, at, row.actor, row.kind, row.details)
            entries.append({"id": last, "number": number, "digest": digest})
            heads[matter_id] = {"id": matter_id, "number": number, "digest": digest}
        connection.execute(
            sa.text("UPDATE event SET number = :number, digest = :digest WHERE id = :id"), entries
        )
        connection.execute(
            sa.text("UPDATE matter SET event_count = :number, event_head = :digest WHERE id = :id"),
            list(heads.values()),
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_event_matter_id_number"), "event")
    op.create_index(op.f("ix_event_matter_id"), "event", ["matter_id"], unique=False)
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("event", "digest")
    op.drop_column("event", "number")
    for column in (
        "helping",
        "reminded_of",
        "extension_days",
        "paused_in",
        "paused_at",
        "is_supervised",
        "reopen_count",
        "return_count",
        "event_head",
        "event_count",
    ):
        op.drop_column("matter", column)
