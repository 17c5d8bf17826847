"""Profile: what is kept of a message to compare it with others, a record of about 1 KB.

Its weightiest words and character pairs (hashed, weighted by how few matters have them and
normalised), those of its title, a sketch of its text (the smallest hashes of its character
5-grams, after Broder, 1997, "On the resemblance and containment of documents"), places, time and
sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from classifier.hashing import ngram_hashes, word_hashes
from classifier.reading import Reading
from classifier.subject import content_words, subject_words
from classifier.term_statistics import TermStatistics

U32 = npt.NDArray[np.uint32]
F32 = npt.NDArray[np.float32]
Records = npt.NDArray[np.void]

WORDS, SUBJECT, GRAMS, TITLE_WORDS, TITLE_GRAMS, SKETCH, PLACES = 96, 32, 64, 12, 24, 16, 4
EMPTY = np.uint32(0xFFFFFFFF)
FORMAT = 1  # the first byte of each profile; others are made anew
PROFILE = np.dtype(
    [
        ("format", "u1"),
        ("words", "<u4", WORDS),
        ("subject", "<u4", SUBJECT),
        ("grams", "<u4", GRAMS),
        ("title_words", "<u4", TITLE_WORDS),
        ("title_grams", "<u4", TITLE_GRAMS),
        ("sketch", "<u4", SKETCH),
        ("places", "<u4", PLACES),
        ("title_places", "<u4", PLACES),
        ("digest", "<u8"),
        ("sender", "<u8"),
        ("sent_at", "<i8"),
        ("length", "<u2"),
        ("topic", "u1"),
        ("word_weights", "u1", WORDS),
        ("subject_weights", "u1", SUBJECT),
        ("gram_weights", "u1", GRAMS),
        ("title_word_weights", "u1", TITLE_WORDS),
        ("title_gram_weights", "u1", TITLE_GRAMS),
    ]
)
_SHINGLE = 5
_SEPARATORS = str.maketrans("", "", " \n,.!?;:、。“”\"'()…~-—·《》<>[]【】")


def is_current(stored: bytes) -> bool:
    """Whether stored bytes are a profile of this format, fit to be compared."""
    return len(stored) == PROFILE.itemsize and stored[0] == FORMAT


def plain_letters(text: str) -> str:
    """A text without white space and punctuation."""
    return text.translate(_SEPARATORS)


def make_profile(
    reading: Reading,
    statistics: TermStatistics,
    sender: int,
    sent_at: int,
    places: Sequence[tuple[str, bool]] = (),
    topic: int = 0,
) -> Records:
    """The profile of one message: an array of shape () and dtype ``PROFILE``.

    Parameters
    ----------
    reading
        The message as read.
    statistics
        Document frequencies to weigh terms with.
    sender
        A number that stands for the sender, 0 where the message is anonymous.
    sent_at
        Seconds since 1970.
    places
        Names of the places it names, each with whether its title does.
    topic
        The number of its first-level topic (1–255), 0 where unknown.
    """
    record = np.zeros((), dtype=PROFILE)
    record["format"] = FORMAT
    title = plain_letters(reading.title.plain)
    body = plain_letters(reading.body.plain)
    title_words = content_words(reading.title_tokens)
    words = word_hashes([*title_words, *content_words(reading.body_tokens)])
    of_title = words[: len(title_words)]
    grams, shingles = ngram_hashes(title + body, 2, _SHINGLE)
    # A title names the matter in few words: each of them counts three times.
    weighted = np.concatenate((words, of_title, of_title))
    _fill(record, "words", "word_weights", weighted, statistics.words)
    subject = word_hashes(subject_words(reading))
    _fill(record, "subject", "subject_weights", subject, statistics.words)
    _fill(record, "grams", "gram_weights", grams, statistics.grams)
    _fill(record, "title_words", "title_word_weights", of_title, statistics.words)
    of_title = grams[: max(len(title) - 1, 0)]
    _fill(record, "title_grams", "title_gram_weights", of_title, statistics.grams)
    _pad(record, "sketch", _distinct(shingles[len(title) :])[0][:SKETCH])
    in_title = [name for name, is_in_title in places if is_in_title]
    for field, names in (("places", [name for name, _ in places]), ("title_places", in_title)):
        _pad(record, field, _distinct(word_hashes(names))[0][:PLACES])
    record["digest"] = _digest(title + body)
    record["sender"] = np.uint64(sender & 0xFFFFFFFFFFFFFFFF)
    record["sent_at"] = sent_at
    record["topic"] = topic
    record["length"] = min(len(body), 0xFFFF)
    return record


def _digest(text: str) -> np.uint64:
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return np.uint64(int.from_bytes(hashed.digest()))


def _pad(record: Records, field: str, values: U32) -> None:
    target = record[field]
    target[: len(values)] = values
    target[len(values) :] = EMPTY


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


def _fill(record: Records, field: str, weights: str, hashes: U32, idf: F32) -> None:
    """Keep the weightiest terms, sorted by hash, with weights of the whole text's unit vector."""
    terms, counts = _distinct(hashes)
    strength = _damped_count(counts) * idf[terms & np.uint32(len(idf) - 1)]
    norm = float(strength @ strength) ** 0.5 or 1.0
    size = len(record[field])
    if len(terms) > size:
        kept = np.argpartition(-strength, size)[:size]
        kept.sort()
        terms, strength = terms[kept], strength[kept]
    _pad(record, field, terms)
    # A unit vector's entries lie in 0–1; 8 bits of their square root keep small ones apart.
    record[weights][: len(terms)] = np.rint(np.sqrt(strength * np.float32(255 * 255 / norm)))


_DAMPED = np.concatenate(([0.0], 1.0 + np.log(np.arange(1, 256)))).astype(np.float32)


def _damped_count(counts: npt.NDArray[np.intp]) -> F32:
    """A term said n times weighs ``1 + ln n`` times (n counted up to 255)."""
    damped: F32 = _DAMPED[np.minimum(counts, len(_DAMPED) - 1)]
    return damped
