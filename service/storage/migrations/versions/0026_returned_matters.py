"""Matters that are settled are counted by topic and department, those sent back are found."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SETTLED = sa.text("coalesce(merged_into, 0) = 0 AND status IN ('answered', 'closed')")
_RETURNED = sa.text("coalesce(merged_into, 0) = 0 AND return_count > 0")


def upgrade() -> None:
    op.create_index(
        "ix_matter_settled",
        "matter",
        ["topic", "department", "return_count"],
        sqlite_where=_SETTLED,
        postgresql_where=_SETTLED,
    )
    op.create_index(
        "ix_matter_returned",
        "matter",
        ["topic"],
        sqlite_where=_RETURNED,
        postgresql_where=_RETURNED,
    )


def downgrade() -> None:
    op.drop_index("ix_matter_returned", "matter")
    op.drop_index("ix_matter_settled", "matter")
