"""Digests made by schedule, and what is delivered by webhook and mail."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digest_schedule",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("period_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_key", sa.String(length=100), nullable=False),
        sa.Column("on_day", sa.Integer(), nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_schedule")),
    )
    op.create_table(
        "digest_run",
        sa.Column("schedule_id", _ID, autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("claimed_until", sa.DateTime(), nullable=False),
        sa.Column("kept_digest_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["digest_schedule.id"], name=op.f("fk_digest_run_schedule_id")
        ),
        sa.ForeignKeyConstraint(
            ["kept_digest_id"], ["kept_digest.id"], name=op.f("fk_digest_run_kept_digest_id")
        ),
        sa.PrimaryKeyConstraint("schedule_id", "period", name=op.f("pk_digest_run")),
    )
    op.create_table(
        "digest_read",
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("kept_digest_id", _ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_digest_id"], ["kept_digest.id"], name=op.f("fk_digest_read_kept_digest_id")
        ),
        sa.PrimaryKeyConstraint("account", "kept_digest_id", name=op.f("pk_digest_read")),
    )
    op.create_table(
        "webhook",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", sa.DateTime(), nullable=True),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(), nullable=True),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("event_type", sa.String(length=40), nullable=False),
        sa.Column("webhook_id", _ID, nullable=True),
        sa.Column("recipient", sa.String(length=500), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("try_count", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_delivery_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(
        op.f("ix_delivery_channel_state_next_try_at"),
        "delivery",
        ["channel", "state", "next_try_at"],
    )


def downgrade() -> None:
    for name in ("delivery", "webhook", "digest_read", "digest_run", "digest_schedule"):
        op.drop_table(name)
