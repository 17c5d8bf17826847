"""Which matters a digest's scope covers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select, true

from service.domain.digest_scope import DigestScope, DigestScopeKind
from service.storage.tables import matter


def in_digest_scope(scope: DigestScope) -> ColumnElement[bool]:
    """The condition on a matter; a topic of the first level covers those below it."""
    return {
        DigestScopeKind.WHOLE: true(),
        DigestScopeKind.COMMITTEE: matter.c.committee.in_(scope.covered),
        DigestScopeKind.STUDIO: matter.c.studio == scope.key,
        DigestScopeKind.DEPARTMENT: matter.c.department == scope.key,
        DigestScopeKind.TOPIC: matter.c.topic.startswith(scope.key, autoescape=True),
    }[scope.kind]


def has_department(connection: Connection, name: str) -> bool:
    """Whether a matter ever went to a department of this name."""
    found = select(matter.c.id).where(matter.c.department == name).limit(1)
    return connection.execute(found).first() is not None
