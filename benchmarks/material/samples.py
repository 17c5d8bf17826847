"""The own-written messages of ``data/samples``."""

from __future__ import annotations

from datetime import UTC, datetime

from material.bases import DATA
from service.domain.message import IncomingMessage
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages


def samples() -> list[IncomingMessage]:
    """All sample messages."""
    options = ReadOptions(now=datetime.now(UTC), undated=datetime.now(UTC))
    files = sorted((DATA / "samples" / "messages").glob("*.jsonl"))
    rows = (row for file in files for row in read_messages(file, "", options))
    return [row.message for row in rows if isinstance(row, ReadMessage)]
