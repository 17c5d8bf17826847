"""The departments that help with a matter stand in rows of their own, which an index leads to."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Inside the database, so that no row of the matters is held in memory.
_EACH_HELPER = {
    "sqlite": "SELECT DISTINCT each.value, matter.id"
    " FROM matter, json_each(matter.helping) AS each",
    "postgresql": "SELECT DISTINCT each.value, matter.id"
    " FROM matter, json_array_elements_text(matter.helping) AS each",
}


def upgrade() -> None:
    op.create_table(
        "matter_helper",
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("matter_id", _ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_matter_helper_matter_id")
        ),
        sa.PrimaryKeyConstraint("department", "matter_id", name=op.f("pk_matter_helper")),
    )
    each = _EACH_HELPER[op.get_bind().dialect.name]
    op.execute(f"INSERT INTO matter_helper (department, matter_id) {each}")
    op.create_index(op.f("ix_matter_helper_matter_id"), "matter_helper", ["matter_id"])


def downgrade() -> None:
    op.drop_table("matter_helper")
