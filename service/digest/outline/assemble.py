"""Digest in, outline out: the order of the sections."""

from __future__ import annotations

from service.digest.outline.annex import annex, sheets
from service.digest.outline.blocks import Outline, Section
from service.digest.outline.change_section import change_blocks
from service.digest.outline.count_section import count_blocks
from service.digest.outline.health_section import health_blocks
from service.digest.outline.hot_section import hot_blocks
from service.digest.outline.materials_section import material_blocks
from service.digest.outline.notes import note_lines
from service.digest.outline.overdue_section import overdue_blocks
from service.digest.outline.overview_section import overview_blocks
from service.digest.outline.stuck_section import stuck_blocks
from service.digest.outline.words import chinese_number
from service.digest.outline.work_section import work_blocks
from service.digest.periods import show_day
from service.digest.report import Digest
from service.digest.texts import fit
from service.domain.digest_scope import DigestScope, DigestScopeKind

_SECTIONS = (
    ("总体情况", overview_blocks),
    ("热点事项", hot_blocks),
    ("上升与新情况", change_blocks),
    ("滞留与逾期", lambda digest: (*overdue_blocks(digest), *stuck_blocks(digest))),
    ("分类统计", count_blocks),
    ("工作室和委员履职", work_blocks),
    ("模型运行", health_blocks),
    ("社情民意素材", material_blocks),
)


def outline(digest: Digest) -> Outline:
    """What the documents of ``digest`` say."""
    sections = tuple(
        Section(f"{chinese_number(place)}、{heading}", blocks(digest))
        for place, (heading, blocks) in enumerate(_SECTIONS, start=1)
    )
    return Outline(
        title=digest.title,
        subtitle=digest.period.range_zh + _scope_zh(digest.scope),
        sections=sections,
        issuer=digest.issuer,
        date=show_day(digest.cut_at.date()),
        annex=annex(digest),
        sheets=sheets(digest),
        notes=note_lines(digest),
    )


def _scope_zh(scope: DigestScope) -> str:
    """E.g. ``　主题：环境保护``; nothing for the whole county."""
    if scope.kind is DigestScopeKind.WHOLE:
        return ""
    return f"　{scope.kind.label_zh}：{fit(scope.name)}"
