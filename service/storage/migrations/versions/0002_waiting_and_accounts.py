"""where a moved demand stood before; what was done to accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("demand", sa.Column("moved_from", _ID, nullable=True))
    op.create_index(op.f("ix_demand_moved_from"), "demand", ["moved_from"], unique=False)
    op.create_table(
        "account_event",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.name"], name=op.f("fk_account_event_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    with op.batch_alter_table("matter_key", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(op.f("fk_matter_key_matter_id"), type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("matter_key", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_matter_key_matter_id"), "matter", ["matter_id"], ["id"]
        )
    op.drop_table("account_event")
    op.drop_index(op.f("ix_demand_moved_from"), "demand")
    op.drop_column("demand", "moved_from")
