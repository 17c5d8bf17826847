"""A message with several demands is offered as parts, and confirmed parts are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("message", sa.Column("part_of", _ID, nullable=True))
    op.create_index(op.f("ix_message_part_of"), "message", ["part_of"], unique=False)
    op.add_column("demand", sa.Column("part_start", sa.Integer(), nullable=True))
    op.add_column("demand", sa.Column("part_end", sa.Integer(), nullable=True))
    op.create_table(
        "parting",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("went", sa.JSON(), nullable=False),
        sa.Column("last_part_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_parting_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_parting")),
    )
    op.create_index(op.f("ix_parting_last_part_id"), "parting", ["last_part_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_parting_last_part_id"), "parting")
    op.drop_table("parting")
    op.drop_column("demand", "part_end")
    op.drop_column("demand", "part_start")
    op.drop_index(op.f("ix_message_part_of"), "message")
    op.drop_column("message", "part_of")
