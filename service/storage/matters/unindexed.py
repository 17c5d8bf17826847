"""Conditions that no index serves, for where something else must lead to the rows.

Without statistics SQLite takes an equality for the narrowest: it would go through the index of
what nearly every row has in common, and read the whole history.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column

from service.domain.classification import MODEL
from service.storage.tables import classification, matter, message

MATTER_STANDS: ColumnElement[bool] = func.coalesce(matter.c.merged_into, 0) == 0
MESSAGE_IS_WHOLE: ColumnElement[bool] = func.coalesce(message.c.part_of, 0) == 0
JUDGED_BY_MODEL: ColumnElement[bool] = (
    func.coalesce(classification.c.decided_by, literal_column("''")) == MODEL
)
# Both are always there; the second only hides the first.
MATTER_OPENED_AT = func.coalesce(matter.c.opened_at, matter.c.due_at)
