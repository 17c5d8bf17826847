"""Which model judges: the settings' own file, or one learned from corrections and promoted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from classifier.errors import ModelFileError
from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from service.domain.model_record import ModelRecord, ModelState
from service.errors import InvalidInputError, NotFoundError
from service.settings import Settings
from service.storage.database import Connection, Database
from service.storage.learning.models import (
    note_activation,
    read_active_model,
    read_models,
    set_active_model,
)
from service.storage.rows import take_provision_lock
from service.usecases.context import Context

_MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ModelList:
    """The learned models, the newest first, and the settings' own file.

    ``own_version`` is "" where that file cannot be read. ``is_named``: the settings name a file
    expressly; it then judges whatever is promoted.
    """

    learned: tuple[ModelRecord, ...]
    own_path: Path
    own_version: str
    is_named: bool

    @property
    def active(self) -> ModelRecord | None:
        """The learned model that is promoted."""
        return next((one for one in self.learned if one.state is ModelState.ACTIVE), None)


def learned_path(settings: Settings, version: str) -> Path:
    """Where the file of a learned model lies."""
    return settings.home / "models" / f"{version}.mqm"


def active_model_path(settings: Settings, database: Database) -> Path:
    """The file to judge with: the one the settings name, else the promoted, else the shipped.

    It is not looked whether the file is there: a promoted model that is lost or damaged must be
    noticed, and is not to be replaced by another in silence.
    """
    if settings.model is not None:
        return settings.model
    with database.reading() as connection:
        active = read_active_model(connection)
    return settings.model_path if active is None else learned_path(settings, active.version)


def list_models(context: Context) -> ModelList:
    """All models there are."""
    with context.database.reading() as connection:
        return _listed(context, connection)


def _listed(context: Context, connection: Connection) -> ModelList:
    settings = context.settings
    return ModelList(
        learned=tuple(read_models(connection)),
        own_path=settings.model_path,
        own_version=_version(settings.model_path, context.triage.taxonomy),
        is_named=settings.model is not None,
    )


def _version(path: Path, taxonomy: Taxonomy) -> str:
    try:
        return Model.load(path, taxonomy).version
    except ModelFileError:
        return ""


def promote_model(context: Context, version: str) -> ModelList:
    """Let a learned model judge from the next start on, or the settings' own file by its version.

    Raises
    ------
    InvalidInputError
        It judges already.
    ModelFileError
        Its file is missing or damaged; nothing was changed.
    NotFoundError
        There is no model of this version.
    """
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        before = _listed(context, connection)
        if version == (before.active.version if before.active else before.own_version):
            raise InvalidInputError(f"模型 {version[:_MAX_SHOWN]} 已在使用")
        if version != before.own_version:
            if version not in {one.version for one in before.learned}:
                raise NotFoundError(f"模型 {version[:_MAX_SHOWN]}")
            Model.load(learned_path(context.settings, version), context.triage.taxonomy)
        activate(connection, None if version == before.own_version else version, context.now())
        return _listed(context, connection)


def activate(connection: Connection, version: str | None, at: datetime) -> None:
    """Put a registered model in force, or the settings' own file, and keep when."""
    set_active_model(connection, version)
    if version is not None:
        note_activation(connection, version, at)


def roll_back_model(context: Context) -> ModelList:
    """Let the model judge that did so before the active one; the settings' own if there is none.

    Raises
    ------
    InvalidInputError
        No learned model is in use.
    ModelFileError
        The earlier model's file is missing or damaged; nothing was changed.
    """
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        before = _listed(context, connection)
        if before.active is None:
            raise InvalidInputError("使用的是随附的模型，没有可以退回的")
        earlier = _earlier(before.learned, before.active)
        if earlier is not None:
            path = learned_path(context.settings, earlier.version)
            Model.load(path, context.triage.taxonomy)
        set_active_model(connection, earlier.version if earlier else None)
        return _listed(context, connection)


def _earlier(learned: tuple[ModelRecord, ...], active: ModelRecord) -> ModelRecord | None:
    """Of the models promoted before the active one, the one promoted last."""
    earlier = [
        (one.activated_at, one)
        for one in learned
        if one.activated_at and active.activated_at and one.activated_at < active.activated_at
    ]
    return max(earlier, key=lambda pair: pair[0])[1] if earlier else None
