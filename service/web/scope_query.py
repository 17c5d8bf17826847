"""The share of the matters that an address asks a digest for."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from service.domain.access import Account
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.usecases.context import Context
from service.usecases.digests.digest_scope import find_scope, may_digest, scope_of_account
from service.web.allowed import MayDigest
from service.web.choices import Group, Option, all_topic_groups, studio_groups
from service.web.dependencies import CurrentContext


def asked_scope(
    context: CurrentContext,
    account: MayDigest,
    committee: Annotated[str, Query(max_length=100, description="政协组织的编号，含其下级")] = "",
    studio: Annotated[str, Query(max_length=100, description="委员工作室的编号")] = "",
    department: Annotated[str, Query(max_length=100, description="承办单位的名称")] = "",
    topic: Annotated[str, Query(max_length=100, description="一级或二级主题的代码")] = "",
) -> DigestScope:
    """At most one of them; all that the account is for where none is given.

    Raises as ``find_scope`` and ``scope_of_account``.
    """
    asked = find_scope(
        context, committee=committee, studio=studio, department=department, topic=topic
    )
    return scope_of_account(context, account, asked)


AskedScope = Annotated[DigestScope, Depends(asked_scope)]


def chosen_scope(
    context: CurrentContext,
    account: MayDigest,
    asked: AskedScope,
    scope: Annotated[str, Query(max_length=120, description="如 studio:DB-01")] = "",
) -> DigestScope:
    """What a page's only select chose, in the form ``kind:key``; else what the address asks."""
    return read_scope(context, account, scope) if ":" in scope else asked


def read_scope(context: Context, account: Account, value: str) -> DigestScope:
    """The scope of a select's value ``kind:key``; all that the account is for where it is none.

    Raises as ``find_scope`` and ``scope_of_account``.
    """
    kind, _, key = value.partition(":")
    keys = {one.value: "" for one in DigestScopeKind if one is not DigestScopeKind.WHOLE}
    if kind not in keys or not key:
        return scope_of_account(context, account, WHOLE_COUNTY)
    return scope_of_account(context, account, find_scope(context, **keys | {kind: key}))


ChosenScope = Annotated[DigestScope, Depends(chosen_scope)]


def scope_query(scope: DigestScope) -> str:
    """The scope as it stands in an address, "" for the whole county."""
    if scope.kind is DigestScopeKind.WHOLE:
        return ""
    return urlencode({scope.kind.value: scope.key})


def scope_groups(context: Context, account: Account) -> list[Group]:
    """All that an account can narrow a digest to, valued ``kind:key``."""
    organisation = context.triage.organisation
    committees = tuple(Option(one.code, one.name) for one in organisation.committees)
    departments = tuple(Option(one.name, one.name) for one in organisation.departments)
    kinds = {
        DigestScopeKind.COMMITTEE: [Group(DigestScopeKind.COMMITTEE.label_zh, committees)],
        DigestScopeKind.STUDIO: studio_groups(organisation),
        DigestScopeKind.DEPARTMENT: [Group(DigestScopeKind.DEPARTMENT.label_zh, departments)],
        DigestScopeKind.TOPIC: all_topic_groups(context.triage.taxonomy),
    }
    return [
        group
        for kind, groups in kinds.items()
        for group in _valued(kind, [_allowed(context, account, kind, one) for one in groups])
    ]


def _allowed(context: Context, account: Account, kind: DigestScopeKind, group: Group) -> Group:
    options = (one for one in group.options if may_digest(context, account, kind, one.value))
    return Group(group.label, tuple(options))


def _valued(kind: DigestScopeKind, groups: list[Group]) -> list[Group]:
    return [
        Group(
            group.label,
            tuple(Option(f"{kind.value}:{one.value}", one.label) for one in group.options),
        )
        for group in groups
        if group.options
    ]
