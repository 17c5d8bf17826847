"""Known texts: by which a model tells what it was trained on, so that nobody measures on that.

A text is known by eight bytes of its BLAKE2 digest, from which it cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from classifier.judging.features import Text
from classifier.matching.profile import plain_letters
from classifier.modelfile import Section

U64 = npt.NDArray[np.uint64]

_SECTION = "training.texts"


def known_texts(
    texts: Iterable[Text], before: Mapping[str, Section] | None = None
) -> dict[str, Section]:
    """The section of a model file that tells what a model was trained on.

    Parameters
    ----------
    texts
        The texts.
    before
        The sections of the model that it was trained from, whose texts it knows too.
    """
    digests = np.fromiter(map(_digest, texts), np.uint64)
    return {_SECTION: Section(np.union1d(digests, _known(before or {})))}


def is_known(text: Text, sections: Mapping[str, Section]) -> bool:
    """Whether a model with these sections was trained on a text; False where it does not tell."""
    known = _known(sections)
    digest = np.uint64(_digest(text))
    place = int(known.searchsorted(digest))
    return place < len(known) and bool(known[place] == digest)


def _known(sections: Mapping[str, Section]) -> U64:
    """The digests, ascending; none where a file tells none, or something else in their place."""
    if _SECTION in sections:
        found: U64 = sections[_SECTION].array
        if found.dtype == np.uint64 and found.ndim == 1:
            return found
    return np.zeros(0, np.uint64)


def _digest(text: Text) -> int:
    letters = plain_letters(f"{text.title}{text.body}").encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(letters, digest_size=8).digest())
