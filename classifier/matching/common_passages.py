"""Common passages: what two texts both say word for word, wherever it stands in each."""

from __future__ import annotations

from classifier.spans import Span

SHORTEST = 4  # characters; three are often only a way of speaking


def common_passages(
    one: str, other: str, shortest: int = SHORTEST
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The longest stretches of each text of which every ``shortest`` characters stand in the other.

    What holds fewer than two letters or digits is no passage. It takes time in the length of
    both texts.

    Returns
    -------
    two tuples of Span
        Those of the first text, then those of the second: in order, not touching each other.
    """
    grams = [{text[at : at + shortest] for at in _starts(text, shortest)} for text in (one, other)]
    shared = {gram for gram in grams[0] & grams[1] if sum(map(str.isalnum, gram)) > 1}
    return _passages(one, shared, shortest), _passages(other, shared, shortest)


def _starts(text: str, length: int) -> range:
    return range(len(text) - length + 1)


def _passages(text: str, shared: set[str], length: int) -> tuple[Span, ...]:
    found: list[Span] = []
    for at in _starts(text, length):
        if text[at : at + length] not in shared:
            continue
        if found and at <= found[-1].end:
            found[-1] = Span(found[-1].start, at + length)
        else:
            found.append(Span(at, at + length))
    return tuple(found)
