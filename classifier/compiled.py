"""The compiled parts of this package, which are there where a C compiler was."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def find_compiled(name: str) -> ModuleType | None:
    """A compiled part by its module's name; None where Minqing was built without it."""
    try:
        return import_module(f"classifier.{name}")
    except ImportError:
        return None
