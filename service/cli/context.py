"""What several commands need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.usecases.context import Context


def open_context() -> Context:
    """Read the settings and open everything."""
    from service.composition import build_context
    from service.settings import read_settings

    return build_context(read_settings())
