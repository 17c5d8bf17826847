"""Matters are claimed for a time, and filters of the queue are kept and found by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ORDER = ["status", "is_urgent", "due_at", "id"]
_FILTERED_BY = ("studio", "department", "committee", "place", "kind", "topic")


def upgrade() -> None:
    op.add_column("matter", sa.Column("claim_ends_at", sa.DateTime(), nullable=True))
    op.drop_index(op.f("ix_matter_studio"), "matter")
    for column in _FILTERED_BY:
        op.create_index(_name(column), "matter", [column, *_ORDER], unique=False)
    free = sa.text("merged_into IS NULL AND closed_at IS NULL AND claim_ends_at IS NULL")
    in_order = [sa.text("is_urgent DESC"), "due_at", "id"]
    op.create_index("ix_matter_free", "matter", in_order, sqlite_where=free, postgresql_where=free)
    op.drop_index(op.f("ix_demand_matter_id"), "demand")
    op.create_index(op.f("ix_demand_matter_id_id"), "demand", ["matter_id", "id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("matter_id", _ID, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_claim_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_account"), "claim", ["account"], unique=False)
    op.create_index(op.f("ix_claim_ends_at"), "claim", ["ends_at"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_saved_view")),
    )


def downgrade() -> None:
    op.drop_table("saved_view")
    op.drop_table("claim")
    op.drop_index(op.f("ix_demand_matter_id_id"), "demand")
    op.create_index(op.f("ix_demand_matter_id"), "demand", ["matter_id"], unique=False)
    op.drop_index("ix_matter_free", "matter")
    for column in _FILTERED_BY:
        op.drop_index(_name(column), "matter")
    op.create_index(op.f("ix_matter_studio"), "matter", ["studio"], unique=False)
    op.drop_column("matter", "claim_ends_at")


def _name(column: str) -> str:
    return op.f(f"ix_matter_{column}_status_is_urgent_due_at_id")
