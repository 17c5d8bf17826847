"""Duties: what a label's own words say of it, before any message has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from classifier.judging.features import Text
from classifier.text.segment import Segmenter
from training.examples import make_text


@dataclass(frozen=True, slots=True)
class Duty:
    """A label with its names and its duties as a text."""

    label: str
    names: tuple[str, ...]
    text: Text

    @classmethod
    def of(cls, label: str, names: Sequence[str], duties: str, segmenter: Segmenter) -> Self:
        """From a row of a table of duties."""
        every = (label, *names)
        return cls(label, every, make_text("", "\n".join((*every, duties)), segmenter))
