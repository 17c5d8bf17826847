"""models learned from corrections; people's decisions found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("learned_until", sa.DateTime(), nullable=False),
        sa.Column("lesson_count", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("activated_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model")),
    )
    op.create_index(
        op.f("ix_classification_decided_by"), "classification", ["decided_by"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_classification_decided_by"), "classification")
    op.drop_table("model")
