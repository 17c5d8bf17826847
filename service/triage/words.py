"""Words to know beside jieba's dictionary: the county's own, and those an administrator added."""

from __future__ import annotations

from collections.abc import Iterable

from classifier.text.segment import Segmenter
from service.domain.provision import Word


def make_segmenter(own: frozenset[str], published: Iterable[Word]) -> Segmenter:
    """A segmenter that knows both; always the same for the same words."""
    frequencies = {word.text: word.frequency for word in published}
    told = {text: count for text, count in frequencies.items() if count is not None}
    return Segmenter(sorted(own | frequencies.keys()), told)
