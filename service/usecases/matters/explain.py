"""Which words of a message spoke for its label, and which against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classifier.judging.judgement import Evidence
from classifier.spans import Span
from classifier.text.clean import CleanText
from service.domain.classification import Classification
from service.domain.kind import Kind
from service.errors import InvalidInputError, ModelUnavailableError, NotFoundError
from service.storage.messages.classifications import read_classifications
from service.storage.messages.messages import read_message
from service.usecases.context import Context

Pieces = tuple[tuple[str, float], ...]

_FAINT = 0.25  # of the strongest weight: below it a piece counts as silent


@dataclass(frozen=True, slots=True)
class HighlightedText:
    """The original title and text in pieces, in order, that join to the whole.

    Each piece has the weight (on the scale of log odds) it adds to the label: positive for,
    negative against, 0 for none.
    """

    title: Pieces
    text: Pieces


def explain(context: Context, message_id: int, head: str) -> HighlightedText:
    """Show what the model reads in a message for the label that is in force.

    Parameters
    ----------
    context
        What use cases need.
    message_id
        The message.
    head
        "topic", "department" or "kind".

    Raises
    ------
    InvalidInputError
        There is no such head.
    ModelUnavailableError
        There is no model.
    NotFoundError
        There is no such message, or it was never classified.
    """
    model = context.triage.model
    if model is None:
        raise ModelUnavailableError
    with context.database.reading() as connection:
        message = read_message(connection, message_id)
        judged = read_classifications(connection, message.id) if message else []
    if message is None or not judged:
        raise NotFoundError(f"留言 {message_id}")
    reading = context.triage.reader.read(message.title, message.text)
    try:
        found = model.evidence(reading, head, _label(judged[-1], head), len(reading.whole))
    except KeyError:
        # A person chose a label that the model never learnt: it has nothing to say on it.
        found = ()
    strong = _strong(found)
    body_start = len(reading.title.plain) + 1
    return HighlightedText(
        tuple(_pieces(reading.title, strong, 0)), tuple(_pieces(reading.body, strong, body_start))
    )


def _label(judged: Classification, head: str) -> str:
    """The label as the model calls it."""
    labels = {
        "topic": judged.topic.label,
        "department": judged.department.label,
        "kind": Kind(judged.kind.label).label_zh,
    }
    if head not in labels:
        raise InvalidInputError(f"没有“{head[:20]}”这一项判断")
    return labels[head]


def _strong(found: Iterable[Evidence]) -> list[Evidence]:
    """The spans that say something, in the order of the text."""
    found = list(found)
    strongest = max((abs(item.weight) for item in found), default=0.0)
    loud = (item for item in found if abs(item.weight) > _FAINT * strongest)
    return sorted(loud, key=lambda item: item.span)


def _pieces(text: CleanText, found: Iterable[Evidence], start: int) -> Iterable[tuple[str, float]]:
    """The original of one part, which begins at ``start`` of the whole plain text, in pieces."""
    done, length = 0, len(text.plain)
    for item in found:
        inside = Span(max(item.span.start - start, 0), min(item.span.end - start, length))
        if inside.start >= inside.end:
            continue
        place = text.in_original(inside)
        if place.start > done:
            yield text.original[done : place.start], 0.0
        yield text.original[place.start : place.end], item.weight
        done = place.end
    if done < len(text.original):
        yield text.original[done:], 0.0
