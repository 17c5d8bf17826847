"""Where a matter should go instead, while somebody has it in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "route_proposal",
        sa.Column("matter_id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("studio", sa.String(length=64), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("runners_up", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_route_proposal_matter_id")
        ),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_route_proposal")),
    )


def downgrade() -> None:
    op.drop_table("route_proposal")
