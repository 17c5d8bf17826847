"""Which model judges: promoted, rolled back, named expressly, lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classifier.errors import ModelFileError
from classifier.judging.model import Model
from classifier.modelfile import read_model_file, write_model_file
from service.composition import build_context, build_triage
from service.domain.model_record import ModelRecord, ModelState
from service.errors import InvalidInputError, NotFoundError
from service.storage.learning.models import insert_model
from service.usecases.context import Context
from service.usecases.in_force.models import (
    active_model_path,
    learned_path,
    list_models,
    promote_model,
    roll_back_model,
)
from service.usecases.readiness import check_readiness
from tests.makers import Clock
from tests.service.usecases.taught import with_small_model


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Context:
    return with_small_model(context, tmp_path / "data")


def learned_model(desk: Context, mark: str) -> str:
    """Register a copy of the small model with another version, and give that."""
    file = read_model_file(desk.settings.model_path)
    draft = learned_path(desk.settings, mark)
    draft.parent.mkdir(exist_ok=True)
    version = write_model_file(draft, {**file.header, "mark": mark}, file.sections)
    draft.replace(learned_path(desk.settings, version))
    now = desk.now()
    record = ModelRecord(version, "base", now, now, 7, {}, ModelState.CHALLENGER)
    with desk.database.transaction() as connection:
        insert_model(connection, record)
    return version


def shipped(desk: Context) -> str:
    return Model.load(desk.settings.model_path).version


def states(desk: Context) -> dict[str, str]:
    return {one.version: one.state.value for one in list_models(desk).learned}


def test_without_a_learned_model_the_shipped_one_judges(desk: Context) -> None:
    found = list_models(desk)
    assert (found.learned, found.active, found.is_named) == ((), None, False)
    assert (found.own_version, found.own_path) == (shipped(desk), desk.settings.model_path)
    assert active_model_path(desk.settings, desk.database) == desk.settings.model_path


def test_promotions_are_rolled_back_one_by_one(desk: Context, clock: Clock) -> None:
    first, second = learned_model(desk, "one"), learned_model(desk, "two")
    promote_model(desk, first)
    clock.forward(hours=1)
    promote_model(desk, second)
    assert states(desk) == {first: "retired", second: "active"}
    assert active_model_path(desk.settings, desk.database) == learned_path(desk.settings, second)
    roll_back_model(desk)
    assert states(desk) == {first: "active", second: "retired"}
    assert roll_back_model(desk).active is None
    assert states(desk) == {first: "retired", second: "retired"}
    with pytest.raises(InvalidInputError, match="没有可以退回的"):
        roll_back_model(desk)


def test_a_retired_model_is_promoted_again(desk: Context, clock: Clock) -> None:
    first, second = learned_model(desk, "one"), learned_model(desk, "two")
    for version in (first, second, first):
        promote_model(desk, version)
        clock.forward(hours=1)
    active = roll_back_model(desk).active
    assert active is not None
    assert active.version == second


def test_the_shipped_model_is_promoted_by_its_version(desk: Context) -> None:
    first = learned_model(desk, "one")
    promote_model(desk, first)
    assert promote_model(desk, shipped(desk)).active is None
    assert states(desk) == {first: "retired"}


@pytest.mark.parametrize("version", ["", "000000000000", "../../etc/passwd", "一" * 500, "\x00"])
def test_an_unknown_version_is_refused(desk: Context, version: str) -> None:
    with pytest.raises(NotFoundError):
        promote_model(desk, version)


def test_the_model_in_use_is_not_promoted_again(desk: Context) -> None:
    with pytest.raises(InvalidInputError, match="已在使用"):
        promote_model(desk, shipped(desk))
    first = learned_model(desk, "one")
    promote_model(desk, first)
    with pytest.raises(InvalidInputError, match="已在使用"):
        promote_model(desk, first)


def test_a_lost_or_damaged_file_is_not_promoted(desk: Context) -> None:
    first = learned_model(desk, "one")
    learned_path(desk.settings, first).write_bytes(b"no model")
    with pytest.raises(ModelFileError):
        promote_model(desk, first)
    learned_path(desk.settings, first).unlink()
    with pytest.raises(ModelFileError):
        promote_model(desk, first)
    assert states(desk) == {first: "challenger"}


def test_nobody_rolls_back_to_a_lost_file(desk: Context, clock: Clock) -> None:
    first, second = learned_model(desk, "one"), learned_model(desk, "two")
    promote_model(desk, first)
    clock.forward(hours=1)
    promote_model(desk, second)
    learned_path(desk.settings, first).unlink()
    with pytest.raises(ModelFileError):
        roll_back_model(desk)
    assert states(desk)[second] == "active"


def test_a_model_named_expressly_wins(desk: Context, tmp_path: Path) -> None:
    promote_model(desk, learned_model(desk, "one"))
    named = desk.settings.model_copy(update={"model": tmp_path / "own.mqm"})
    assert active_model_path(named, desk.database) == tmp_path / "own.mqm"
    assert list_models(replace(desk, settings=named)).is_named


@pytest.mark.parametrize("content", [None, b"", b"\x89MINQING" + bytes(100)])
def test_a_lost_active_model_is_replaced_by_none_and_readyz_tells(
    desk: Context, content: bytes | None
) -> None:
    version = learned_model(desk, "one")
    promote_model(desk, version)
    path = learned_path(desk.settings, version)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    active = active_model_path(desk.settings, desk.database)
    triage = build_triage(desk.settings, desk.triage.organisation, (), active)
    assert triage.model is None
    readiness = check_readiness(replace(desk, triage=triage))
    assert not readiness.is_ready
    assert "模型文件缺失或未通过检查，留言照收，等待人工办理" in readiness.reasons


def test_the_desk_starts_with_the_active_model(desk: Context) -> None:
    version = learned_model(desk, "one")
    promote_model(desk, version)
    context = build_context(desk.settings)
    assert context.triage.model is not None
    assert context.triage.model.version == version
    context.database.close()
