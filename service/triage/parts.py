"""Parts: a message with several demands, offered as parts that each may be a matter of its own.

The text says where it turns to another thing (``classifier.reading.demands``); the model says which
of these things go to different departments on different topics. A person confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter

from classifier.reading.demands import divide
from classifier.spans import Span
from classifier.text.clean import CleanText, clean
from service.domain.classification import Classification
from service.triage.pipeline import Triage

MAX_PARTS = 10
_MOST_JUDGED = 30
_SURE = 0.5  # from which on a judgement of a part tells it from another


@dataclass(frozen=True, slots=True)
class Part:
    """A demand of a message: its spans of the original body, in order, and what it is about."""

    spans: tuple[Span, ...]
    classification: Classification


def propose_parts(body: str, triage: Triage) -> tuple[Part, ...]:
    """The demands of a message's body that are about different things.

    Returns
    -------
    tuple of Part
        Two or more, which together are the whole body, in the order of their first spans; empty
        where all of it is one demand, there is no model to tell, or it turns so often that nobody
        would look at what was found.
    """
    text = clean(body)
    plain = divide(text.plain)
    if len(plain) > _MOST_JUDGED:
        return ()
    parts: list[Part] = []
    for span, where in zip(plain, _in_original(text, plain), strict=True):
        found = triage.classify(triage.reader.read_words(text.plain[span.start : span.end]))
        if found is None:
            return ()
        place = _place(parts, found)
        if place == len(parts):
            parts.append(Part((where,), found))
        else:
            parts[place] = replace(parts[place], spans=(*parts[place].spans, where))
    return tuple(parts) if len(parts) > 1 else ()


def offer_spans(body: str, triage: Triage) -> tuple[Span, ...]:
    """The proposed parts as spans of the body, at most ``MAX_PARTS``.

    A demand that comes back after another one is a span of its own: whether it goes on with the
    first is for the person who confirms.
    """
    placed = sorted(
        (span, place)
        for place, part in enumerate(propose_parts(body, triage))
        for span in part.spans
    )
    runs = [[span for span, _ in run] for _, run in groupby(placed, key=itemgetter(1))]
    starts = [run[0].start for run in runs[1:MAX_PARTS]]
    return tuple(Span(*bounds) for bounds in pairwise((0, *starts, len(body)))) if runs else ()


def _in_original(text: CleanText, spans: Sequence[Span]) -> list[Span]:
    """The spans of the original, without gaps where cleaning dropped something at a border."""
    starts = [text.in_original(span).start for span in spans[1:]]
    return [Span(*bounds) for bounds in pairwise((0, *starts, len(text.original)))] if spans else []


def _place(parts: Sequence[Part], found: Classification) -> int:
    """Which part a judged span belongs to; one behind the last where it is another thing.

    What nobody can tell apart goes on with what stands before it.
    """
    is_sure = min(found.topic_l1.probability, found.department.probability) >= _SURE
    if parts and not is_sure:
        return len(parts) - 1
    alike = (place for place, part in enumerate(parts) if _is_alike(part.classification, found))
    return next(alike, len(parts))


def _is_alike(one: Classification, other: Classification) -> bool:
    same_topic = one.topic_l1.label == other.topic_l1.label
    return same_topic or one.department.label == other.department.label
