"""The share of the matters that an address asks a digest for."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from classifier.taxonomy import Taxonomy
from service.domain.digest_scope import DigestScope, DigestScopeKind
from service.domain.organisation import Organisation
from service.usecases.digest_scope import find_scope
from service.web.choices import Group, Option, all_topic_groups, studio_groups
from service.web.dependencies import CurrentContext


def asked_scope(
    context: CurrentContext,
    committee: Annotated[str, Query(max_length=100, description="政协组织的编号，含其下级")] = "",
    studio: Annotated[str, Query(max_length=100, description="委员工作室的编号")] = "",
    department: Annotated[str, Query(max_length=100, description="承办单位的名称")] = "",
    topic: Annotated[str, Query(max_length=100, description="一级或二级主题的代码")] = "",
) -> DigestScope:
    """At most one of them; the whole county where none is given. Raises as ``find_scope``."""
    return find_scope(
        context, committee=committee, studio=studio, department=department, topic=topic
    )


AskedScope = Annotated[DigestScope, Depends(asked_scope)]


def chosen_scope(
    context: CurrentContext,
    asked: AskedScope,
    scope: Annotated[str, Query(max_length=120, description="如 studio:DB-01")] = "",
) -> DigestScope:
    """What a page's only select chose, in the form ``kind:key``; else what the address asks."""
    kind, _, key = scope.partition(":")
    keys = {one.value: "" for one in DigestScopeKind if one is not DigestScopeKind.WHOLE}
    if kind not in keys or not key:
        return asked
    return find_scope(context, **keys | {kind: key})


ChosenScope = Annotated[DigestScope, Depends(chosen_scope)]


def scope_query(scope: DigestScope) -> str:
    """The scope as it stands in an address, "" for the whole county."""
    if scope.kind is DigestScopeKind.WHOLE:
        return ""
    return urlencode({scope.kind.value: scope.key})


def scope_groups(organisation: Organisation, taxonomy: Taxonomy) -> list[Group]:
    """All that a digest can be narrowed to, valued ``kind:key``."""
    committees = tuple(Option(one.code, one.name) for one in organisation.committees)
    departments = tuple(Option(one.name, one.name) for one in organisation.departments)
    return [
        *_valued(
            DigestScopeKind.COMMITTEE, [Group(DigestScopeKind.COMMITTEE.label_zh, committees)]
        ),
        *_valued(DigestScopeKind.STUDIO, studio_groups(organisation)),
        *_valued(
            DigestScopeKind.DEPARTMENT, [Group(DigestScopeKind.DEPARTMENT.label_zh, departments)]
        ),
        *_valued(DigestScopeKind.TOPIC, all_topic_groups(taxonomy)),
    ]


def _valued(kind: DigestScopeKind, groups: list[Group]) -> list[Group]:
    return [
        Group(
            group.label,
            tuple(Option(f"{kind.value}:{one.value}", one.label) for one in group.options),
        )
        for group in groups
        if group.options
    ]
