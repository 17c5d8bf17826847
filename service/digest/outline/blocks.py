"""The blocks of a document: they say what stands there, not what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Cell = str | int | float | None  # None: not known, shown as a dash


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading of the second level, its number already in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim, masked passage of a message, with its quotation marks."""

    text: str


class ColumnKind(Enum):
    """How the cells of a column are written."""

    TEXT = "text"
    LABEL = "label"  # short text, centred
    INTEGER = "integer"
    DECIMAL = "decimal"  # one place after the point
    PERCENT = "percent"  # the cell holds a share between 0 and 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``width`` is its share of the line, relative to the other columns."""

    heading: str
    kind: ColumnKind
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with the messages or matters (ids) that its figures rest on."""

    cells: tuple[Cell, ...]
    message_ids: tuple[int, ...] = ()
    matter_ids: tuple[int, ...] = ()


class ChartKind(Enum):
    """What a chart looks like."""

    LINE = "line"  # a line per value column over the rows, earliest first
    BARS = "bars"  # a horizontal bar per row, of the first value column
    TILES = "tiles"  # a tile per row, the darker the more, of the first value column


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a table: the given columns of whole numbers over the label column.

    Workbooks have one of every table; documents only draw it if ``is_drawn``, and where it
    ``tells_all`` that the table would, in the table's place.
    """

    kind: ChartKind
    label_column: int
    value_columns: tuple[int, ...]
    is_drawn: bool = False
    tells_all: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, which also names its sheet.

    Documents show the first ``shown`` rows and, if more follow, ``rest`` in their place;
    sheets show all. ``total`` closes the table in either; ``remark`` stands below it in documents.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    shown: int
    rest: Row | None = None
    total: Row | None = None
    chart: Chart | None = None
    remark: str = ""

    @property
    def document_rows(self) -> tuple[Row, ...]:
        """The rows a document shows, without the total."""
        if len(self.rows) <= self.shown:
            return self.rows
        return self.rows[: self.shown] + ((self.rest,) if self.rest else ())

    @property
    def note(self) -> str:
        """What documents say below the table: where the rows are that they leave out, remarks."""
        cut = len(self.rows) > self.shown
        parts = (
            f"共{len(self.rows)}项，全部见电子表“{self.caption}”。" if cut else "",
            self.remark,
        )
        told = "".join(parts)
        return f"注：{told}" if told else ""

    @property
    def closing_rows(self) -> tuple[Row, ...]:
        """The total as a row, or nothing."""
        return (self.total,) if self.total else ()


Block = Paragraph | Subheading | Quote | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document under a heading, which has its number in it."""

    heading: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The section's tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole document; ``issuer`` signs it, "" if nobody does, on the ``date`` in Chinese.

    ``annex`` stands behind the signature and ends with the ``notes``, small print that tells how
    figures are made; ``sheets`` are tables that only workbooks have.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    issuer: str
    date: str
    annex: Section
    sheets: tuple[Table, ...]
    notes: tuple[str, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in order, those that only workbooks have last."""
        return (
            *(table for part in (*self.sections, self.annex) for table in part.tables),
            *self.sheets,
        )
