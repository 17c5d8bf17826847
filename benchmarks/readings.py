"""Messages of a file, cleaned and segmented, for the benchmarks of the classifier."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from classifier.clean import clean
from classifier.reading import Reading
from classifier.segment import Segmenter
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages


def read(file: Path) -> dict[str, Reading]:
    """The messages of whatever ``minqing import`` reads, by their id in the file."""
    now, segmenter = datetime.now(UTC), Segmenter()
    readings: dict[str, Reading] = {}
    for row in read_messages(file, file.stem, ReadOptions(now=now, undated=now)):
        if isinstance(row, ReadMessage):
            title, body = clean(row.message.title), clean(row.message.text)
            tokens = (tuple(segmenter.cut(title.plain)), tuple(segmenter.cut(body.plain)))
            readings[row.message.external_id] = Reading(title, body, *tokens, (), ())
    return readings
