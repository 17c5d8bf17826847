"""Studios hold receptions at which messages are taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reception",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("studio", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception")),
    )
    op.create_index(
        op.f("ix_reception_studio_held_on"), "reception", ["studio", "held_on"], unique=False
    )
    op.create_table(
        "reception_message",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("reception_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_reception_message_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["reception_id"], ["reception.id"], name=op.f("fk_reception_message_reception_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_reception_message")),
    )
    op.create_index(
        op.f("ix_reception_message_reception_id"),
        "reception_message",
        ["reception_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("reception_message")
    op.drop_table("reception")
