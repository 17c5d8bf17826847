"""Senders have a mail address, receipts go out by mail, and a mailbox is looked into."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sender", sa.Column("email", sa.LargeBinary(), nullable=True))
    op.add_column("delivery", sa.Column("message_id", _ID, nullable=True))
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"], unique=True)
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("next_look_at", sa.DateTime(), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )


def downgrade() -> None:
    op.drop_table("mailbox")
    op.drop_index(op.f("ix_delivery_message_id"), table_name="delivery")
    op.drop_column("delivery", "message_id")
    op.drop_column("sender", "email")
