"""Changes of the organisation: who changed which row, when, and what became other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.labels import Labelled


class ChangeAction(Labelled):
    """What was done to a row; ``REORDERED`` to the rows of a table."""

    ADDED = "added", "新增"
    CHANGED = "changed", "修改"
    REMOVED = "removed", "删去"
    REORDERED = "reordered", "次序有变"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that became other. ``fields`` are column, before and after, as people read them.

    ``sheet`` is the table's Chinese name, ``code`` what tells the row apart in it.
    """

    sheet: str
    code: str
    name: str
    action: ChangeAction
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationChange:
    """A row's change as it is kept; those made together bear one ``version``."""

    id: int
    version: int
    at: datetime
    actor: str
    row: RowChange
