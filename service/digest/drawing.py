"""A drawing: the shapes of a chart, before it is known what it is written as."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle; ``x`` and ``y`` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; ``x`` is its left end, ``y`` its baseline."""

    x: float
    y: float
    text: str
    size: int
    colour: str


Shape = Rectangle | Line | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in the order they are laid on; lengths count from the upper left corner.

    ``alternative`` tells in words what the drawing shows.
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]
    alternative: str
