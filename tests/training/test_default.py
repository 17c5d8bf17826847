"""The whole way from labelled messages to a model file, on a few own-written ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from classifier.judging.model import Model
from classifier.modelfile import Section
from tests.training.small import PLAN, write_small_data, write_small_shared
from training.default import Sources, evaluate_default, train_default
from training.errors import TrainingError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    write_small_shared(folder)
    write_small_data(folder)
    return folder


def train(folder: Path, out: Path) -> dict[str, object]:
    sections = {"extra": Section(np.arange(3, dtype=np.uint8), {"scale": 2.0})}
    return train_default(Sources(folder, folder), out, sections, ignore, PLAN)


def ignore(step: str, done: int, total: int) -> None:
    """A progress that nobody watches."""


def test_a_model_comes_out_that_judges(folder: Path, tmp_path: Path) -> None:
    found = train(folder, tmp_path / "m.mqm")
    model = Model.load(tmp_path / "m.mqm")
    assert model.version == found["version"]
    assert model.section("extra").array.tolist() == [0, 1, 2]
    assert model.section("extra").meta["scale"] == 2.0
    assert found["messages"] == 24
    page = (tmp_path / "m.md").read_text("utf-8")
    plots = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert len(plots) == 9
    assert all(f"({name})" in page for name in plots)


def test_neither_time_nor_threads_change_a_byte(folder: Path, tmp_path: Path) -> None:
    for threads in (1, 2):
        with threadpool_limits(threads):
            train(folder, tmp_path / f"{threads}.mqm")
    assert (tmp_path / "1.mqm").read_bytes() == (tmp_path / "2.mqm").read_bytes()


def test_figures_come_without_a_model_too(folder: Path, tmp_path: Path) -> None:
    trained = train(folder, tmp_path / "m.mqm")
    assert evaluate_default(Sources(folder, folder), ignore, PLAN) == {
        name: value for name, value in trained.items() if name != "version"
    }


def test_each_step_is_told(folder: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    sources = Sources(folder, folder)
    train_default(sources, tmp_path / "m.mqm", {}, lambda *s: told.append(s), PLAN)
    assert ("交叉验证", 5, 5) in told
    assert told[-1] == ("训练", 1, 1)


def test_a_missing_folder_leaves_no_model(tmp_path: Path) -> None:
    with pytest.raises(TrainingError):
        train(tmp_path / "none", tmp_path / "m.mqm")
    assert not (tmp_path / "m.mqm").exists()
