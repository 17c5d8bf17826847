"""What makes matters findable: their keys and profiles, in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.rows import chunks
from service.storage.tables import matter_key, matter_profile


def read_keys(connection: Connection, keys: Sequence[int]) -> list[tuple[int, int]]:
    """All (key, matter id) under these keys, in order."""
    found: list[tuple[int, int]] = []
    for part in chunks(keys):
        rows = connection.execute(
            select(matter_key.c.key, matter_key.c.matter_id)
            .where(matter_key.c.key.in_(part))
            .order_by(matter_key.c.key, matter_key.c.matter_id)
        )
        found.extend((key, matter_id) for key, matter_id in rows)
    return found


def read_profiles(connection: Connection, matter_ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """(matter id, profile) of these matters, oldest first."""
    found: list[tuple[int, bytes]] = []
    for part in chunks(matter_ids):
        rows = connection.execute(
            select(matter_profile.c.matter_id, matter_profile.c.profile)
            .where(matter_profile.c.matter_id.in_(part))
            .order_by(matter_profile.c.id)
        )
        found.extend((matter_id, bytes(profile)) for matter_id, profile in rows)
    return found


def insert_keys(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Add (key, matter id) pairs; those that are there already stay."""
    rows = [{"key": key, "matter_id": matter_id} for key, matter_id in pairs]
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(matter_key).on_conflict_do_nothing(), rows)


def insert_profiles(connection: Connection, profiles: Iterable[tuple[int, bytes]]) -> None:
    """Add exemplars to matters."""
    rows = [{"matter_id": matter_id, "profile": profile} for matter_id, profile in profiles]
    if rows:
        connection.execute(matter_profile.insert(), rows)
