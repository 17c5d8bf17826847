"""SQLite's full-text index is written a batch at a time and merged half as often."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_FORMER = {"hashsize": 1_048_576, "automerge": 4}
_NOW = {"hashsize": 8_388_608, "automerge": 8}


def upgrade() -> None:
    _set(_NOW)


def downgrade() -> None:
    _set(_FORMER)


def _set(options: dict[str, int]) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        return
    for option in options.items():
        connection.exec_driver_sql(
            "INSERT INTO document_terms (document_terms, rank) VALUES (?, ?)", option
        )
