# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Matching, compiled: what ``classifier.matching.agreement`` and ``classifier.matching.heaviest`` do with numpy.

All sums are of numbers with few binary digits, so that they come out the same in any order, to
the last bit. Profiles are copied before they are read, and places in tables are cut to their size.
"""

from cpython.buffer cimport PyBUF_FORMAT, PyBUF_ND, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

import numpy as np

cdef enum:
    WORDS = 72
    NAMES = 14
    BINS = 96
    PLACES = 4
    DISTRICTS = 3
    LABELS = 8
    COUNT_MASK = 63
    IN_SUBJECT = 64
    IN_TITLE = 128
    FLAG_BITS = 8
    EMPTY_SHORT = 0xFFFF
    COLUMNS = 23
    SLOTS = 256

cdef uint32_t EMPTY = 0xFFFFFFFF
cdef double RARE = 5.0
cdef double SAME = 2.0  # more than any cosine: the very text


# As classifier.matching.profile.PROFILE.
cdef packed struct Profile:
    uint8_t format
    uint16_t length
    uint64_t digest
    uint64_t sender
    uint32_t sent_at
    float word_norm
    uint32_t words[WORDS]
    uint16_t names[NAMES]
    uint8_t bins[BINS]
    uint16_t places[PLACES]
    uint16_t title_places[PLACES]
    uint16_t districts[DISTRICTS]
    uint16_t labels[LABELS]
    uint8_t label_shares[LABELS]
    uint8_t says


PROFILE_BYTES = sizeof(Profile)


cdef struct Words:
    # A profile's words that are there: their number, and of each its rarity and strength.
    Py_ssize_t count
    uint32_t words[WORDS]
    double rarity[WORDS]
    double strength[WORDS]
    # By the last bits of a word's hash its place and one, or that of another; 0 ends the search.
    uint8_t slots[SLOTS]


cdef struct Tables:
    # How rare words and names are, sizes less one, and the weights of counts.
    const float *words
    const float *names
    const float *damped
    uint32_t word_mask, name_mask


cdef struct Agreement:
    # As classifier.matching.agreement.Agreement, in its order.
    double words, subject
    double title_found, their_title_found, title, their_title
    double title_hit, title_miss
    double rarest, second_rarest, third_rarest, rare_sum
    double both_titles, title_squares, their_title_squares
    double name
    double labels
    double same_bins, filled_bins
    double same_place, other_place, other_title_place, other_district


cdef struct Sum:
    # What an id shares of the weight; one more than the id, so that 0 is a free place.
    int64_t entry
    double share


cdef struct Met:
    # A key that was met: under how many ids, and what it weighs.
    int64_t count, key
    double weight


def compare(
    const uint8_t[::1] one,
    const uint8_t[:, ::1] many,
    const float[::1] word_rarity,
    const float[::1] name_rarity,
    const float[::1] damped,
):
    """See the stub."""
    cdef Py_ssize_t row, column, count = many.shape[0]
    cdef Profile mine, theirs
    cdef Words my_words
    cdef Tables tables
    cdef Agreement found
    if one.shape[0] != sizeof(Profile) or many.shape[1] != sizeof(Profile):
        raise ValueError("profiles of another size")
    if not is_power(word_rarity.shape[0]) or not is_power(name_rarity.shape[0]):
        raise ValueError("the tables are no powers of two")
    if damped.shape[0] != COUNT_MASK + 1:
        raise ValueError("the weights of counts are of another number")
    tables.words, tables.names, tables.damped = &word_rarity[0], &name_rarity[0], &damped[0]
    tables.word_mask = <uint32_t> (word_rarity.shape[0] - 1)
    tables.name_mask = <uint32_t> (name_rarity.shape[0] - 1)
    result = np.empty((COLUMNS, count))
    cdef double[:, ::1] columns = result
    memcpy(&mine, &one[0], sizeof(Profile))
    weigh(&mine, &tables, &my_words)
    for row in range(count):
        memcpy(&theirs, &many[row, 0], sizeof(Profile))
        agree(&mine, &my_words, &theirs, &tables, &found)
        for column in range(COLUMNS):
            columns[column, row] = (<double *> &found)[column]
    return result


def shortlist(
    const uint8_t[::1] one,
    const uint8_t[:, ::1] many,
    const float[::1] word_rarity,
    const float[::1] damped,
    Py_ssize_t most,
    double fewest,
):
    """See the stub."""
    cdef Py_ssize_t row, place, count = many.shape[0]
    cdef Profile mine, theirs
    cdef Words my_words
    cdef Tables tables
    cdef double product, cosine
    cdef uint32_t word
    cdef list kept = []
    if one.shape[0] != sizeof(Profile) or many.shape[1] != sizeof(Profile):
        raise ValueError("profiles of another size")
    if not is_power(word_rarity.shape[0]):
        raise ValueError("the table is no power of two")
    if damped.shape[0] != COUNT_MASK + 1:
        raise ValueError("the weights of counts are of another number")
    tables.words, tables.damped = &word_rarity[0], &damped[0]
    tables.word_mask = <uint32_t> (word_rarity.shape[0] - 1)
    memcpy(&mine, &one[0], sizeof(Profile))
    weigh(&mine, &tables, &my_words)
    for row in range(count):
        memcpy(&theirs, &many[row, 0], sizeof(Profile))
        product = 0.0
        for place in range(WORDS):
            word = theirs.words[place]
            if word != EMPTY:
                product += product_with(&my_words, word, &tables)
        cosine = product / (<double> mine.word_norm * <double> theirs.word_norm)
        if theirs.digest == mine.digest:
            cosine = SAME
        if cosine >= fewest:
            kept.append((-cosine, row))
    kept.sort()
    return [row for _, row in kept[:most]]


cdef double product_with(const Words *mine, uint32_t word, const Tables *tables) noexcept:
    """What a word of theirs adds to the sum of products: nothing where it is none of mine."""
    cdef Py_ssize_t at = place_of(mine, word)
    if at < 0:
        return 0.0
    return mine.strength[at] * strength_of(word, mine.rarity[at], tables)


cdef bint is_power(Py_ssize_t size):
    return size > 0 and size & (size - 1) == 0


cdef double rarity_of(uint32_t word, const Tables *tables) noexcept:
    return tables.words[(word >> FLAG_BITS) & tables.word_mask]


cdef double strength_of(uint32_t word, double rarity, const Tables *tables) noexcept:
    return tables.damped[word & COUNT_MASK] * rarity


cdef void weigh(const Profile *profile, const Tables *tables, Words *weighed) noexcept:
    cdef Py_ssize_t at
    cdef uint32_t word, slot
    weighed.count = 0
    memset(weighed.slots, 0, sizeof(weighed.slots))
    for at in range(WORDS):
        word = profile.words[at]
        if word == EMPTY:
            continue
        weighed.words[weighed.count] = word
        weighed.rarity[weighed.count] = rarity_of(word, tables)
        weighed.strength[weighed.count] = strength_of(
            word, weighed.rarity[weighed.count], tables
        )
        weighed.count += 1
        slot = word >> FLAG_BITS & SLOTS - 1
        while weighed.slots[slot]:
            slot = slot + 1 & SLOTS - 1
        weighed.slots[slot] = <uint8_t> weighed.count


cdef Py_ssize_t place_of(const Words *weighed, uint32_t word) noexcept:
    """The place of the word with the same hash, or -1."""
    cdef uint32_t slot = word >> FLAG_BITS & SLOTS - 1
    cdef Py_ssize_t place
    while weighed.slots[slot]:
        place = weighed.slots[slot] - 1
        if weighed.words[place] >> FLAG_BITS == word >> FLAG_BITS:
            return place
        slot = slot + 1 & SLOTS - 1
    return -1


cdef void agree(
    const Profile *mine,
    const Words *my_words,
    const Profile *theirs,
    const Tables *tables,
    Agreement *found,
) noexcept:
    cdef Py_ssize_t column
    for column in range(COLUMNS):
        (<double *> found)[column] = 0.0
    meet_words(my_words, theirs, tables, found)
    found.name = rarest_name(mine, theirs, tables)
    found.labels = label_products(mine, theirs)
    meet_bins(mine.bins, theirs.bins, found)
    cdef double unused
    meet_places(
        <const void *> mine.places,
        <const void *> theirs.places,
        PLACES,
        &found.same_place,
        &found.other_place,
    )
    meet_places(
        <const void *> mine.title_places,
        <const void *> theirs.title_places,
        PLACES,
        &unused,
        &found.other_title_place,
    )
    meet_places(
        <const void *> mine.districts,
        <const void *> theirs.districts,
        DISTRICTS,
        &unused,
        &found.other_district,
    )


cdef void meet_words(
    const Words *mine, const Profile *theirs, const Tables *tables, Agreement *found
) noexcept:
    cdef Py_ssize_t at, place
    cdef uint32_t word
    cdef bint is_met[WORDS]
    memset(is_met, 0, sizeof(is_met))
    for place in range(WORDS):
        word = theirs.words[place]
        if word == EMPTY:
            continue
        at = place_of(mine, word)
        if at >= 0:
            is_met[at] = True
            meet(mine, at, word, tables, found)
        elif word & IN_TITLE:
            miss_theirs(rarity_of(word, tables), found)
    for at in range(mine.count):
        if mine.words[at] & IN_TITLE and not is_met[at]:
            miss_mine(mine.rarity[at], found)


cdef void miss_mine(double rarity, Agreement *found) noexcept:
    found.title += rarity
    found.title_squares += rarity * rarity
    found.title_miss = max(found.title_miss, rarity)


cdef void miss_theirs(double rarity, Agreement *found) noexcept:
    found.their_title += rarity
    found.their_title_squares += rarity * rarity
    found.title_miss = max(found.title_miss, rarity)


cdef void meet(
    const Words *mine, Py_ssize_t at, uint32_t word, const Tables *tables, Agreement *found
) noexcept:
    cdef double rarity = mine.rarity[at]
    cdef double product = mine.strength[at] * strength_of(word, rarity, tables)
    found.words += product
    if word & IN_SUBJECT:
        found.subject += product
    if rarity > RARE:
        found.rare_sum += rarity
    if rarity > found.rarest:
        found.third_rarest, found.second_rarest = found.second_rarest, found.rarest
        found.rarest = rarity
    elif rarity > found.second_rarest:
        found.third_rarest, found.second_rarest = found.second_rarest, rarity
    elif rarity > found.third_rarest:
        found.third_rarest = rarity
    if mine.words[at] & IN_TITLE:
        found.title += rarity
        found.title_squares += rarity * rarity
        found.title_found += rarity
        found.title_hit = max(found.title_hit, rarity)
    if word & IN_TITLE:
        found.their_title += rarity
        found.their_title_squares += rarity * rarity
        found.their_title_found += rarity
        found.title_hit = max(found.title_hit, rarity)
        if mine.words[at] & IN_TITLE:
            found.both_titles += rarity * rarity


cdef double rarest_name(const Profile *mine, const Profile *theirs, const Tables *tables) noexcept:
    cdef Py_ssize_t i, j
    cdef uint16_t name
    cdef double rarest = 0.0
    for j in range(NAMES):
        name = theirs.names[j]
        if name == EMPTY_SHORT:
            continue
        for i in range(NAMES):
            if mine.names[i] == name:
                rarest = max(rarest, <double> tables.names[name & tables.name_mask])
    return rarest


cdef double label_products(const Profile *mine, const Profile *theirs) noexcept:
    cdef Py_ssize_t i, j
    cdef int64_t total = 0
    for i in range(LABELS):
        for j in range(LABELS):
            if mine.labels[i] == theirs.labels[j]:
                total += <int64_t> mine.label_shares[i] * theirs.label_shares[j]
    return <double> total


cdef void meet_bins(const uint8_t *mine, const uint8_t *theirs, Agreement *found) noexcept:
    cdef Py_ssize_t at
    cdef int same = 0, filled = 0
    for at in range(BINS):
        same += (mine[at] != 0) & (mine[at] == theirs[at])
        filled += (mine[at] | theirs[at]) != 0
    found.same_bins, found.filled_bins = same, filled


cdef void meet_places(
    const void *mine, const void *theirs, Py_ssize_t size, double *same, double *other
) noexcept:
    """Whether a place is shared; whether both name places and share none."""
    cdef uint16_t my_places[PLACES]
    cdef uint16_t their_places[PLACES]
    cdef Py_ssize_t i, j
    cdef bint met = False, i_name = False, they_name = False
    # What lies in a packed record may lie between the places where 16 bits are read at once.
    memcpy(my_places, mine, size * sizeof(uint16_t))
    memcpy(their_places, theirs, size * sizeof(uint16_t))
    for i in range(size):
        i_name |= my_places[i] != EMPTY_SHORT
        they_name |= their_places[i] != EMPTY_SHORT
        for j in range(size):
            met |= my_places[i] != EMPTY_SHORT and my_places[i] == their_places[j]
    same[0] = met
    other[0] = i_name and they_name and not met


def rarest(keys, dict counts, int64_t room):
    """See the stub."""
    cdef Py_ssize_t at, met = 0, size = len(keys)
    cdef Met one
    cdef list found = []
    cdef Met *sorted_ones = <Met *> malloc((size or 1) * sizeof(Met))
    try:
        if not sorted_ones:
            raise MemoryError
        for key, weight in keys:
            count = counts.get(key)
            if count is None:
                continue
            if met == size:
                raise ValueError("there are more keys than it says")
            one = Met(count, key, weight)
            at = met
            while at > 0 and is_rarer(&one, &sorted_ones[at - 1]):
                sorted_ones[at] = sorted_ones[at - 1]
                at -= 1
            sorted_ones[at] = one
            met += 1
        for at in range(met):
            room -= sorted_ones[at].count
            if room < 0:
                break
            found.append((sorted_ones[at].key, sorted_ones[at].weight))
        return found
    finally:
        free(sorted_ones)


cdef bint is_rarer(const Met *one, const Met *other) noexcept:
    if one.count != other.count:
        return one.count < other.count
    return one.key < other.key or (one.key == other.key and one.weight < other.weight)


cdef struct Part:
    # Some ids: of numbers of 64 bits, or how far each is from the first; what their key weighs.
    Py_ssize_t count
    const int64_t *ids
    int64_t first
    const uint32_t *offsets
    double weight


def heaviest(list found, list weights, Py_ssize_t most):
    """See the stub."""
    cdef Py_ssize_t key, place, at, held = 0, kept = 0, size = 8, count = 0, met = 0
    if len(found) != len(weights) or most < 1:
        raise ValueError("each key needs a weight, and something must be wanted")
    cdef Py_ssize_t part_count = sum(map(len, found))
    cdef Py_buffer *buffers = <Py_buffer *> calloc(part_count or 1, sizeof(Py_buffer))
    cdef Part *parts = <Part *> calloc(part_count or 1, sizeof(Part))
    cdef Sum *sums = NULL
    cdef Sum **met_sums = NULL
    cdef Sum *found_sum
    cdef int64_t *best = <int64_t *> calloc(most, sizeof(int64_t))
    cdef double *best_shares = <double *> calloc(most, sizeof(double))
    cdef double weight
    try:
        if not (buffers and parts and best and best_shares):
            raise MemoryError
        for key in range(len(found)):
            for part in found[key]:
                if held == part_count:
                    raise ValueError("there are more parts than it says")
                is_run = isinstance(part, tuple)
                if is_run:
                    parts[held].first, part = part
                PyObject_GetBuffer(part, &buffers[held], PyBUF_ND | PyBUF_FORMAT)
                held += 1
                read_part(is_run, &buffers[held - 1], &parts[held - 1])
                parts[held - 1].weight = weights[key]
                count += parts[held - 1].count
        while size < 2 * count:
            size *= 2
        sums = <Sum *> calloc(size, sizeof(Sum))
        met_sums = <Sum **> malloc((count or 1) * sizeof(Sum *))
        if not (sums and met_sums):
            raise MemoryError
        for place in range(held):
            weight = parts[place].weight
            if parts[place].ids:
                for at in range(parts[place].count):
                    met = add(sums, size, parts[place].ids[at], weight, met_sums, met)
            else:
                for at in range(parts[place].count):
                    met = add(
                        sums, size, parts[place].first + <int64_t> parts[place].offsets[at],
                        weight, met_sums, met,
                    )
        for at in range(met):
            found_sum = met_sums[at]
            kept = enter(best, best_shares, kept, most, found_sum.entry - 1, found_sum.share)
        return [(-best_shares[at], best[at]) for at in range(kept)]
    finally:
        for place in range(held):
            PyBuffer_Release(&buffers[place])
        free(buffers)
        free(parts)
        free(sums)
        free(met_sums)
        free(best)
        free(best_shares)


cdef int read_part(bint is_run, const Py_buffer *buffer, Part *part) except -1:
    """Where the ids of a part are, in a buffer that is held."""
    cdef Py_ssize_t width = sizeof(uint32_t) if is_run else sizeof(int64_t)
    cdef bytes formats = b"B" if is_run else b"lq"
    if buffer.format is NULL or buffer.format[0] not in formats or buffer.len % width or (
        buffer.itemsize != (1 if is_run else width)
    ):
        raise ValueError("ids are no numbers of 64 bits, or no steps of 32 from the first")
    part.count = buffer.len // width
    if is_run:
        part.offsets = <const uint32_t *> buffer.buf
    else:
        part.ids = <const int64_t *> buffer.buf
    return 0


cdef inline Py_ssize_t add(
    Sum *sums, Py_ssize_t size, int64_t one, double weight, Sum **met_sums, Py_ssize_t met
) noexcept:
    """Add a weight to an id's sum; gives how many have been met then. Some slots are always free."""
    cdef int64_t entry = one + 1
    cdef uint64_t hashed = <uint64_t> entry * <uint64_t> 0x9E3779B97F4A7C15
    cdef Py_ssize_t slot = <Py_ssize_t> ((hashed >> 32) & <uint64_t> (size - 1))
    while sums[slot].entry != entry:
        if not sums[slot].entry:
            sums[slot].entry = entry
            met_sums[met] = &sums[slot]
            met += 1
            break
        slot = (slot + 1) & (size - 1)
    sums[slot].share += weight
    return met


cdef Py_ssize_t enter(
    int64_t *best, double *shares, Py_ssize_t kept, Py_ssize_t most, int64_t entry, double share
) noexcept:
    """Put an entry where it belongs among the best; gives how many are kept then."""
    cdef Py_ssize_t at
    if kept == most and not comes_before(share, entry, shares[most - 1], best[most - 1]):
        return kept
    at = kept if kept < most else most - 1
    while at > 0 and comes_before(share, entry, shares[at - 1], best[at - 1]):
        best[at], shares[at] = best[at - 1], shares[at - 1]
        at -= 1
    best[at], shares[at] = entry, share
    return min(kept + 1, most)


cdef bint comes_before(double share, int64_t entry, double other_share, int64_t other) noexcept:
    return share > other_share or (share == other_share and entry < other)
