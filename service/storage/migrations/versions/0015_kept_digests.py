"""Digests are kept as they were made, each form byte by byte."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_digest",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_key", sa.String(length=100), nullable=False),
        sa.Column("scope_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("cut_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_digest")),
    )
    op.create_table(
        "kept_digest_form",
        sa.Column("kept_digest_id", _ID, autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_digest_id"],
            ["kept_digest.id"],
            name=op.f("fk_kept_digest_form_kept_digest_id"),
        ),
        sa.PrimaryKeyConstraint("kept_digest_id", "form", name=op.f("pk_kept_digest_form")),
    )


def downgrade() -> None:
    op.drop_table("kept_digest_form")
    op.drop_table("kept_digest")
