"""模型登记: a model learned from corrections, and whether it judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.labels import Labelled


class ModelState(Labelled):
    """What a learned model is for now."""

    ACTIVE = "active", "使用中"
    CHALLENGER = "challenger", "待用"
    RETIRED = "retired", "已停用"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A learned model as it is registered.

    ``base`` is the version it was learned upon; ``learned_until`` the time until which decisions
    were learned (aware), ``lesson_count`` how many these were; ``figures`` compare it with the
    model it was to replace, as ``training.comparison`` writes them. ``activated_at`` is when it
    last began to judge by a promotion, None where it never did.
    """

    version: str
    base: str
    made_at: datetime
    learned_until: datetime
    lesson_count: int
    figures: Mapping[str, Any]
    state: ModelState
    activated_at: datetime | None = None
