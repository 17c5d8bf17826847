"""A small model that the tests of the classifier share."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.judging.model import Model
from tests.training.small import write_small_model


@pytest.fixture(scope="session")
def small_model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "small.mqm"
    write_small_model(path)
    return path


@pytest.fixture(scope="session")
def small_model(small_model_path: Path) -> Model:
    return Model.load(small_model_path)
