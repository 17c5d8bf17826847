"""汇总范围: whose messages a digest speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.labels import Labelled


class DigestScopeKind(Labelled):
    """By what a digest is narrowed."""

    WHOLE = "whole", "全县"
    COMMITTEE = "committee", "政协组织"
    STUDIO = "studio", "委员工作室"
    DEPARTMENT = "department", "承办单位"
    TOPIC = "topic", "主题"


@dataclass(frozen=True, slots=True)
class DigestScope:
    """One reader's share of the matters.

    ``key`` is a code, of a department its name; ``name`` what people call it. ``covered`` are the
    codes that count as it: of a committee its own and those of all below it.
    """

    kind: DigestScopeKind = DigestScopeKind.WHOLE
    key: str = ""
    name: str = ""
    covered: tuple[str, ...] = ()


WHOLE_COUNTY = DigestScope()
