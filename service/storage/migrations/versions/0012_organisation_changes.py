"""Committees' own sectors, shifts, and who changed what in the directory."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sector",
        sa.Column("committee", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee"], ["committee.code"], name=op.f("fk_sector_committee")
        ),
        sa.PrimaryKeyConstraint("committee", "name", name=op.f("pk_sector")),
    )
    op.create_table(
        "shift",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("studio", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("hours", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["studio"], ["studio.code"], name=op.f("fk_shift_studio")),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_shift_member")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_shift")),
    )
    op.create_table(
        "organisation_change",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=400), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_change")),
    )
    op.create_index(
        op.f("ix_organisation_change_version"), "organisation_change", ["version"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_change_sheet_code"),
        "organisation_change",
        ["sheet", "code"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("organisation_change")
    op.drop_table("shift")
    op.drop_table("sector")
