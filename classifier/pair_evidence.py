"""Pair evidence: what speaks for and against two messages being about the same matter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.profile import EMPTY, SKETCH, TITLE_GRAMS, U32, Records
from classifier.term_statistics import TermStatistics

F32 = npt.NDArray[np.float32]

EVIDENCE = (
    "words",
    "grams",
    "title_words",
    "title_grams",
    "title_in_other",
    "title_in_other_both",
    "sketch",
    "rarest",
    "second_rarest",
    "third_rarest",
    "rare_sum",
    "same_sender",
    "same_place",
    "other_place",
    "other_title_place",
    "log_days",
    "log_length_ratio",
    "words_by_same_sender",
)
_RARE = 5.0


def term_weights(record: Records, field: str) -> F32:
    """The weights (0–1) of a profile's terms, as they are before their square roots are kept."""
    weights: F32 = np.square(record[field].astype(np.float32) / 255.0)
    return weights


def meet(
    one: Records, field: str, weights: str, many: Records
) -> tuple[F32, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Cosine of one profile's terms with each of many; where each term was met, and whether."""
    terms = one[field]
    place = np.searchsorted(terms, many[field])
    np.minimum(place, len(terms) - 1, out=place)
    is_met = (terms[place] == many[field]) & (many[field] != EMPTY)
    products = term_weights(one, weights)[place] * term_weights(many, weights) * is_met
    return products.sum(axis=1), place, is_met


def _title_found(one: Records, many: Records) -> tuple[F32, F32]:
    """How much of each side's title stands in the other's text (by squared weight, 0–1)."""
    mine = np.square(term_weights(one, "title_gram_weights"))
    theirs = np.square(term_weights(many, "title_gram_weights"))
    my_text = np.sort(np.concatenate((one["grams"], one["title_grams"])))
    in_mine = _is_in(many["title_grams"], my_text)
    their_text = np.concatenate((many["grams"], many["title_grams"]), axis=1)
    place = np.searchsorted(one["title_grams"], their_text)
    np.minimum(place, TITLE_GRAMS - 1, out=place)
    is_met = (one["title_grams"][place] == their_text) & (their_text != EMPTY)
    row = np.broadcast_to(np.arange(len(many))[:, None], place.shape)
    in_theirs = np.zeros((len(many), TITLE_GRAMS), bool)
    in_theirs[row[is_met], place[is_met]] = True
    return (
        (mine * in_theirs).sum(axis=1) / max(float(mine.sum()), 1e-6),
        (theirs * in_mine).sum(axis=1) / np.maximum(theirs.sum(axis=1), 1e-6),
    )


def _is_in(values: U32, ascending: U32) -> npt.NDArray[np.bool_]:
    place = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    is_in: npt.NDArray[np.bool_] = (ascending[place] == values) & (values != EMPTY)
    return is_in


def _resemblance(one: Records, many: Records) -> F32:
    """Estimated Jaccard resemblance of two texts' shingles, from the smallest of both sketches."""
    shared = (many["sketch"][:, :, None] == one["sketch"]) & (one["sketch"] != EMPTY)
    union = (one["sketch"] != EMPTY).sum() + (many["sketch"] != EMPTY).sum(axis=1)
    size = np.minimum(np.maximum(union - shared.sum(axis=(1, 2)), 1), SKETCH)
    resemblance: F32 = np.minimum(shared.sum(axis=(1, 2)) / size, 1.0)
    return resemblance


def _places_agree(one: Records, many: Records, field: str) -> tuple[F32, F32]:
    """1 where a place is shared; 1 where both name places and share none."""
    met = (many[field][:, :, None] == one[field]) & (one[field] != EMPTY)
    agree = met.any(axis=(1, 2))
    both = (many[field] != EMPTY).any(axis=1) & bool((one[field] != EMPTY).any())
    return agree.astype(np.float32), (both & ~agree).astype(np.float32)


def pair_evidence(one: Records, many: Records, statistics: TermStatistics) -> F32:
    """What speaks for and against ``one`` standing in the same matter as each of ``many``.

    Parameters
    ----------
    one
        A profile, shape ().
    many
        Profiles, shape (n,).
    statistics
        The statistics both were made with.

    Returns
    -------
    array of float32, shape (n, len(EVIDENCE))
        The columns are named by ``EVIDENCE``.
    """
    words, place, is_met = meet(one, "words", "word_weights", many)
    grams, _, _ = meet(one, "grams", "gram_weights", many)
    title_words, _, _ = meet(one, "title_words", "title_word_weights", many)
    title_grams, _, _ = meet(one, "title_grams", "title_gram_weights", many)
    idf = statistics.words[one["words"] & np.uint32(len(statistics.words) - 1)]
    shared = np.where(is_met, idf[place], 0.0)
    rarest = np.sort(shared, axis=1)[:, :-4:-1]
    mine, theirs = _title_found(one, many)
    same_sender = (many["sender"] == one["sender"]) & (one["sender"] != 0)
    same_place, other_place = _places_agree(one, many, "places")
    _, other_title_place = _places_agree(one, many, "title_places")
    days = np.abs(many["sent_at"] - one["sent_at"]) / 86_400.0
    lengths = np.log((many["length"] + 20.0) / (float(one["length"]) + 20.0))
    columns = (
        words,
        grams,
        title_words,
        title_grams,
        np.maximum(mine, theirs),
        np.minimum(mine, theirs),
        _resemblance(one, many),
        rarest[:, 0],
        rarest[:, 1],
        rarest[:, 2],
        np.where(shared > _RARE, shared, 0.0).sum(axis=1),
        same_sender,
        same_place,
        other_place,
        other_title_place,
        np.log1p(days),
        np.abs(lengths),
        words * same_sender,
    )
    return np.stack(columns, axis=1).astype(np.float32)
