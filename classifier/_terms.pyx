# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Terms, compiled: what ``classifier.hashing`` and ``classifier.matching.profile`` make of words with numpy.

Hashes and counts are whole numbers, and the strengths of terms have few binary digits: both ways
give the same to the last bit.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memset

import numpy as np

cdef enum:
    # As in classifier.matching.profile.
    COUNT_MASK = 63
    IN_SUBJECT = 64
    IN_TITLE = 128
    FLAG_BITS = 8
    TITLE_TIMES = 3
    RUN = 3
    BINS = 96

cdef uint32_t EMPTY = 0xFFFFFFFF
# As in classifier.hashing.
cdef uint64_t BASE = 0x9E3779B97F4A7C15
cdef uint64_t SPREAD = 0xD6E8FEB86659FD93


cdef struct Extent:
    Py_ssize_t start, end


cdef struct Weighed:
    # A key, what it weighs, and the place of its word among the others.
    float strength
    uint32_t key
    Py_ssize_t place


def word_hashes(words):
    """See the stub."""
    cdef Py_ssize_t at = 0
    found = np.empty(len(words), np.uint32)
    cdef uint32_t[::1] hashes = found
    cdef str word
    for word in words:
        if at == hashes.shape[0]:
            raise ValueError("there are more words than it says")
        hashes[at] = hash_of(word)
        at += 1
    return found


def sketch(str text):
    """See the stub."""
    cdef uint32_t least[BINS]
    cdef Py_ssize_t at, length = len(text)
    cdef uint64_t polynomial
    cdef uint32_t hashed, bin_of
    cdef uint64_t one, two, three
    cdef bint is_filled[BINS]
    memset(is_filled, 0, sizeof(is_filled))
    for at in range(length - RUN + 1):
        one, two, three = text[at], text[at + 1], text[at + 2]
        polynomial = one + 1 + BASE * (two + 1 + BASE * (three + 1))
        hashed = <uint32_t> (polynomial * SPREAD >> 32)
        bin_of = hashed % BINS
        if not is_filled[bin_of] or hashed < least[bin_of]:
            least[bin_of], is_filled[bin_of] = hashed, True
    found = np.zeros(BINS, np.uint8)
    cdef uint8_t[::1] bins = found
    for at in range(BINS):
        if is_filled[at]:
            bins[at] = <uint8_t> (least[at] // BINS % 255 + 1)
    return found


def weighed_terms(
    tuple title_tokens,
    tuple body_tokens,
    list spans,
    str endings,
    tuple long_endings,
    frozenset ending_words,
    const float[::1] rarity,
    const float[::1] damped,
):
    """See the stub."""
    cdef Py_ssize_t count = 0, title_count, most = len(title_tokens) + len(body_tokens) + 1
    check_tables(rarity, damped)
    cdef uint32_t *terms = <uint32_t *> malloc(most * sizeof(uint32_t))
    cdef Extent *extents = <Extent *> malloc((len(spans) or 1) * sizeof(Extent))
    cdef Py_ssize_t at
    try:
        if not (terms and extents):
            raise MemoryError
        for at in range(len(spans)):
            extents[at].start, extents[at].end = spans[at]
        count = read_terms(
            (*title_tokens, "\n", *body_tokens), len(title_tokens), extents, len(spans),
            endings, long_endings, ending_words, terms,
        )
        qsort(terms, count, sizeof(uint32_t), ascending)
        return summed(terms, count, rarity, damped)
    finally:
        free(terms)
        free(extents)


def weighed_keys(
    const uint32_t[::1] words,
    const float[::1] rarity,
    const float[::1] damped,
    Py_ssize_t most,
    uint32_t mark,
):
    """See the stub."""
    cdef Py_ssize_t at, count = 0
    cdef uint32_t mask = <uint32_t> (rarity.shape[0] - 1)
    check_tables(rarity, damped)
    cdef Weighed *weighed = <Weighed *> malloc((words.shape[0] + 1) * sizeof(Weighed))
    try:
        if not weighed:
            raise MemoryError
        for at in range(words.shape[0]):
            if words[at] == EMPTY:
                continue
            weighed[count] = Weighed(
                damped[words[at] & COUNT_MASK] * rarity[words[at] >> FLAG_BITS & mask],
                words[at] >> FLAG_BITS | mark,
                at,
            )
            count += weighed[count].strength > 0
        qsort(weighed, count, sizeof(Weighed), weightiest_first)
        return [(weighed[at].key, weighed[at].strength) for at in range(min(count, most))]
    finally:
        free(weighed)


cdef int weightiest_first(const void *one, const void *other) noexcept nogil:
    """The strongest first; of equals the one that came first."""
    cdef const Weighed *mine = <const Weighed *> one
    cdef const Weighed *theirs = <const Weighed *> other
    if mine.strength != theirs.strength:
        return -1 if mine.strength > theirs.strength else 1
    return (mine.place > theirs.place) - (mine.place < theirs.place)


cdef int check_tables(const float[::1] rarity, const float[::1] damped) except -1:
    if rarity.shape[0] < 1 or rarity.shape[0] & (rarity.shape[0] - 1):
        raise ValueError("the table is no power of two")
    if damped.shape[0] != COUNT_MASK + 1:
        raise ValueError("the weights of counts are of another number")
    return 0


cdef uint32_t hash_of(str word):
    """The hash of a string, as ``hashing.spread`` gives it."""
    cdef uint64_t polynomial = 0
    cdef Py_ssize_t at = len(word)
    while at > 0:
        at -= 1
        polynomial = polynomial * BASE + <uint64_t> <Py_UCS4> word[at] + 1
    return <uint32_t> (polynomial * SPREAD >> 32)


cdef Py_ssize_t read_terms(
    tuple tokens, Py_ssize_t title_count, const Extent *spans, Py_ssize_t span_count,
    str endings, tuple long_endings, frozenset ending_words, uint32_t *terms,
) except -1:
    """A term for each content word: its hash and where it is said; returns how many there are."""
    cdef Py_ssize_t place, length, start, end = 0, count = 0
    cdef str token
    cdef uint32_t flags
    for place in range(len(tokens)):
        token = tokens[place]
        length, start = len(token), end
        end += length
        if length < 2 and not (length and is_ascii_letter(token[0])):
            continue
        flags = IN_TITLE if place < title_count else 0
        if not (
            (place + 1 < len(tokens) and tokens[place + 1] in ending_words)
            or token in long_endings
            or (length > 2 and (token[length - 1] in endings or token.endswith(long_endings)))
            or is_touched(start, end, spans, span_count)
        ):
            flags |= IN_SUBJECT
        terms[count] = hash_of(token) << FLAG_BITS | flags
        count += 1
    return count


cdef bint is_ascii_letter(Py_UCS4 letter) noexcept:
    return c"0" <= letter <= c"9" or c"A" <= letter <= c"Z" or c"a" <= letter <= c"z"


cdef bint is_touched(
    Py_ssize_t start, Py_ssize_t end, const Extent *spans, Py_ssize_t count
) noexcept:
    cdef Py_ssize_t at
    for at in range(count):
        if start < spans[at].end and end > spans[at].start:
            return True
    return False


cdef int ascending(const void *one, const void *other) noexcept nogil:
    cdef uint32_t mine = (<const uint32_t *> one)[0], theirs = (<const uint32_t *> other)[0]
    return (mine > theirs) - (mine < theirs)


cdef summed(
    const uint32_t *terms, Py_ssize_t count, const float[::1] rarity, const float[::1] damped
):
    """Each distinct term once with its count, and its strength; ``terms`` are sorted."""
    cdef Py_ssize_t at = 0, kept = 0, times
    cdef uint32_t hashed, flags, mask = <uint32_t> (rarity.shape[0] - 1)
    words, strengths = np.empty(count, np.uint32), np.empty(count, np.float32)
    cdef uint32_t[::1] word_of = words
    cdef float[::1] strength_of = strengths
    while at < count:
        hashed, flags, times = terms[at] >> FLAG_BITS, 0, 0
        while at < count and terms[at] >> FLAG_BITS == hashed:
            times += TITLE_TIMES if terms[at] & IN_TITLE else 1
            flags |= terms[at] & (IN_TITLE | IN_SUBJECT)
            at += 1
        times = min(times, COUNT_MASK)
        word_of[kept] = hashed << FLAG_BITS | flags | <uint32_t> times
        strength_of[kept] = (
            0.0 if word_of[kept] == EMPTY else damped[times] * rarity[hashed & mask]
        )
        kept += 1
    return words[:kept], strengths[:kept]
