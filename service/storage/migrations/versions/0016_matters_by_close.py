"""Digests find the matters closed in a period by their day."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_matter_closed_at"), "matter", ["closed_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_matter_closed_at"), table_name="matter")
