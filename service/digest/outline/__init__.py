"""What a digest says, in Chinese, as blocks that every form of document is written from."""

from service.digest.outline.assemble import outline
from service.digest.outline.blocks import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Outline,
    Paragraph,
    Quote,
    Row,
    Section,
    Subheading,
    Table,
)

__all__ = [
    "Block",
    "Cell",
    "Chart",
    "ChartKind",
    "Column",
    "ColumnKind",
    "Outline",
    "Paragraph",
    "Quote",
    "Row",
    "Section",
    "Subheading",
    "Table",
    "outline",
]
