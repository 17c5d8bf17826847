"""Charts of tables: lines, bars and tiles, laid out as drawings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from service.digest.chart_font import shorten, text_width
from service.digest.drawing import Drawing, Label, Line, Point, Rectangle, Shape
from service.digest.outline.blocks import Chart, ChartKind, Row, Table

WIDTH = 640
SIZE, SMALL = 14, 12
INK, SOFT, RULE = "#1a1a1a", "#5f6368", "#c9ccd1"
SERIES = ("#1f4e8c", "#c05a1a", "#3a7d44")
# From few to many; the first three bear dark text, the others white.
SHADES = ("#dce6f3", "#b8cde8", "#8fb0da", "#2f68ab", "#1b4378")
_DARK_TEXT_SHADES = 3
_MOST_BARS, _MOST_TILES, _MOST_TOLD = 10, 15, 10
_LABEL_ROOM, _BAR_STEP, _BAR_HEIGHT, _VALUE_ROOM = 180, 19, 13, 90
_PLOT_HEIGHT, _PLOT_TOP, _PLOT_LEFT, _PLOT_RIGHT = 110, 40, 80, 40
_TILES_PER_LINE, _TILE_HEIGHT, _TILE_GAP = 5, 44, 4


def draw_chart(table: Table) -> Drawing | None:
    """The chart that documents draw of a table; None where they draw none.

    Rows without a whole number in the chart's column are left out, and a table with no other
    rows has no chart.
    """
    chart = table.chart
    if chart is None or not chart.is_drawn:
        return None
    rows = [row for row in table.rows if isinstance(row.cells[chart.value_columns[0]], int)]
    if not rows:
        return None
    layouts = {ChartKind.LINE: _lines, ChartKind.BARS: _bars, ChartKind.TILES: _tiles}
    height, shapes = layouts[chart.kind](table, chart, rows)
    return Drawing(WIDTH, height, tuple(shapes), _alternative(table, chart, rows))


def _value(row: Row, column: int) -> int:
    cell = row.cells[column]
    return cell if isinstance(cell, int) else 0


def _name(row: Row, chart: Chart) -> str:
    return str(row.cells[chart.label_column])


def _alternative(table: Table, chart: Chart, rows: Sequence[Row]) -> str:
    """E.g. ``图：按地点统计（留言）。甲镇5，乙镇3。``; a long chart tells its first rows."""
    columns = chart.value_columns if chart.kind is ChartKind.LINE else chart.value_columns[:1]
    headings = "、".join(table.columns[column].heading for column in columns)
    told = [
        _name(row, chart) + "、".join(str(_value(row, column)) for column in columns)
        for row in rows[:_MOST_TOLD]
    ]
    more = f"，其余{len(rows) - _MOST_TOLD}项见表" if len(rows) > _MOST_TOLD else ""
    return f"图：{table.caption}（{headings}）。{'，'.join(told)}{more}。"


def _bars(table: Table, chart: Chart, rows: Sequence[Row]) -> tuple[int, list[Shape]]:
    """A bar per row from the top down, its name before it and its value behind it."""
    column, shown = chart.value_columns[0], rows[:_MOST_BARS]
    most = max(1, *(_value(row, column) for row in shown))
    room = WIDTH - _LABEL_ROOM - _VALUE_ROOM
    shapes: list[Shape] = []
    for place, row in enumerate(shown):
        top, value = place * _BAR_STEP + 6, _value(row, column)
        length = room * value / most
        name = shorten(_name(row, chart), SIZE, _LABEL_ROOM - 10)
        base = top + _BAR_HEIGHT - 2
        shapes += [
            Label(_LABEL_ROOM - 8 - text_width(name, SIZE), base, name, SIZE, INK),
            Rectangle(_LABEL_ROOM, top, length, _BAR_HEIGHT, SERIES[0]),
            Label(_LABEL_ROOM + length + 6, base, str(value), SIZE, INK),
        ]
    axis = Line(((_LABEL_ROOM, 0), (_LABEL_ROOM, len(shown) * _BAR_STEP + 4)), RULE, 1)
    return len(shown) * _BAR_STEP + 8, [axis, *shapes]


def _lines(table: Table, chart: Chart, rows: Sequence[Row]) -> tuple[int, list[Shape]]:
    """A line per value column, the rows from left to right, each point with its value."""
    most = max(1, *(_value(row, column) for row in rows for column in chart.value_columns))
    bottom = _PLOT_TOP + _PLOT_HEIGHT
    step = (WIDTH - _PLOT_LEFT - _PLOT_RIGHT) / max(1, len(rows))
    places = [_PLOT_LEFT + step * (place + 0.5) for place in range(len(rows))]
    shapes: list[Shape] = _scale(most, bottom)
    for place, row in zip(places, rows, strict=True):
        shapes.append(_centred(_name(row, chart), place, bottom + 20, SMALL, step - 4, SOFT))
    legend = float(_PLOT_LEFT)
    for number, column in enumerate(chart.value_columns):
        colour, heading = SERIES[number % len(SERIES)], table.columns[column].heading
        points = tuple(
            (x, bottom - _PLOT_HEIGHT * _value(row, column) / most)
            for x, row in zip(places, rows, strict=True)
        )
        shapes += _series(points, [_value(row, column) for row in rows], colour, number)
        shapes.append(Rectangle(legend, 8, 18, 4, colour))
        shapes.append(Label(legend + 24, 15, heading, SMALL, INK))
        legend += 44 + text_width(heading, SMALL)
    return bottom + 30, shapes


def _scale(most: int, bottom: int) -> list[Shape]:
    """The lines of nought and of the most, with their numbers."""
    shapes: list[Shape] = []
    for value, y in ((0, bottom), (most, _PLOT_TOP)):
        text = str(value)
        shapes.append(Line(((_PLOT_LEFT, y), (WIDTH - _PLOT_RIGHT, y)), RULE, 1))
        left = _PLOT_LEFT - 6 - text_width(text, SMALL)
        shapes.append(Label(left, y + 4, text, SMALL, SOFT))
    return shapes


def _series(
    points: Sequence[Point], values: Sequence[int], colour: str, number: int
) -> list[Shape]:
    """A line with a mark and a value at each point, the first line's above, others' below."""
    shapes: list[Shape] = [Line(pair, colour, 2) for pair in pairwise(points)]
    shift = -8 if number == 0 else 16
    for (x, y), value in zip(points, values, strict=True):
        shapes.append(Rectangle(x - 3, y - 3, 6, 6, colour))
        shapes.append(_centred(str(value), x, y + shift, SMALL, WIDTH, colour))
    return shapes


def _tiles(table: Table, chart: Chart, rows: Sequence[Row]) -> tuple[int, list[Shape]]:
    """A tile per row in the table's order, line by line, with its name and its value."""
    column, shown = chart.value_columns[0], rows[:_MOST_TILES]
    most = max(1, *(_value(row, column) for row in shown))
    wide = (WIDTH + _TILE_GAP) / _TILES_PER_LINE
    high = _TILE_HEIGHT + _TILE_GAP
    shapes: list[Shape] = []
    for place, row in enumerate(shown):
        line, position = divmod(place, _TILES_PER_LINE)
        left, top, value = position * wide, line * high, _value(row, column)
        shade = _shade(value, most)
        ink = INK if shade < _DARK_TEXT_SHADES else "#ffffff"
        middle = left + (wide - _TILE_GAP) / 2
        tile = Rectangle(left, top, wide - _TILE_GAP, _TILE_HEIGHT, SHADES[shade])
        name = _centred(_name(row, chart), middle, top + 19, SIZE, wide - 12, ink)
        shapes += [tile, name, _centred(str(value), middle, top + 38, SIZE, wide - 12, ink)]
    lines = -(-len(shown) // _TILES_PER_LINE)
    return lines * high, shapes


def _shade(value: int, most: int) -> int:
    """The place of a value's shade: five equal steps up to the most."""
    return min(len(SHADES) - 1, len(SHADES) * value // (most + 1))


def _centred(text: str, middle: float, y: float, size: int, room: float, colour: str) -> Label:
    shown = shorten(text, size, room)
    return Label(middle - text_width(shown, size) / 2, y, shown, size, colour)
