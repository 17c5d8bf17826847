"""Similarity: is this message about the same concrete matter as that one?

A message is kept as a *profile*, a record of about 1 KB: its weightiest words and character
pairs (hashed, weighted by how few matters have them and normalised), those of its title, a
sketch of its text (the smallest hashes of its character 5-grams, after Broder, 1997, "On the
resemblance and containment of documents"), places, time and sender. Two profiles are compared
by a handful of evidences, and a logistic model fitted on judged pairs turns these into two
probabilities: *same matter* and *same text again*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from classifier.errors import ModelFileError
from classifier.hashing import ngram_hashes, word_hashes
from classifier.modelfile import Section
from classifier.reading import Reading
from classifier.subject import content_words, subject_words

U32 = npt.NDArray[np.uint32]
F32 = npt.NDArray[np.float32]
Records = npt.NDArray[np.void]

WORDS, SUBJECT, GRAMS, TITLE_WORDS, TITLE_GRAMS, SKETCH, PLACES = 96, 32, 64, 12, 24, 16, 4
EMPTY = np.uint32(0xFFFFFFFF)
PROFILE = np.dtype(
    [
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
EVIDENCE_ZH = {
    "words": "用词相近",
    "grams": "文字相近",
    "title_words": "标题用词相近",
    "title_grams": "标题相近",
    "title_in_other": "标题内容见于对方",
    "title_in_other_both": "双方标题互见",
    "sketch": "整段文字相同",
    "rarest": "共有少见词",
    "rare_sum": "共有多个少见词",
    "same_sender": "同一来信人",
    "same_place": "同一地点",
    "log_days": "时间相近",
}
_TERMS = ("words", "grams")
_LIKENESS, _SENDER = EVIDENCE.index("grams"), EVIDENCE.index("same_sender")
_RARE = 5.0
_SHINGLE = 5
_SHORTLIST, _FEWEST_SHARED = 6, 0.2
_SPEAKS = 0.3
_LEAST_SUBJECT, _UNSURE = 0.03, 0.5
SAME_TEXT = 0.8  # likeness from which a text is the other one, whole or edited
_IDF_STEP = 16.0
_SEPARATORS = str.maketrans("", "", " \n,.!?;:、。“”\"'()…~-—·《》<>[]【】")
_KEY_WORDS = 20
_KEY_SKETCH = 6
_SKETCH_WEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """Inverse matter frequencies of hashed words and character pairs, each of size 2^k.

    See ``training.term_statistics``.
    """

    words: F32
    grams: F32


@dataclass(frozen=True, slots=True)
class PairScore:
    """How a message stands to one other.

    ``same`` and ``copy`` are probabilities (same matter; the same submission again),
    ``likeness`` is the cosine of the two texts' character pairs (1 for the same text),
    ``evidence`` is the row of ``pair_evidence``.
    """

    same: float
    copy: float
    likeness: float
    is_same_sender: bool
    evidence: F32


def compress(idf: F32) -> npt.NDArray[np.uint8]:
    """Inverse frequencies in sixteenths, as the model file keeps them."""
    kept: npt.NDArray[np.uint8] = np.rint(np.clip(idf * _IDF_STEP, 0, 255)).astype(np.uint8)
    return kept


def expand(kept: npt.NDArray[np.uint8]) -> F32:
    """What ``compress`` made, as the numbers to weigh with."""
    return kept.astype(np.float32) / np.float32(_IDF_STEP)


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


def lookup_keys(profile: Records, statistics: TermStatistics) -> list[tuple[int, float]]:
    """The keys under which a profile is found again, each with the weight of meeting it.

    They are its rarest words and the smallest values of its sketch, as numbers of 31 bits.
    """
    words = profile["words"][profile["words"] != EMPTY]
    idf = statistics.words[words & np.uint32(len(statistics.words) - 1)]
    rarest = np.argsort(-idf, kind="stable")[:_KEY_WORDS]
    sketch = profile["sketch"][profile["sketch"] != EMPTY][:_KEY_SKETCH]
    # Half of the key space each, so that a word never meets a sketch value.
    word_keys = zip((words[rarest] >> 2).tolist(), idf[rarest].tolist(), strict=True)
    return [*word_keys, *(((value >> 2) | 0x40000000, _SKETCH_WEIGHT) for value in sketch.tolist())]


def _weights(record: Records, field: str) -> F32:
    weights: F32 = np.square(record[field].astype(np.float32) / 255.0)
    return weights


def _meet(
    one: Records, field: str, weights: str, many: Records
) -> tuple[F32, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Cosine of one profile's terms with each of many; where each term was met, and whether."""
    terms = one[field]
    place = np.searchsorted(terms, many[field])
    np.minimum(place, len(terms) - 1, out=place)
    is_met = (terms[place] == many[field]) & (many[field] != EMPTY)
    products = _weights(one, weights)[place] * _weights(many, weights) * is_met
    return products.sum(axis=1), place, is_met


def _likeness(one: Records, many: Records, cosine: F32) -> F32:
    """The cosine of what both profiles kept of their texts: 1 where that is the same."""
    own = float(np.square(_weights(one, "gram_weights")).sum())
    their = np.square(_weights(many, "gram_weights")).sum(axis=1)
    alike: F32 = cosine / np.sqrt(np.maximum(own * their, 1e-9))
    return alike


def _is_other_topic(one: Records, many: Records) -> npt.NDArray[np.bool_]:
    is_known = (many["topic"] != 0) & bool(one["topic"] != 0)
    is_other: npt.NDArray[np.bool_] = is_known & (many["topic"] != one["topic"])
    return is_other


def _title_found(one: Records, many: Records) -> tuple[F32, F32]:
    """How much of each side's title stands in the other's text (by squared weight, 0–1)."""
    mine = np.square(_weights(one, "title_gram_weights"))
    theirs = np.square(_weights(many, "title_gram_weights"))
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
    words, place, is_met = _meet(one, "words", "word_weights", many)
    grams, _, _ = _meet(one, "grams", "gram_weights", many)
    title_words, _, _ = _meet(one, "title_words", "title_word_weights", many)
    title_grams, _, _ = _meet(one, "title_grams", "title_gram_weights", many)
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


@dataclass(frozen=True, slots=True)
class PairModel:
    """Two logistic models over the evidence: *same matter* and *same text again*.

    Parameters
    ----------
    statistics
        Document frequencies that profiles are made with.
    weights
        Shape (2, 1 + len(EVIDENCE)): an intercept and a weight an evidence.
    """

    NEEDED: ClassVar[str] = "pairs.weights"

    statistics: TermStatistics
    weights: F32

    @classmethod
    def from_sections(cls, section: Callable[[str], Section]) -> PairModel:
        """The pair model of a model file, whose arrays ``section`` gives by name.

        Raises
        ------
        ModelFileError
            An array is missing, of another shape, or not finite.
        """
        try:
            words, grams = (expand(section(f"pairs.idf.{part}").array) for part in _TERMS)
            weights = section(cls.NEEDED).array
        except KeyError as error:
            raise ModelFileError(reason="并案模型不完整") from error
        is_sound = all(a.ndim == 1 and len(a).bit_count() == 1 for a in (words, grams))
        if not is_sound or weights.shape != (2, 1 + len(EVIDENCE)):
            raise ModelFileError(reason="并案模型的大小不符")
        if not np.isfinite(weights).all():
            raise ModelFileError(reason="并案模型的权重不是数")
        return cls(TermStatistics(words, grams), weights)

    def shortlist(self, one: Records, many: Records) -> list[int]:
        """Which of many are worth a full look: those with the most weight of words in common.

        The same matter always shares some words, or it is the very same text.
        """
        words, _, _ = _meet(one, "words", "word_weights", many)
        words[many["digest"] == one["digest"]] = 2.0
        best = np.argsort(-words, kind="stable")[:_SHORTLIST]
        return [int(index) for index in best if words[index] >= _FEWEST_SHARED]

    def score(self, one: Records, many: Records) -> list[PairScore]:
        """Score a profile against many; one ``PairScore`` each, in order."""
        evidence = pair_evidence(one, many, self.statistics)
        logits = evidence @ self.weights[:, 1:].T + self.weights[:, 0]
        probabilities = 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))
        is_identical = many["digest"] == one["digest"]
        probabilities[is_identical] = 1.0
        likeness = np.where(is_identical, 1.0, _likeness(one, many, evidence[:, _LIKENESS]))
        subject, _, _ = _meet(one, "subject", "subject_weights", many)
        # One village or one signature is no matter: unless the subject or the very text is
        # common to both, it is left to a person, however rare the words they share.
        is_unsaid = (subject < _LEAST_SUBJECT) | _is_other_topic(one, many)
        is_unsaid &= likeness < SAME_TEXT
        probabilities[is_unsaid] = np.minimum(probabilities[is_unsaid], _UNSURE)
        return [
            PairScore(float(same), float(copy), float(like), bool(row[_SENDER]), row)
            for (same, copy), like, row in zip(probabilities, likeness, evidence, strict=True)
        ]

    def reasons(self, score: PairScore) -> tuple[str, ...]:
        """The evidence that spoke most for the same matter, in Chinese."""
        if score.likeness == 1.0:
            return ("全文相同",)
        parts = score.evidence * self.weights[0, 1:]
        best = [index for index in np.argsort(-parts)[:4] if parts[index] > _SPEAKS]
        return tuple(EVIDENCE_ZH[EVIDENCE[i]] for i in best if EVIDENCE[i] in EVIDENCE_ZH)
