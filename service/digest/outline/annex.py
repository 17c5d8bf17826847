"""附件: long tables behind the signature, and those that only the workbook has room for."""

from __future__ import annotations

from service.digest.counts import Dimension
from service.digest.outline.blocks import Section, Table
from service.digest.outline.change_section import new_words_table
from service.digest.outline.count_section import count_table_of
from service.digest.outline.health_section import health_table, models_table
from service.digest.outline.materials_section import evidence_table
from service.digest.outline.overdue_section import overdue_departments
from service.digest.outline.stuck_section import stuck_annex
from service.digest.outline.work_section import work_of_members
from service.digest.report import Digest

_COUNTED = (Dimension.TOPIC, Dimension.STUDIO, Dimension.CHANNEL, Dimension.KIND)


def annex(digest: Digest) -> Section:
    """The tables that a digest has anything in; how figures are made follows in any case."""
    tables = (
        *stuck_annex(digest),
        *(count_table_of(digest, dimension) for dimension in _COUNTED),
        work_of_members(digest),
        evidence_table(digest),
    )
    filled = tuple(table for table in tables if table.rows)
    return Section("统计详表和口径" if filled else "统计口径", filled)


def sheets(digest: Digest) -> tuple[Table, ...]:
    """What only the workbook has; of one committee alone a table would say nothing."""
    has_several = len(digest.table(Dimension.COMMITTEE).rows) > 1
    tables = (
        new_words_table(digest),
        overdue_departments(digest),
        *((count_table_of(digest, Dimension.COMMITTEE),) if has_several else ()),
        health_table(digest),
        models_table(digest),
    )
    return tuple(table for table in tables if table.rows)
