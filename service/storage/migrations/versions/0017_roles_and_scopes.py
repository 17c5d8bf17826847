"""Accounts have a scope, sessions their times; failed attempts and looks at senders are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    kind = sa.Column("scope_kind", sa.String(length=20), server_default="whole", nullable=False)
    op.add_column("account", kind)
    op.add_column("account", sa.Column("scope", sa.JSON(), server_default="[]", nullable=False))
    for name in ("is_disabled", "must_change"):
        flag = sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column("account", flag)
    for name in ("begun_at", "seen_at"):
        op.add_column("login", sa.Column(name, sa.DateTime(), nullable=True))
    op.create_table(
        "attempt",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_failed_at"), "attempt", ["failed_at"], unique=False)
    op.create_table(
        "sender_look",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_look")),
    )
    op.create_index(op.f("ix_sender_look_matter_id"), "sender_look", ["matter_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sender_look")
    op.drop_table("attempt")
    for name in ("seen_at", "begun_at"):
        op.drop_column("login", name)
    for name in ("must_change", "is_disabled", "scope", "scope_kind"):
        op.drop_column("account", name)
