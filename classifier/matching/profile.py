"""Profile: what is kept of a message to compare it with others, a record of about half a KB.

Its weightiest words (hashed, with how often they are said and where), the names of concrete
things, a sketch of its text, places, the likeliest topics and departments, time and sender, and
whether it says that its writer wrote before, and what it wants.
Weights are not kept: they follow from the statistics of the model file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from struct import Struct

import numpy as np
import numpy.typing as npt

from classifier.hashing import word_hashes
from classifier.matching.sketch import BINS, sketch
from classifier.matching.term_statistics import TermStatistics, weigh
from classifier.matching.terms import weighed_terms
from classifier.reading.again import says_again
from classifier.reading.divisions import COUNTY, level
from classifier.reading.places import PlaceMention
from classifier.reading.reader import Reading
from classifier.reading.wish import find_wish, packed
from classifier.text.names import concrete_names

U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
F32 = npt.NDArray[np.float32]
Records = npt.NDArray[np.void]

FORMAT = 3
WORDS, NAMES, PLACES, DISTRICTS, LABELS = 72, 14, 4, 3, 8
SAYS_AGAIN, _WISH_FROM = 1, 1
EMPTY_SHORT = np.uint16(0xFFFF)
PROFILE = np.dtype(
    [
        ("format", "u1"),
        ("length", "<u2"),
        ("digest", "<u8"),
        ("sender", "<u8"),
        ("sent_at", "<u4"),
        ("word_norm", "<f4"),
        ("words", "<u4", WORDS),
        ("names", "<u2", NAMES),
        ("bins", "u1", BINS),
        ("places", "<u2", PLACES),
        ("title_places", "<u2", PLACES),
        ("districts", "<u2", DISTRICTS),
        ("labels", "<u2", LABELS),
        ("label_shares", "u1", LABELS),
        ("says", "u1"),  # SAYS_AGAIN, and above it what it wants
    ]
)
_HEAD = Struct("<BHQQIf")  # from the format to the norm of words
_NO_PLACES = b"\xff" * (2 * (PLACES + PLACES + DISTRICTS))
_SEPARATORS = re.compile(r"""[ \n,.!?;:、。“”"'()…~—·《》<>\[\]【】-]+""")


def plain_letters(text: str) -> str:
    """A text without white space and punctuation."""
    return _SEPARATORS.sub("", text)  # a fifth of the time of ``translate``


def is_current(stored: bytes) -> bool:
    """Whether stored bytes are a profile of this format, fit to be compared."""
    return len(stored) == PROFILE.itemsize and stored[0] == FORMAT


def wish_in(says: int) -> int:
    """The packed wish in what a profile says, 0 for none."""
    return says >> _WISH_FROM


def as_records(stored: Sequence[bytes]) -> Records:
    """Profiles as they are stored, each of the current format, as one array, shape (n,)."""
    return np.frombuffer(b"".join(stored), dtype=PROFILE)


def make_profile(
    reading: Reading,
    statistics: TermStatistics,
    sender: int,
    sent_at: int,
    judged: Iterable[tuple[str, float]] = (),
) -> Records:
    """The profile of one message: an array of shape () and dtype ``PROFILE``.

    Parameters
    ----------
    reading
        The message as read.
    statistics
        Matter frequencies to weigh terms with.
    sender
        A number that stands for the sender, 0 where the message is anonymous.
    sent_at
        Seconds since 1970.
    judged
        The likeliest topics and departments with their probabilities (0–1), at most ``LABELS``
        in all; none where nobody judged.
    """
    letters = plain_letters(reading.title.plain), plain_letters(reading.body.plain)
    text = "".join(letters)
    words, norm = _kept_words(reading, statistics)
    names = _short_hashes(set(concrete_names(reading.whole)))
    # Byte by byte as PROFILE says: to write fields of an array one by one takes far longer.
    head = _HEAD.pack(
        FORMAT,
        min(len(letters[1]), 0xFFFF),
        _digest(text),
        sender & 0xFFFFFFFFFFFFFFFF,
        min(max(sent_at, 0), 0xFFFFFFFF),
        norm,
    )
    parts = (
        head,
        _padded(words, WORDS),
        _padded(_rarest(names, statistics.names, NAMES), NAMES),
        sketch(text).tobytes(),
        *_places(reading),
        *_labels(list(judged)[:LABELS]),
        bytes((says_again(reading) | packed(find_wish(reading)) << _WISH_FROM,)),
    )
    return np.frombuffer(bytearray().join(parts), PROFILE).reshape(())


def _digest(text: str) -> int:
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(hashed.digest())


def _padded(values: U16 | U32, count: int) -> bytes:
    """The bytes of the first ``count`` values; where there are fewer, the greatest one follows."""
    if sys.byteorder != "little":
        values = values.byteswap()
    return values[:count].tobytes().ljust(count * values.itemsize, b"\xff")


def _kept_words(reading: Reading, statistics: TermStatistics) -> tuple[U32, float]:
    """The weightiest words, sorted by hash, and the length of the whole text's vector."""
    words, strength = weighed_terms(reading, statistics)
    norm = max(float(np.square(strength, dtype=np.float64).sum()) ** 0.5, 1e-6)
    if len(words) > WORDS:
        kept = (-strength).argpartition(WORDS)[:WORDS]
        kept.sort()
        words = words[kept]
    return words, norm


def _rarest(hashes: U16, idf: F32, count: int) -> U16:
    """At most ``count`` of the values, the rarest, ascending."""
    if len(hashes) <= count:
        return hashes
    return np.sort(hashes[np.argsort(-weigh(hashes, idf), kind="stable")[:count]])


def _places(reading: Reading) -> tuple[bytes, ...]:
    """The fields of places: all of them, those of the title, their districts."""
    if not reading.places:
        return (_NO_PLACES,)
    body_start = len(reading.title.plain)
    names = [mention.name for mention in reading.places]
    in_title = [m.name for m in reading.places if m.span.start < body_start]
    districts = [code for mention in reading.places for code in _districts(mention)]
    kept = (names, PLACES), (in_title, PLACES), (districts, DISTRICTS)
    return tuple(_padded(_short_hashes(set(each)), count) for each, count in kept)


def _short_hashes(names: Collection[str]) -> U16:
    found = word_hashes(list(names)).astype(np.uint16)
    found.sort()
    return found


def _districts(mention: PlaceMention) -> Sequence[str]:
    """The county that a mention lies in, none where it may lie in several or is no county's."""
    codes = mention.codes or (mention.name,)
    counties = {code[:COUNTY] for code in codes if level(code) >= COUNTY}
    return tuple(counties) if len(counties) == 1 else ()


def _labels(judged: Sequence[tuple[str, float]]) -> tuple[bytes, bytes]:
    """The fields of labels and of their shares."""
    labels = word_hashes([label for label, _ in judged]).astype(np.uint16)
    # Square roots are what is multiplied later, and keep small shares apart in 8 bits.
    shares = np.sqrt(np.array([share for _, share in judged], np.float32))
    rounded = np.rint(shares * 255).astype(np.uint8)
    return _padded(labels, LABELS), rounded.tobytes().ljust(LABELS, b"\0")
