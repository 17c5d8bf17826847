"""Digests find the matters opened or closed in a period by their day."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("opened_at", "closed_at"):
        op.create_index(op.f(f"ix_matter_{column}"), "matter", [column], unique=False)


def downgrade() -> None:
    for column in ("closed_at", "opened_at"):
        op.drop_index(op.f(f"ix_matter_{column}"), table_name="matter")
