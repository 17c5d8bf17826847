# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Scoring, compiled: what ``classifier.judging.weights`` does with numpy, to the last bit of each score.

A text's n-grams are hashed, their rows looked up, damped and summed, with no array between these
steps; memory that is slow to answer is asked ahead. No place in an array is taken from a model
file or from a caller without a check, so a forged file cannot make it read elsewhere.
"""

from libc.math cimport pow
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

import numpy as np

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define ask_for(place) __builtin_prefetch(place)
    #else
    #define ask_for(place) ((void)(place))
    #endif
    """
    void ask_for(const void *place) noexcept nogil

cdef enum:
    MOST_FAMILIES = 16
    PIECE = 256  # so many numbers of 8 bits add up within 16
    TOGETHER = 4  # rows that are added in one pass over the lanes
    AHEAD = 16  # rows between the one asked for and the one added
    LINE = 64  # bytes that memory gives at once
    DIGIT_BITS = 9  # of a row's number, each pass of the sort looks at so many
    DIGITS = 1 << DIGIT_BITS
    MOST_LIKELIEST = 8

# As in classifier.hashing.
cdef uint64_t BASE = 0x9E3779B97F4A7C15
cdef uint64_t SPREAD = 0xD6E8FEB86659FD93


cdef struct Family:
    # N-grams of characters (0) or words (1), and what multiplies the hashes of both parts.
    bint of_words
    Py_ssize_t order
    uint32_t multipliers[2]


cdef struct Marks:
    # The first of the ends of characters or words, and one behind the last.
    Py_ssize_t first, end


cdef struct Letters:
    # A text: its code points, each one more than it is, and the ends of its words behind a 0.
    uint32_t *letters
    Py_ssize_t *bounds
    Py_ssize_t length, words
    Marks opening[2]


cdef struct Desk:
    # Where sums are made, one part of a text after the other.
    uint32_t *rows
    uint32_t *spare
    int16_t *lanes
    float *strengths  # of all rows kept so far
    Py_ssize_t kept


cdef struct Part:
    # What is found of the whole text or its opening.
    int32_t *totals
    Py_ssize_t kept  # where its strengths end
    double known


cdef class Memory:
    """Some memory, given back with this object."""

    cdef void *at

    def __cinit__(self, size_t size):
        self.at = malloc(size or 1)
        if self.at is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.at)


cdef class TextScores:
    """The scores of texts by the weights of one model; see the stub."""

    cdef const uint16_t[::1] narrow_table
    cdef const uint32_t[::1] wide_table
    cdef const float[::1] strengths
    cdef const int8_t[:, ::1] rows
    cdef const float[:, ::1] columns
    cdef bint is_wide
    cdef Py_ssize_t row_count, column_count
    cdef int shift, row_bits, family_count
    cdef Family families[MOST_FAMILIES]
    cdef double opening_factor
    cdef object add

    def __init__(self, table, strengths, rows, columns, families, int bits, double opening_factor):
        self.is_wide = table.itemsize == sizeof(uint32_t)
        if self.is_wide:
            self.wide_table = table
        else:
            self.narrow_table = table
        self.strengths, self.rows, self.columns = strengths, rows, columns
        self.row_count, self.column_count = rows.shape
        if not 1 <= bits <= 32 or len(table) != 1 << bits:
            raise ValueError("the table is not as large as the space of hashes")
        if strengths.shape != (self.row_count,) or columns.shape != (2, self.column_count):
            raise ValueError("the arrays do not fit together")
        self.shift = 32 - bits
        self.row_bits = int(self.row_count).bit_length()
        self.opening_factor = opening_factor
        self.add = np.add.reduce
        self.family_count = len(families)
        if self.family_count > MOST_FAMILIES or min(order for _, order, _ in families) < 1:
            raise ValueError("strange families of n-grams")
        for at, (of_words, order, multipliers) in enumerate(families):
            self.families[at] = Family(of_words, order, multipliers)

    def of(self, list windows):
        cdef Py_ssize_t at, most, count = len(windows), longest = 0, together = 0
        cdef Memory text_memory = Memory(count * sizeof(Letters))
        cdef Letters *texts = <Letters *> text_memory.at
        # Until all is summed up, each of these holds the arrays of its text.
        cdef list held = [read_letters(windows[at], texts + at) for at in range(count)]
        for at in range(count):
            most = self.most_ngrams(texts + at)
            longest, together = max(longest, most), together + 2 * most
        cdef Memory row_memory = Memory((2 * longest + TOGETHER) * sizeof(uint32_t))
        cdef Memory lane_memory = Memory(self.column_count * sizeof(int16_t))
        cdef Memory part_memory = Memory(2 * count * sizeof(Part))
        cdef Memory total_memory = Memory(2 * count * self.column_count * sizeof(int32_t))
        cdef Part *parts = <Part *> part_memory.at
        for at in range(2 * count):
            parts[at].totals = <int32_t *> total_memory.at + at * self.column_count
        strengths = np.empty(together + 1, np.float32)
        cdef float[::1] kept = strengths
        cdef uint32_t *rows = <uint32_t *> row_memory.at
        cdef Desk desk = Desk(rows, rows + longest, <int16_t *> lane_memory.at, &kept[0], 0)
        cdef bint sound
        if count == 1:  # so short that waiting for the lock again could cost far more
            sound = self.sum_up(texts, count, &desk, parts)
        else:
            with nogil:
                sound = self.sum_up(texts, count, &desk, parts)
        if not sound:
            raise IndexError("the table names a row that is none")
        return self.scored(strengths, parts, count), [parts[2 * at].known for at in range(count)]

    cdef Py_ssize_t most_ngrams(self, const Letters *text) noexcept:
        """More n-grams than a part of a text has."""
        cdef Py_ssize_t most = 0
        cdef int at
        for at in range(self.family_count):
            most += text.words if self.families[at].of_words else text.length
        return most

    cdef bint sum_up(
        self, const Letters *texts, Py_ssize_t count, Desk *desk, Part *parts
    ) noexcept nogil:
        """Sum the rows of all texts; False where a row is out of range."""
        cdef Py_ssize_t at, found
        for at in range(2 * count):
            found = self.hash_part(texts + at // 2, at % 2, desk.rows)
            if not self.look_up(desk.rows, found):
                return False
            parts[at].known = known_share(desk.rows, found)
            self.sum_rows(desk, found, parts[at].totals)
            parts[at].kept = desk.kept
        return True

    cdef Py_ssize_t hash_part(self, const Letters *text, int part, uint32_t *slots) noexcept nogil:
        """The slots of the n-grams of the whole text (0) or its opening (1), and how many."""
        cdef Py_ssize_t count = 0, start, stop
        cdef const Family *family
        cdef Marks marks
        cdef int at
        for at in range(self.family_count):
            family = &self.families[at]
            marks = Marks(0, (text.words if family.of_words else text.length) + 1)
            if part:
                marks.first = text.opening[family.of_words].first
                marks.end = min(marks.end, text.opening[family.of_words].end)
            for start in range(marks.first, marks.end - family.order):
                stop = start + family.order
                if family.of_words:
                    slots[count] = hash_of(text, text.bounds[start], text.bounds[stop])
                else:
                    slots[count] = hash_of(text, start, stop)
                slots[count] = slots[count] * family.multipliers[part] >> self.shift
                self.ask_for_slot(slots[count])
                count += 1
        return count

    cdef void ask_for_slot(self, uint32_t slot) noexcept nogil:
        if self.is_wide:
            ask_for(&self.wide_table[slot])
        else:
            ask_for(&self.narrow_table[slot])

    cdef bint look_up(self, uint32_t *slots, Py_ssize_t count) noexcept nogil:
        """Put the row in the place of each slot; False where one is out of range."""
        cdef Py_ssize_t at
        cdef uint32_t greatest = 0
        for at in range(count):
            if self.is_wide:
                slots[at] = self.wide_table[slots[at]]
            else:
                slots[at] = self.narrow_table[slots[at]]
            greatest = max(greatest, slots[at])
        return greatest < <uint64_t> self.row_count

    cdef void sum_rows(self, Desk *desk, Py_ssize_t count, int32_t *totals) noexcept nogil:
        """Sum the rows of a part, damped, and keep the strength of each."""
        cdef int16_t *lanes = desk.lanes
        cdef const uint32_t *rows = desk.rows
        cdef Py_ssize_t at, column, kept = damp(desk, count, self.row_bits)
        for at in range(kept, kept + TOGETHER - 1):
            desk.rows[at] = 0  # the row of zeros
        memset(totals, 0, self.column_count * sizeof(int32_t))
        memset(lanes, 0, self.column_count * sizeof(int16_t))
        for at in range(kept):
            self.ask_for_row(rows[min(at + AHEAD, kept - 1)])
            desk.strengths[desk.kept + at] = self.strengths[rows[at]]
            if at % TOGETHER == 0:
                add_rows(
                    lanes, &self.rows[rows[at], 0], &self.rows[rows[at + 1], 0],
                    &self.rows[rows[at + 2], 0], &self.rows[rows[at + 3], 0], self.column_count,
                )
            if at % PIECE == PIECE - 1 or at == kept - 1:
                for column in range(self.column_count):
                    totals[column] += lanes[column]
                    lanes[column] = 0
        desk.kept += kept

    cdef inline void ask_for_row(self, uint32_t row) noexcept nogil:
        cdef Py_ssize_t column = 0
        ask_for(&self.strengths[row])
        while column < self.column_count:
            ask_for(&self.rows[row, column])
            column += LINE
        ask_for(&self.rows[row, self.column_count - 1])

    cdef scored(self, strengths, const Part *parts, Py_ssize_t count):
        """The scores of all texts from the sums of their parts, shape (count, columns)."""
        scores = np.empty((count, self.column_count), np.float32)
        cdef float[:, ::1] out = scores
        cdef double whole, opening
        cdef Py_ssize_t at, begin = 0
        for at in range(count):
            whole = self.length(strengths[begin : parts[2 * at].kept])
            opening = self.length(strengths[parts[2 * at].kept : parts[2 * at + 1].kept])
            begin = parts[2 * at + 1].kept
            self.score(
                parts[2 * at].totals, <float> (1.0 / whole),
                parts[2 * at + 1].totals, <float> (self.opening_factor / opening), &out[at, 0]
            )
        return scores

    cdef double length(self, strengths):
        """The length of a part; numpy adds, since the last bit depends on its order of adding."""
        return pow(<double> self.add(strengths), 0.5) or 1.0

    cdef void score(
        self,
        const int32_t *whole, float whole_factor,
        const int32_t *opening, float opening_factor,
        float *out,
    ) noexcept:
        """The scores of one text; rounded to float32 where numpy rounds, and nowhere else."""
        cdef Py_ssize_t column
        cdef float scale, score
        for column in range(self.column_count):
            scale = self.columns[0, column]
            score = <float> (
                <double> whole[column] * <double> (whole_factor * scale) + self.columns[1, column]
            )
            out[column] = <float> (
                score + <double> opening[column] * <double> (opening_factor * scale)
            )


cdef Memory read_letters(window, Letters *text):
    """Fill in a text from a ``features.Window``; the memory returned holds its arrays."""
    cdef str whole = window.text
    cdef const int64_t[::1] ends = window.ends
    cdef Py_UCS4 letter
    cdef Py_ssize_t at = 0, end = 0
    text.length, text.words = len(whole), ends.shape[0] - 1
    if text.words < 0:
        raise IndexError("there is no end of words")
    cdef Memory memory = Memory(
        (text.words + 1) * sizeof(Py_ssize_t) + text.length * sizeof(uint32_t)
    )
    text.bounds = <Py_ssize_t *> memory.at
    text.letters = <uint32_t *> (text.bounds + text.words + 1)
    for letter in whole:
        text.letters[at] = <uint32_t> letter + 1
        at += 1
    for at in range(text.words + 1):
        if not end <= ends[at] <= text.length:
            raise IndexError("words are longer than their text")
        end = ends[at]
        text.bounds[at] = end
    (letters_first, letters_end), (words_first, words_end) = window.opening
    if letters_first < 0 or words_first < 0:
        raise IndexError("an opening begins before its text")
    text.opening[0] = Marks(letters_first, letters_end)
    text.opening[1] = Marks(words_first, words_end)
    return memory


cdef inline uint32_t hash_of(const Letters *text, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """The hash of a span, as ``hashing.spread`` gives it."""
    cdef uint64_t polynomial = 0
    while end > start:
        end -= 1
        polynomial = polynomial * BASE + text.letters[end]
    return <uint32_t> (polynomial * SPREAD >> 32)


cdef inline void add_rows(
    int16_t *lanes, const int8_t *one, const int8_t *two, const int8_t *three,
    const int8_t *four, Py_ssize_t count,
) noexcept nogil:
    """Add four rows at once: the lanes come from memory and go back a quarter as often."""
    cdef Py_ssize_t at
    for at in range(count):
        lanes[at] += one[at] + two[at] + three[at] + four[at]


cdef double known_share(const uint32_t *rows, Py_ssize_t count) noexcept nogil:
    """As ``weights.known_share``."""
    cdef Py_ssize_t at, known = 0
    for at in range(count):
        known += rows[at] != 0
    return <double> known / <double> max(count, 1)


cdef Py_ssize_t damp(Desk *desk, Py_ssize_t count, int bits) noexcept nogil:
    """Sort the desk's rows and keep of n equal ones as many as n has binary digits."""
    cdef const uint32_t *ordered = sort(desk.rows, desk.spare, count, bits)
    cdef Py_ssize_t at = 0, begin, times, kept = 0
    cdef uint32_t row
    while at < count:
        begin, row = at, ordered[at]
        while at < count and ordered[at] == row:
            at += 1
        times = at - begin
        while times:  # never more than were read: the array may be the same
            desk.rows[kept] = row
            kept += 1
            times >>= 1
    return kept


cdef uint32_t *sort(uint32_t *rows, uint32_t *spare, Py_ssize_t count, int bits) noexcept nogil:
    """Sort numbers of so many bits, digit by digit; they end up in one of both arrays."""
    cdef Py_ssize_t starts[DIGITS]
    cdef Py_ssize_t at, before, here
    cdef int shift = 0, digit
    while shift < bits:
        memset(starts, 0, sizeof(starts))
        for at in range(count):
            starts[rows[at] >> shift & DIGITS - 1] += 1
        before = 0
        for digit in range(DIGITS):
            here, starts[digit] = starts[digit], before
            before += here
        for at in range(count):
            digit = rows[at] >> shift & DIGITS - 1
            spare[starts[digit]] = rows[at]
            starts[digit] += 1
        rows, spare = spare, rows
        shift += DIGIT_BITS
    return rows


def word_ends(title_tokens, body_tokens):
    """See the stub."""
    cdef Py_ssize_t title_count = len(title_tokens), count = title_count + len(body_tokens) + 2
    found = np.empty(count, np.int64)
    cdef int64_t[::1] ends = found
    ends[0] = 0
    read_ends(title_tokens, ends[: title_count + 1])
    ends[title_count + 1] = ends[title_count] + 1
    read_ends(body_tokens, ends[title_count + 1 :])
    return found


cdef int read_ends(tokens, int64_t[::1] ends) except -1:
    """The ends of tokens behind the place where the first of them begins."""
    cdef Py_ssize_t at = 0
    cdef str token
    for token in tokens:
        at += 1
        if at >= ends.shape[0]:
            raise ValueError("there are more tokens than it says")
        ends[at] = ends[at - 1] + len(token)
    if at + 1 < ends.shape[0]:
        raise ValueError("there are fewer tokens than it says")
    return 0


def likeliest(const float[:, ::1] shares, list runs, int count):
    cdef Py_ssize_t first, end
    if not 1 <= count <= MOST_LIKELIEST:
        raise ValueError(count)
    for first, end in runs:
        if not 0 <= first < end <= shares.shape[1]:
            raise IndexError("a run of columns that are none")
    return [
        [best_places(&shares[at, 0], first, end, count) for first, end in runs]
        for at in range(shares.shape[0])
    ]


cdef list best_places(const float *shares, Py_ssize_t first, Py_ssize_t end, int count):
    """The places within a run of its greatest shares, greatest first; of equal ones the first."""
    cdef Py_ssize_t best[MOST_LIKELIEST]
    cdef Py_ssize_t column
    cdef int found = 0, place
    for column in range(first, end):
        if found == count and shares[column] <= shares[best[count - 1]]:
            continue
        found = min(found + 1, count)
        place = found - 1
        while place and shares[best[place - 1]] < shares[column]:
            best[place] = best[place - 1]
            place -= 1
        best[place] = column
    return [best[place] - first for place in range(found)]
