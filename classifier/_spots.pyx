# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Spots, compiled: where in a text a pattern may match or a pair of characters stands."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport calloc, free
from libc.string cimport memset

cdef enum:
    # What a character may be to a match that begins with the one in the middle.
    BEFORE = 1
    HERE = 2
    BEHIND = 4
    ALL = 7
    TABLE = 1 << 16  # of code points; those above are in no list


cdef class Roles:
    """What each character may be."""

    cdef uint8_t listed[TABLE]
    cdef uint8_t unlisted

    def __cinit__(self, *_):
        self.be(0)

    cdef be(self, uint8_t unlisted):
        """What all may be that are not listed from now on."""
        self.unlisted = unlisted
        memset(self.listed, unlisted, TABLE)

    cdef give(self, str characters, uint8_t role):
        cdef Py_UCS4 character
        for character in characters:
            if character >= TABLE:
                raise ValueError("a character that the table has no room for")
            self.listed[character] |= role

    cdef inline uint8_t of(self, Py_UCS4 character) noexcept:
        return self.listed[character] if character < TABLE else self.unlisted


cdef class Spots(Roles):
    """See the stub."""

    def __init__(self, before, str here, behind):
        self.be((BEFORE if before is None else 0) | (BEHIND if behind is None else 0))
        self.give(before or "", BEFORE)
        self.give(here, HERE)
        self.give(behind or "", BEHIND)

    def first(self, str text, match):
        """See the stub."""
        found = self.seek(text, match, True)
        return found[0] if found else None

    def all(self, str text, match):
        """See the stub."""
        return self.seek(text, match, False)

    cdef list seek(self, str text, match, bint is_one_enough):
        cdef Py_ssize_t at, end = 0, length = len(text)
        cdef int kind = PyUnicode_KIND(text)
        cdef void *letters = PyUnicode_DATA(text)
        cdef list found = []
        # Each end of a text may stand in for any neighbour; behind the last character lies a 0.
        cdef uint8_t before, here = ALL, behind = self.of(PyUnicode_READ(kind, letters, 0))
        for at in range(length):
            before, here = here, behind
            behind = ALL if at + 1 == length else self.of(PyUnicode_READ(kind, letters, at + 1))
            if (before & BEFORE | here & HERE | behind & BEHIND) == ALL and at >= end:
                one = match(text, at)
                if one is not None:
                    found.append(one)
                    end = one.end()
                    if is_one_enough:
                        break
        return found


cdef class Pairs(Roles):
    """See the stub."""

    cdef uint32_t *known  # a table of hashes with open addresses; 0 where it is empty
    cdef uint32_t mask

    def __init__(self, list pairs):
        cdef str pair
        self.mask = 1
        while self.mask < 4 * <size_t> len(pairs):
            self.mask <<= 1
        free(self.known)
        self.known = <uint32_t *> calloc(self.mask, sizeof(uint32_t))
        if self.known is NULL:
            raise MemoryError
        self.mask -= 1
        for pair in pairs:
            if len(pair) != 2 or pair[0] == "\0":
                raise ValueError("no pair of characters")
            self.give(pair[0], HERE)
            self.give(pair[1], BEHIND)
            self.known[self.place(pair[0], pair[1])] = code_of(pair[0], pair[1])

    def __dealloc__(self):
        free(self.known)

    def places(self, str text):
        """See the stub."""
        cdef Py_ssize_t at
        cdef int kind = PyUnicode_KIND(text)
        cdef void *letters = PyUnicode_DATA(text)
        cdef Py_UCS4 one, other = PyUnicode_READ(kind, letters, 0)
        cdef uint8_t here, behind = self.of(other)
        cdef list found = []
        for at in range(len(text) - 1):
            one, other = other, PyUnicode_READ(kind, letters, at + 1)
            here, behind = behind, self.of(other)
            if here & HERE and behind & BEHIND and self.known[self.place(one, other)]:
                found.append(at)
        return found

    cdef uint32_t place(self, Py_UCS4 one, Py_UCS4 other) noexcept:
        """Where in the table a pair stands, or would."""
        cdef uint32_t code = code_of(one, other)
        cdef uint32_t place = code * <uint32_t> 0x9E3779B1 >> 8 & self.mask
        while self.known[place] and self.known[place] != code:
            place = place + 1 & self.mask
        return place


cdef inline uint32_t code_of(Py_UCS4 one, Py_UCS4 other) noexcept:
    """The number of a pair of characters that the table of roles lists."""
    return <uint32_t> one << 16 | <uint32_t> other
