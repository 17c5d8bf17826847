"""Receipts have a PIN, messages a consent, programs have tokens, and accounts a second factor."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FACTOR = (
    ("totp_secret", sa.LargeBinary()),
    ("totp_since", sa.DateTime()),
    ("totp_step", sa.BigInteger()),
)


def upgrade() -> None:
    op.add_column("message", sa.Column("pin", sa.LargeBinary(), nullable=True))
    for name, length in (("consent_version", 20), ("taken_by", 100)):
        words = sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        op.add_column("message", words)
    detail = sa.Column("detail", sa.String(length=200), server_default="", nullable=False)
    op.add_column("account_event", detail)
    op.create_table(
        "api_token",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name=op.f("fk_api_token_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_account"), "api_token", ["account"], unique=False)
    for name, kind in _FACTOR:
        op.add_column("account", sa.Column(name, kind, nullable=True))
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.name"], name=op.f("fk_recovery_code_account")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account"), "recovery_code", ["account"], unique=False)


def downgrade() -> None:
    op.drop_table("recovery_code")
    for name, _ in reversed(_FACTOR):
        op.drop_column("account", name)
    op.drop_table("api_token")
    op.drop_column("account_event", "detail")
    for name in ("taken_by", "consent_version", "pin"):
        op.drop_column("message", name)
