"""Messages stand for their matters, found by keys; profiles of the old format are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PROFILE: sa.ColumnClause[bytes] = sa.column("profile", sa.LargeBinary())
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "exemplar",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_exemplar_message_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_exemplar_matter_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_exemplar")),
    )
    op.create_index(op.f("ix_exemplar_matter_id"), "exemplar", ["matter_id"], unique=False)
    op.create_table(
        "exemplar_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "message_id", name=op.f("pk_exemplar_key")),
        sqlite_with_rowid=False,
    )
    # An empty profile is of no format: the matter's exemplars are made anew from its messages.
    found = sa.table("matter_profile", sa.column("matter_id"))
    demand = sa.table("demand", sa.column("message_id"), sa.column("matter_id"))
    made = sa.table("exemplar", sa.column("message_id"), sa.column("matter_id"), _PROFILE)
    first = (
        sa.select(
            sa.func.min(demand.c.message_id), demand.c.matter_id, sa.literal(b"", _PROFILE.type)
        )
        .where(demand.c.matter_id.in_(sa.select(found.c.matter_id)))
        .group_by(demand.c.matter_id)
    )
    op.execute(sa.insert(made).from_select(["message_id", "matter_id", "profile"], first))
    op.drop_table("matter_profile")
    op.drop_table("matter_key")


def downgrade() -> None:
    op.create_table(
        "matter_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("matter_id", _ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "matter_id", name=op.f("pk_matter_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "matter_profile",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_matter_profile_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_profile")),
    )
    op.create_index(
        op.f("ix_matter_profile_matter_id"), "matter_profile", ["matter_id"], unique=False
    )
    op.drop_table("exemplar_key")
    op.drop_table("exemplar")
