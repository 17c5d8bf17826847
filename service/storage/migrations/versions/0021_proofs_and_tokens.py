"""Receipts have a PIN."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("pin", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "pin")
