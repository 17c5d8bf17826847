"""Matters are merged and split; what is known between two matters."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("matter", sa.Column("merged_into", _ID, nullable=True))
    op.create_index(op.f("ix_matter_merged_into"), "matter", ["merged_into"], unique=False)
    op.create_table(
        "merge",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("into_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("was_urgent", sa.Boolean(), nullable=False),
        sa.Column("was_due_at", sa.DateTime(), nullable=False),
        sa.Column("was_message_count", sa.Integer(), nullable=False),
        sa.Column("split_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_merge_matter_id")),
        sa.ForeignKeyConstraint(["into_id"], ["matter.id"], name=op.f("fk_merge_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_matter_id"), "merge", ["matter_id"], unique=False)
    op.create_index(op.f("ix_merge_into_id"), "merge", ["into_id"], unique=False)
    op.create_table(
        "merged_demand",
        sa.Column("merge_id", _ID, autoincrement=False, nullable=False),
        sa.Column("demand_id", _ID, autoincrement=False, nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name=op.f("fk_merged_demand_merge_id")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_merged_demand_demand_id")
        ),
        sa.PrimaryKeyConstraint("merge_id", "demand_id", name=op.f("pk_merged_demand")),
    )
    op.create_table(
        "matter_pair",
        sa.Column("low_id", _ID, autoincrement=False, nullable=False),
        sa.Column("high_id", _ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["low_id"], ["matter.id"], name=op.f("fk_matter_pair_low_id")),
        sa.ForeignKeyConstraint(["high_id"], ["matter.id"], name=op.f("fk_matter_pair_high_id")),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_matter_pair")),
    )
    op.create_index(op.f("ix_matter_pair_high_id"), "matter_pair", ["high_id"], unique=False)


def downgrade() -> None:
    op.drop_table("matter_pair")
    op.drop_table("merged_demand")
    op.drop_table("merge")
    op.drop_index(op.f("ix_matter_merged_into"), "matter")
    op.drop_column("matter", "merged_into")
