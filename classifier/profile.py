"""Profile: what is kept of a message to compare it with others, a record of about half a KB.

Its weightiest words (hashed, with how often they are said and where), the names of concrete
things, a sketch of its text, places, the likeliest topics and departments, time and sender.
Weights are not kept: they follow from the statistics of the model file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from classifier.divisions import COUNTY, level
from classifier.hashing import ngram_hashes, word_hashes
from classifier.names import concrete_names
from classifier.places import PlaceMention
from classifier.reading import Reading
from classifier.subject import content_of
from classifier.term_statistics import TermStatistics, weigh

U32 = npt.NDArray[np.uint32]
U16 = npt.NDArray[np.uint16]
U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Records = npt.NDArray[np.void]

FORMAT = 2
WORDS, NAMES, BINS, PLACES, DISTRICTS, LABELS = 72, 14, 96, 4, 3, 8
EMPTY = np.uint32(0xFFFFFFFF)
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
    ]
)
# A word is 24 bits of its hash, then whether the title and the subject say it, then its count.
_HASH_BITS, _COUNT_BITS = 24, 6
_HASH_MASK = np.uint32((1 << _HASH_BITS) - 1)
_COUNT_MASK = np.uint32((1 << _COUNT_BITS) - 1)
_IN_TITLE, _IN_SUBJECT = np.uint32(1 << 7), np.uint32(1 << 6)
_FLAG_BITS = np.uint32(8)
_TITLE_TIMES = 3
_RUN = 3
_SEPARATORS = str.maketrans("", "", " \n,.!?;:、。“”\"'()…~-—·《》<>[]【】")


def plain_letters(text: str) -> str:
    """A text without white space and punctuation."""
    return text.translate(_SEPARATORS)


def is_current(stored: bytes) -> bool:
    """Whether stored bytes are a profile of this format, fit to be compared."""
    return len(stored) == PROFILE.itemsize and stored[0] == FORMAT


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
    record = np.zeros((), dtype=PROFILE)
    title = plain_letters(reading.title.plain)
    body = plain_letters(reading.body.plain)
    (runs,) = ngram_hashes(title + body, _RUN)
    record["format"] = FORMAT
    record["length"] = min(len(body), 0xFFFF)
    record["digest"] = _digest(title + body)
    record["sender"] = np.uint64(sender & 0xFFFFFFFFFFFFFFFF)
    record["sent_at"] = min(max(sent_at, 0), 0xFFFFFFFF)
    _keep_words(record, reading, statistics)
    names = _short_hashes(set(concrete_names(reading.whole)))
    _pad(record, "names", _rarest(names, statistics.names, NAMES))
    record["bins"] = _binned(runs)
    _keep_places(record, reading)
    _keep_labels(record, list(judged)[:LABELS])
    return record


def hashes_of(words: U32) -> U32:
    """The 24-bit hashes of a profile's words; ``EMPTY`` gives a hash as well."""
    return words >> _FLAG_BITS


def is_in_title(words: U32) -> Bools:
    """Which of a profile's words its title says."""
    found: Bools = (words & _IN_TITLE).astype(bool) & (words != EMPTY)
    return found


def is_in_subject(words: U32) -> Bools:
    """Which of a profile's words are about its subject: no name of a place or person."""
    found: Bools = (words & _IN_SUBJECT).astype(bool) & (words != EMPTY)
    return found


def strengths(words: U32, statistics: TermStatistics) -> tuple[F32, F32]:
    """How rare each of a profile's words is, and its weight by rarity and count; 0 where empty."""
    rarity = weigh(hashes_of(words), statistics.words) * (words != EMPTY)
    return rarity, DAMPED[words & _COUNT_MASK] * rarity


def _digest(text: str) -> np.uint64:
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return np.uint64(int.from_bytes(hashed.digest()))


def _pad(record: Records, field: str, values: npt.NDArray[np.unsignedinteger]) -> None:
    target = record[field]
    target[: len(values)] = values
    target[len(values) :] = np.iinfo(target.dtype).max


def _distinct(hashes: U32) -> tuple[U32, npt.NDArray[np.intp]]:
    """Distinct values, ascending, and how often each occurs (``np.unique`` at half its cost)."""
    if not len(hashes):
        return hashes, np.zeros(0, np.intp)
    ascending = np.sort(hashes)
    is_last = np.empty(len(ascending), bool)
    is_last[-1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=is_last[:-1])
    places = np.flatnonzero(is_last)
    counts = places.copy()
    counts[1:] -= places[:-1]
    counts[0] += 1
    return ascending[places], counts


def _keep_words(record: Records, reading: Reading, statistics: TermStatistics) -> None:
    """Keep the weightiest words, sorted by hash, and the length of the whole text's vector."""
    content = content_of(reading)
    hashes = word_hashes(content.words) & _HASH_MASK
    of_title = hashes[: content.title_count]
    # A title names the matter in few words: each of them counts three times.
    repeated = np.concatenate((hashes, *(of_title for _ in range(_TITLE_TIMES - 1))))
    terms, times = _distinct(repeated)
    counts = np.minimum(times, int(_COUNT_MASK)).astype(np.uint32)
    words: U32 = terms << _FLAG_BITS | counts
    words[np.searchsorted(terms, of_title)] |= _IN_TITLE
    words[np.searchsorted(terms, hashes[content.is_subject])] |= _IN_SUBJECT
    _, strength = strengths(words, statistics)
    record["word_norm"] = max(float(np.square(strength, dtype=np.float64).sum()) ** 0.5, 1e-6)
    if len(words) > WORDS:
        kept = np.argpartition(-strength, WORDS)[:WORDS]
        kept.sort()
        words = words[kept]
    _pad(record, "words", words)


def _rarest(hashes: U16, idf: F32, count: int) -> U16:
    """At most ``count`` of the values, the rarest, ascending."""
    if len(hashes) <= count:
        return hashes
    return np.sort(hashes[np.argsort(-weigh(hashes, idf), kind="stable")[:count]])


def _binned(hashes: U32) -> U8:
    """One-permutation hashing (Li, Owen and Zhang, 2012): the least value in each bin, 0 if none.

    Two texts agree in as many of their filled bins as they share of all their runs of letters.
    Eight bits of a value are enough to compare (Li and König, 2010, "b-bit minwise hashing").
    """
    least = np.zeros(BINS, np.uint8)
    # Of several values for a bin the last one written stays: the smallest.
    descending = np.sort(hashes)[::-1]
    least[descending % np.uint32(BINS)] = (descending // np.uint32(BINS)) % np.uint32(255) + 1
    return least


def _keep_places(record: Records, reading: Reading) -> None:
    body_start = len(reading.title.plain)
    names = [mention.name for mention in reading.places]
    in_title = [m.name for m in reading.places if m.span.start < body_start]
    districts = [code for mention in reading.places for code in _districts(mention)]
    for field, kept in (("places", names), ("title_places", in_title), ("districts", districts)):
        _pad(record, field, _short_hashes(set(kept))[: len(record[field])])


def _short_hashes(names: Collection[str]) -> U16:
    return np.sort(word_hashes(list(names)).astype(np.uint16))


def _districts(mention: PlaceMention) -> Sequence[str]:
    """The county that a mention lies in, none where it may lie in several or is no county's."""
    codes = mention.codes or (mention.name,)
    counties = {code[:COUNTY] for code in codes if level(code) >= COUNTY}
    return tuple(counties) if len(counties) == 1 else ()


def _keep_labels(record: Records, judged: Sequence[tuple[str, float]]) -> None:
    _pad(record, "labels", word_hashes([label for label, _ in judged]).astype(np.uint16))
    # Square roots are what is multiplied later, and keep small shares apart in 8 bits.
    shares = np.sqrt(np.array([share for _, share in judged], np.float32))
    record["label_shares"][: len(judged)] = np.rint(shares * 255)


# A term said n times weighs ``1 + ln n`` times; in so few binary digits that products with
# rarities, and sums of such products, are exact.
_TIMES = np.arange(1, 1 << _COUNT_BITS)
DAMPED = np.append(0.0, np.rint((1.0 + np.log(_TIMES)) * 256) / 256).astype(np.float32)
