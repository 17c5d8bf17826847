"""Keyed digests name their key; entries of histories are salted, so that none can be guessed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEYED = ("api_token", "recovery_code", "seal", "redaction")


def upgrade() -> None:
    for table in _KEYED:
        op.add_column(table, sa.Column("key_id", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("event", sa.Column("salt", sa.LargeBinary(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("event", "salt")
    for table in reversed(_KEYED):
        op.drop_column(table, "key_id")
