# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Search terms, compiled: what ``classifier.text.search_terms`` makes of tokens in plain Python.

Nearly all terms are one or two Chinese characters. Such a one is a number here, greater where
Python would sort it behind: those of a text are sorted as numbers, and none becomes a string.
"""

from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_FromKindAndData, PyUnicode_KIND, PyUnicode_READ
)
from libc.stdint cimport uint32_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

cdef enum:
    # Letters all of them, none of which has a small form: the first block of Chinese characters.
    FIRST_HAN = 0x4E00
    LAST_HAN = 0x9FA5
    BEFORE_HAN = FIRST_HAN - 1
    HAN_BITS = 15  # of a character's place in the block, counted from 1; 0 where there is none
    HAN_MASK = (1 << HAN_BITS) - 1
    # Numbers of two characters are sorted by so many bits at a time.
    TURNS = 3
    TURN_BITS = 10
    BUCKETS = 1 << TURN_BITS


cdef class SearchTerms:
    """See the stub."""

    cdef frozenset stop_words
    cdef object of_one
    cdef Py_ssize_t most
    cdef uint32_t *stops  # the numbers of the stop words, ascending
    cdef Py_ssize_t stop_count

    def __cinit__(self, frozenset stop_words, of_one, Py_ssize_t most):
        cdef str word
        cdef set others = set()
        self.stop_words, self.of_one, self.most = stop_words, of_one, most
        self.stops = <uint32_t *> malloc(2 * (len(stop_words) or 1) * sizeof(uint32_t))
        if not self.stops:
            raise MemoryError
        for word in stop_words:
            if len(word) > 2:
                raise ValueError("a stop word of more than two characters")
            self.stop_count = read_token(word, self.stops, self.stop_count, others)
        self.stop_count = sort(self.stops, self.stops + len(stop_words), self.stop_count)

    def __dealloc__(self):
        free(self.stops)

    def joined(self, list cuts):
        """See the stub."""
        cdef list tokens, words
        cdef str token, term
        cdef set others = set(), left = set()
        cdef Py_ssize_t room = 1, count = 0
        for tokens, words in cuts:
            for token in tokens:
                room += len(token) + 1
            for token in words:
                room += len(token)
        cdef uint32_t *codes = <uint32_t *> malloc(2 * room * sizeof(uint32_t))
        if not codes:
            raise MemoryError
        try:
            for tokens, words in cuts:
                for token in tokens:
                    count = read_token(token, codes, count, others)
                for token in words:
                    if len(token) > 1:
                        count = read_token(token, codes, count, others)
                count = read_bridges(tokens, self.stop_words, codes, count, others)
            for token in others:
                for term in self.of_one(token):
                    if count + len(term) > room:
                        raise ValueError("more terms than characters")
                    count = read_token(term, codes, count, left)
            count = sort(codes, codes + room, count)
            count = without(codes, count, self.stops, self.stop_count)
            return written(codes, count, sorted(left), self.most)
        finally:
            free(codes)


cdef Py_ssize_t read_token(
    str token, uint32_t *codes, Py_ssize_t count, set others
) except -1:
    """A number for each term of a token, behind those there are; what has other characters waits
    in ``others``. Returns how many numbers there are."""
    cdef Py_ssize_t at, length = len(token)
    cdef int kind = PyUnicode_KIND(token)
    cdef void *letters = PyUnicode_DATA(token)
    for at in range(length):
        if not is_han(PyUnicode_READ(kind, letters, at)):
            others.add(token)
            return count
    if length == 1:
        codes[count] = code_of(PyUnicode_READ(kind, letters, 0), BEFORE_HAN)
        return count + 1
    for at in range(length - 1):
        codes[count] = code_of(
            PyUnicode_READ(kind, letters, at), PyUnicode_READ(kind, letters, at + 1)
        )
        count += 1
    return count


cdef Py_ssize_t read_bridges(
    list tokens, frozenset stop_words, uint32_t *codes, Py_ssize_t count, set others
) except -1:
    """The same for the two characters on either side of each border at a lone one."""
    cdef str left = "", right
    cdef bint is_lone, was_lone = False
    cdef Py_UCS4 before, after
    for right in tokens:
        is_lone = len(right) == 1 and right not in stop_words
        if (is_lone or was_lone) and len(left) and len(right):
            before, after = left[len(left) - 1], right[0]
            if is_han(before) and is_han(after):
                codes[count] = code_of(before, after)
                count += 1
            elif before > 127 and after > 127:
                others.add(f"{before}{after}")
        left, was_lone = right, is_lone
    return count


cdef inline bint is_han(Py_UCS4 letter) noexcept:
    return FIRST_HAN <= letter <= LAST_HAN


cdef inline uint32_t code_of(Py_UCS4 first, Py_UCS4 second) noexcept:
    """The number of a term; where it has one character, ``second`` is that before the block."""
    return (<uint32_t> first - FIRST_HAN + 1) << HAN_BITS | (<uint32_t> second - FIRST_HAN + 1)


cdef Py_ssize_t sort(uint32_t *codes, uint32_t *spare, Py_ssize_t count) noexcept:
    """Sort numbers (by radix), each once; returns how many these are."""
    cdef Py_ssize_t starts[BUCKETS]
    cdef Py_ssize_t at, bucket, start, size, kept = 0
    cdef uint32_t *source = codes
    cdef uint32_t *target = spare
    cdef int turn, shift
    for turn in range(TURNS):
        shift = turn * TURN_BITS
        memset(starts, 0, sizeof(starts))
        for at in range(count):
            starts[source[at] >> shift & (BUCKETS - 1)] += 1
        start = 0
        for bucket in range(BUCKETS):
            size = starts[bucket]
            starts[bucket] = start
            start += size
        for at in range(count):
            bucket = source[at] >> shift & (BUCKETS - 1)
            target[starts[bucket]] = source[at]
            starts[bucket] += 1
        source, target = target, source
    # After an odd number of turns they lie in the spare room.
    for at in range(count):
        if at == 0 or source[at] != source[at - 1]:
            codes[kept] = source[at]
            kept += 1
    return kept


cdef Py_ssize_t without(
    uint32_t *codes, Py_ssize_t count, const uint32_t *stops, Py_ssize_t stop_count
) noexcept:
    """Leave out those numbers that are among the stops, both ascending; returns how many stay."""
    cdef Py_ssize_t at, stop = 0, kept = 0
    for at in range(count):
        while stop < stop_count and stops[stop] < codes[at]:
            stop += 1
        if stop == stop_count or stops[stop] != codes[at]:
            codes[kept] = codes[at]
            kept += 1
    return kept


cdef str written(const uint32_t *codes, Py_ssize_t count, list others, Py_ssize_t most):
    """The first terms of both, which are in order, with a space between each two."""
    cdef str term
    cdef Py_ssize_t at = 0, other = 0, size = 0, length = 3 * count
    for term in others:
        length += len(term) + 1
    cdef Py_UCS4 *letters = <Py_UCS4 *> malloc((length or 1) * sizeof(Py_UCS4))
    if not letters:
        raise MemoryError
    try:
        while most > 0 and (at < count or other < len(others)):
            if other < len(others) and (at == count or is_before(others[other], codes[at])):
                size = write(others[other], letters, size)
                other += 1
            else:
                letters[size] = first_of(codes[at])
                letters[size + 1] = second_of(codes[at])
                size += 2 if codes[at] & HAN_MASK else 1
                at += 1
            letters[size] = u" "
            size += 1
            most -= 1
        return PyUnicode_FromKindAndData(sizeof(Py_UCS4), letters, max(size - 1, 0))
    finally:
        free(letters)


cdef bint is_before(str term, uint32_t code) except -1:
    """Whether a term stands before that of a number, which is another one."""
    cdef Py_UCS4 second = term[1] if len(term) > 1 else 0
    if term[0] != first_of(code):
        return term[0] < first_of(code)
    return second < second_of(code) if code & HAN_MASK else False


cdef Py_ssize_t write(str term, Py_UCS4 *letters, Py_ssize_t size) noexcept:
    """Write a term behind what there is; returns how much there is then."""
    cdef Py_UCS4 letter
    for letter in term:
        letters[size] = letter
        size += 1
    return size


cdef inline Py_UCS4 first_of(uint32_t code) noexcept:
    return <Py_UCS4> ((code >> HAN_BITS) + FIRST_HAN - 1)


cdef inline Py_UCS4 second_of(uint32_t code) noexcept:
    return <Py_UCS4> ((code & HAN_MASK) + FIRST_HAN - 1)
