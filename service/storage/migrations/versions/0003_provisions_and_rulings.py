"""what an administrator laid down; what the rules said of messages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "provision",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
    )
    op.create_index(op.f("ix_provision_kind_id"), "provision", ["kind", "id"], unique=False)
    op.create_table(
        "ruling",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_ruling_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_ruling")),
    )


def downgrade() -> None:
    op.drop_table("ruling")
    op.drop_index(op.f("ix_provision_kind_id"), "provision")
    op.drop_table("provision")
