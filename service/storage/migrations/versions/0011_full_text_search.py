"""Messages and answers are found by their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("key", _ID, autoincrement=False, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("terms", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_document_message_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_message_id"), "document", ["message_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_document_terms", "document", ["terms"], postgresql_using="gin")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE document_terms USING fts5"
            "(terms, content='', columnsize=0, detail=none, tokenize='ascii')"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE document_terms")
    op.drop_table("document")
