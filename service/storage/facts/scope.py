"""Which matters a digest's scope covers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select, true

from service.domain.scope import Scope, ScopeKind
from service.storage.tables import matter


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition on a matter; a topic of the first level covers those below it."""
    return {
        ScopeKind.WHOLE: true(),
        ScopeKind.COMMITTEE: matter.c.committee.in_(scope.covered),
        ScopeKind.STUDIO: matter.c.studio == scope.key,
        ScopeKind.DEPARTMENT: matter.c.department == scope.key,
        ScopeKind.TOPIC: matter.c.topic.startswith(scope.key, autoescape=True),
    }[scope.kind]


def has_department(connection: Connection, name: str) -> bool:
    """Whether a matter ever went to a department of this name."""
    found = select(matter.c.id).where(matter.c.department == name).limit(1)
    return connection.execute(found).first() is not None
