"""The keys of the newest exemplars lie in rows of their own before they are merged with others.

A program of the version before finds none of these; what it writes itself is found by all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "auxiliary_keys",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("mark", _ID, nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_auxiliary_keys")),
    )
    op.create_table(
        "auxiliary_merge",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("merged_to", _ID, nullable=False),
        sa.Column("merging_to", _ID, nullable=False),
        sa.Column("next_part", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auxiliary_merge")),
    )


def downgrade() -> None:
    # An empty profile is of no format: the next start makes it and its postings anew.
    newest = "SELECT message_id FROM auxiliary_keys"
    op.execute(f"UPDATE exemplar SET profile = '' WHERE message_id IN ({newest})")  # noqa: S608
    op.drop_table("auxiliary_merge")
    op.drop_table("auxiliary_keys")
