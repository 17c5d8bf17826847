"""Matters that are settled are counted by topic and department, those sent back are found."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SETTLED = sa.text("merged_into IS NULL AND status IN ('answered', 'closed')")
_RETURNED = sa.text("merged_into IS NULL AND return_count > 0")


def upgrade() -> None:
    op.create_index(
        "ix_matter_settled",
        "matter",
        ["topic", "department"],
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
