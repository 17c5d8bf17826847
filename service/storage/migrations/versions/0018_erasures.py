"""Messages erased by law, and the entries of histories that told of their words."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_erasure_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "redaction",
        sa.Column("event_id", _ID, autoincrement=False, nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_redaction_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_redaction")),
    )


def downgrade() -> None:
    op.drop_table("redaction")
    op.drop_table("erasure")
