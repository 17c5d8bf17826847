"""The triage of the use cases' tests, made anew by another process."""

from __future__ import annotations

from dataclasses import replace

from service.composition import build_triage
from service.settings import Settings
from service.triage.pipeline import Triage
from tests.makers import a_small_organisation
from tests.tiny_model import TinyModel, tiny_pair_model


def tiny_triage_anew() -> Triage:
    """Like the fixture ``tiny_triage``; what it understands is the same."""
    triage = build_triage(Settings(), a_small_organisation())
    return replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())
