# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Search terms, compiled: what ``classifier.search_terms`` makes of tokens in plain Python.

Nearly all terms are one or two Chinese characters. Such a one is a number here, greater where
Python would sort it behind: so each becomes a string once, however often it stands in a text.
"""

from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc, qsort

cdef enum:
    # Letters all of them, none of which has a small form: the first block of Chinese characters.
    FIRST_HAN = 0x4E00
    LAST_HAN = 0x9FA5
    CODE_BITS = 21


def sorted_terms(list cuts, frozenset stop_words, of_one):
    """See the stub."""
    cdef list tokens, words
    cdef str token
    cdef set others = set()
    cdef Py_ssize_t most = 1, count = 0
    for tokens, words in cuts:
        for token in tokens:
            most += len(token) + 1
        for token in words:
            most += len(token)
    cdef uint64_t *codes = <uint64_t *> malloc(most * sizeof(uint64_t))
    if not codes:
        raise MemoryError
    try:
        for tokens, words in cuts:
            for token in tokens:
                count = read_token(token, codes, count, others)
            for token in words:
                if len(token) > 1:
                    count = read_token(token, codes, count, others)
            count = read_bridges(tokens, stop_words, codes, count, others)
        qsort(codes, count, sizeof(uint64_t), ascending)
        return as_strings(codes, count, stop_words, others, of_one)
    finally:
        free(codes)


cdef Py_ssize_t read_token(
    str token, uint64_t *codes, Py_ssize_t count, set others
) except -1:
    """A number for each term of a token, behind those there are; what has other characters waits
    in ``others``. Returns how many numbers there are."""
    cdef Py_ssize_t at, length = len(token)
    for at in range(length):
        if not is_han(token[at]):
            others.add(token)
            return count
    if length == 1:
        codes[count] = code_of(token[0], 0)
        return count + 1
    for at in range(length - 1):
        codes[count] = code_of(token[at], token[at + 1])
        count += 1
    return count


cdef Py_ssize_t read_bridges(
    list tokens, frozenset stop_words, uint64_t *codes, Py_ssize_t count, set others
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


cdef bint is_han(Py_UCS4 letter) noexcept:
    return FIRST_HAN <= letter <= LAST_HAN


cdef uint64_t code_of(Py_UCS4 first, Py_UCS4 second) noexcept:
    """The number of a term; ``second`` is 0 where it has one character."""
    return <uint64_t> first << CODE_BITS | <uint64_t> second


cdef int ascending(const void *one, const void *other) noexcept nogil:
    cdef uint64_t mine = (<const uint64_t *> one)[0], theirs = (<const uint64_t *> other)[0]
    return (mine > theirs) - (mine < theirs)


cdef list as_strings(
    const uint64_t *codes, Py_ssize_t count, frozenset stop_words, set others, of_one
):
    """Each distinct term once, in order: those of numbers, which are sorted, and of ``others``."""
    cdef dict terms = {}
    cdef Py_ssize_t at
    cdef Py_UCS4 first, second
    cdef str term
    for at in range(count):
        if at and codes[at] == codes[at - 1]:
            continue
        first, second = codes[at] >> CODE_BITS, codes[at] & ((1 << CODE_BITS) - 1)
        term = f"{first}{second}" if second else f"{first}"
        if term not in stop_words:
            terms[term] = None
    for term in others:
        terms.update(dict.fromkeys(of_one(term)))
    return sorted(terms)  # quick, as most of them are in order
