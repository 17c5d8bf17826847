"""What is supervised, and where more days are asked for, stands in the queue's order by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_ORDER = ["status", "is_urgent", "due_at", "id"]
_IS_SUPERVISED = {"sqlite": "is_supervised IS 1", "postgresql": "is_supervised IS true"}


def upgrade() -> None:
    supervised = _IS_SUPERVISED[op.get_bind().dialect.name]
    for name, which in (("supervised", supervised), ("extension", "extension_days IS NOT NULL")):
        where = sa.text(f"merged_into IS NULL AND {which}")
        op.create_index(
            f"ix_matter_queue_{name}", "matter", _ORDER, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for name in ("extension", "supervised"):
        op.drop_index(f"ix_matter_queue_{name}", "matter")
