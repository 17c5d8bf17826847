"""Models learned from corrections, as they are registered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.domain.model_record import ModelRecord, ModelState
from service.storage.tables import model


def read_models(connection: Connection) -> list[ModelRecord]:
    """All of them, the newest first."""
    query = select(model).order_by(model.c.made_at.desc(), model.c.version)
    return [_as_record(row) for row in connection.execute(query)]


def read_active_model(connection: Connection) -> ModelRecord | None:
    """The one that judges; None where the settings' own file does."""
    query = select(model).where(model.c.state == ModelState.ACTIVE.value)
    row = connection.execute(query).first()
    return None if row is None else _as_record(row)


def insert_model(connection: Connection, record: ModelRecord) -> None:
    """Register a model; one of the same version gives way."""
    delete_model(connection, record.version)
    row = {column.name: getattr(record, column.name) for column in model.columns}
    connection.execute(insert(model), row | {"state": record.state.value})


def delete_model(connection: Connection, version: str) -> None:
    """Forget a model."""
    connection.execute(delete(model).where(model.c.version == version))


def set_active_model(connection: Connection, version: str | None) -> None:
    """Let this one judge, or the settings' own file; the one before is retired."""
    retired = update(model).where(model.c.state == ModelState.ACTIVE.value)
    connection.execute(retired.values(state=ModelState.RETIRED.value))
    if version is not None:
        chosen = update(model).where(model.c.version == version)
        connection.execute(chosen.values(state=ModelState.ACTIVE.value))


def note_activation(connection: Connection, version: str, at: datetime) -> None:
    """Keep when a model was promoted."""
    connection.execute(update(model).where(model.c.version == version).values(activated_at=at))


def _as_record(row: Row[Any]) -> ModelRecord:
    return ModelRecord(
        version=row.version,
        base=row.base,
        made_at=row.made_at,
        learned_until=row.learned_until,
        lesson_count=row.lesson_count,
        figures=row.figures,
        state=ModelState(row.state),
        activated_at=row.activated_at,
    )
