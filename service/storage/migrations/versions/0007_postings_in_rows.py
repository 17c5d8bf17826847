"""Postings lie in rows of several; profiles and postings are made anew from the messages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_table("exemplar_key")
    op.create_table(
        "exemplar_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_id", _ID, autoincrement=False, nullable=False),
        sa.Column("older", sa.Integer(), nullable=False),
        sa.Column("offsets", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", "first_id", name=op.f("pk_exemplar_key")),
        sqlite_with_rowid=False,
    )
    _make_anew()


def downgrade() -> None:
    op.drop_table("exemplar_key")
    op.create_table(
        "exemplar_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "message_id", name=op.f("pk_exemplar_key")),
        sqlite_with_rowid=False,
    )
    _make_anew()


def _make_anew() -> None:
    """An empty profile is of no format: the next start makes it and its postings anew."""
    exemplar = sa.table("exemplar", sa.column("profile", sa.LargeBinary()))
    op.execute(sa.update(exemplar).values(profile=b""))
