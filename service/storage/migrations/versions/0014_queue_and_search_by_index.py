"""More that the queue and full-text search ask is found by an index, in their order.

The queue's indexes hold the matters that stand alone only; the index of terms on PostgreSQL knows
when a document was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ORDER = ["status", "is_urgent", "due_at", "id"]
_OLD = ("studio", "department", "committee", "place", "kind", "topic")
_STANDS = sa.text("merged_into IS NULL")
_DUE_BEFORE_OPENED = sa.text("merged_into IS NULL AND due_at < opened_at")
# Name, what stands before the order and behind it, and of which matters.
_NEW = (
    ("ix_matter_queue", [], ["opened_at"], _STANDS),
    *((f"ix_matter_queue_{name}", [name], [], _STANDS) for name in _OLD[:-1]),
    ("ix_matter_queue_topic", [sa.text("substr(topic, 1, 2)")], ["topic"], _STANDS),
    *(
        (f"ix_matter_queue_member_{place}", [sa.text(f"(members ->> {place})")], [], _STANDS)
        for place in range(3)
    ),
    ("ix_matter_due_before_opened", [], [], _DUE_BEFORE_OPENED),
)


def upgrade() -> None:
    op.drop_index(op.f("ix_matter_status_is_urgent_due_at_id"), "matter")
    for column in _OLD:
        op.drop_index(_old_name(column), "matter")
    for name, before, behind, which in _NEW:
        columns = [*before, *_ORDER, *behind]
        op.create_index(name, "matter", columns, sqlite_where=which, postgresql_where=which)
    op.create_index(op.f("ix_matter_opened_at"), "matter", ["opened_at"], unique=False)
    op.drop_index(op.f("ix_demand_matter_id_id"), "demand")
    op.create_index(
        op.f("ix_demand_matter_id_id_message_id_part_start"),
        "demand",
        ["matter_id", "id", "message_id", "part_start"],
        unique=False,
    )
    _index_terms("(terms || array_to_tsvector(ARRAY['#' || (key >> 43)::text]))")


def downgrade() -> None:
    _index_terms("terms")
    op.drop_index(op.f("ix_demand_matter_id_id_message_id_part_start"), "demand")
    op.create_index(op.f("ix_demand_matter_id_id"), "demand", ["matter_id", "id"], unique=False)
    op.drop_index(op.f("ix_matter_opened_at"), "matter")
    for name, *_ in _NEW:
        op.drop_index(name, "matter")
    for column in _OLD:
        op.create_index(_old_name(column), "matter", [column, *_ORDER], unique=False)
    op.create_index(op.f("ix_matter_status_is_urgent_due_at_id"), "matter", _ORDER, unique=False)


def _index_terms(terms: str) -> None:
    """On PostgreSQL a document is found by its terms and, as one more, its eight days."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_document_terms", "document")
        op.execute(f"CREATE INDEX ix_document_terms ON document USING gin ({terms})")


def _old_name(column: str) -> str:
    return op.f(f"ix_matter_{column}_status_is_urgent_due_at_id")
