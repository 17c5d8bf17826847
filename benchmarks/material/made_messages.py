"""Made messages: as many as wanted, with words, lengths and clauses as often as real ones have.

Only counts are taken from real messages: how often the first, second, third word occurs, how many
clauses a message has and how many words a clause, how many clauses stand in more than one message.
The words themselves come from jieba's dictionary, and beyond it from pairs of characters.
Words that the real messages happen not to say are as many as Pitman and Yor's process foretells
from how many they say once and twice. It is known which messages are about the same matter.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

import jieba
import numpy as np
import numpy.typing as npt

from classifier.text.clean import clean
from classifier.text.segment import Segmenter

I64 = npt.NDArray[np.int64]

_CLAUSE = re.compile(r"[\s,.!?;:、。，！？；：…]+")
_SHARED_FROM = 8  # characters from which a clause is unlikely to be shared by chance
_BLOCK = 2_000
_MATTER_WORDS, _SAID_BY_EACH = 8, 0.7
_JOINS, _OPEN_MATTERS = 0.15, 20_000
_POOL, _POOLED = 100_000, 7
_SLOTS = 1 << 20
_PARTICLES, _LETTERS = 100, 2_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What is counted in real messages.

    ``frequency`` holds the words' counts, the greatest first; ``clause_counts`` the clauses of
    each message, ``clause_words`` the words of each clause, ``title_words`` of each title;
    ``shared_share`` is the share of long clauses that stand in more than one message.
    """

    frequency: I64
    clause_counts: I64
    clause_words: I64
    title_words: I64
    shared_share: float

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> Shape:
        """Count in (title, body) pairs."""
        cut = Segmenter().cut
        words: Counter[str] = Counter()
        clauses: Counter[str] = Counter()
        counts, lengths, titles = [], [], []
        for title, body in texts:
            tokens = list(cut(clean(title).plain))
            titles.append(len(tokens))
            words.update(tokens)
            parts = _clauses(body)
            counts.append(len(parts))
            clauses.update({part for part in parts if len(part) >= _SHARED_FROM})
            for part in parts:
                tokens = list(cut(part))
                lengths.append(len(tokens))
                words.update(tokens)
        shared = sum(count for count in clauses.values() if count > 1)
        return cls(
            np.sort(np.fromiter(words.values(), np.int64))[::-1],
            np.array(counts),
            np.array(lengths),
            np.array(titles),
            shared / max(clauses.total(), 1),
        )

    @classmethod
    def of_stream(cls, data: Path) -> Shape:
        """The shape of the stream in the folder of the shared data."""
        with (data / "stream.csv").open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            return cls.of((row["留言主题"], row["留言详情"].strip()) for row in rows)

    def told(self) -> dict[str, float]:
        """The numbers by which made messages are held against real ones."""
        total = int(self.frequency.sum())
        tops = {f"top_{n}": float(self.frequency[:n].sum()) / total for n in (10, 100, 1000, 10000)}
        return {
            "messages": len(self.clause_counts),
            "words_a_message": total / len(self.clause_counts),
            "distinct_words": len(self.frequency),
            "said_once": float((self.frequency == 1).mean()),
            **tops,
            "clauses_median": float(np.median(self.clause_counts)),
            "clauses_p95": float(np.percentile(self.clause_counts, 95)),
            "shared_clauses": self.shared_share,
        }


@dataclass(frozen=True, slots=True)
class MadeMessage:
    """A message of nobody's; ``matter`` is the number that all on the same matter have."""

    title: str
    body: str
    matter: int


def made_messages(shape: Shape, count: int, seed: int) -> Iterator[MadeMessage]:
    """Make ``count`` messages of a shape; the same seed gives the same ones."""
    maker = _Maker(shape, np.random.default_rng(seed))
    for start in range(0, count, _BLOCK):
        yield from maker.block(min(_BLOCK, count - start))


def _clauses(body: str) -> list[str]:
    return [part for part in _CLAUSE.split(clean(body).plain) if part]


class _Maker:
    def __init__(self, shape: Shape, rng: np.random.Generator) -> None:
        self.shape = shape
        self.rng = rng
        self.words = _Words(shape.frequency, rng)
        self.copied = _copied_share(shape.shared_share)
        self.pool: list[str] = []
        self.matters: list[tuple[int, list[str]]] = []
        self.matter_count = 0

    def block(self, count: int) -> Iterator[MadeMessage]:
        """Make some messages at once."""
        rng, shape = self.rng, self.shape
        clause_counts = rng.choice(shape.clause_counts, count)
        titles = self._phrases(rng.choice(shape.title_words, count))
        clauses = self._phrases(rng.choice(shape.clause_words, clause_counts.sum()))
        self._share(clauses)
        end = 0
        for title, clause_count in zip(titles, clause_counts.tolist(), strict=True):
            start, end = end, end + clause_count
            number, said = self._matter()
            own = clauses[start:end]
            for word, place in zip(said, rng.random(len(said)).tolist(), strict=True):
                if own:
                    own[int(place * len(own))] += word
            yield MadeMessage("".join(said[:2]) + title, "，".join(own) + "。", number)

    def _phrases(self, lengths: I64) -> list[str]:
        words = self.words.draw(int(lengths.sum()))
        ends = np.cumsum(lengths).tolist()
        return ["".join(words[a:b]) for a, b in zip([0, *ends], ends, strict=False)]

    def _share(self, clauses: list[str]) -> None:
        """Let some of the clauses be what other messages say, word for word."""
        self.pool += [each for each in clauses[::_POOLED] if len(each) >= _SHARED_FROM]
        if len(self.pool) > _POOL:
            self.pool = [self.pool[i] for i in self.rng.permutation(len(self.pool))[:_POOL]]
        chosen = np.flatnonzero(self.rng.random(len(clauses)) < self.copied)
        taken = self.rng.integers(len(self.pool), size=len(chosen)) if self.pool else chosen[:0]
        for place, source in zip(chosen.tolist(), taken.tolist(), strict=False):
            clauses[place] = self.pool[source]

    def _matter(self) -> tuple[int, list[str]]:
        """Which matter the next message is about, and which of its words it says."""
        if self.matters and self.rng.random() < _JOINS:
            number, words = self.matters[int(self.rng.integers(len(self.matters)))]
            is_said = self.rng.random(len(words)) < _SAID_BY_EACH
            return number, [word for word, said in zip(words, is_said, strict=True) if said]
        number, words = self.matter_count, self.words.draw_rare(_MATTER_WORDS)
        self.matter_count += 1
        if len(self.matters) < _OPEN_MATTERS:
            self.matters.append((number, words))
        else:
            self.matters[number % _OPEN_MATTERS] = number, words
        return number, words


class _Words:
    """Words by their rank, and how they are drawn."""

    def __init__(self, frequency: I64, rng: np.random.Generator) -> None:
        once, twice = int((frequency == 1).sum()), int((frequency == 2).sum())
        self.rng = rng
        self.said = len(frequency)
        self.discount = once / max(once + 2 * twice, 1)
        # Of each word's count a part is kept for words that were not said (Kneser and Ney, 1995).
        mass = (frequency - self.discount).cumsum()
        self.unsaid_share = self.discount * len(frequency) / frequency.sum()
        # One look at a table of equal slots finds a word, instead of a search among all.
        middles = (np.arange(_SLOTS) + 0.5) / _SLOTS * mass[-1]
        self.slots = np.searchsorted(mass, middles)
        self.mass = mass

    def draw(self, count: int) -> list[str]:
        """Words as often as they are said."""
        ranks = self.slots[self.rng.integers(_SLOTS, size=count)]
        # Slots are too coarse for the rarest: these are drawn anew among each other.
        coarse = np.flatnonzero(ranks >= self.said // 2)
        rarest = self.mass[self.said // 2 - 1], self.mass[-1]
        ranks[coarse] = np.searchsorted(self.mass, self.rng.uniform(*rarest, len(coarse)))
        unsaid = np.flatnonzero(self.rng.random(count) < self.unsaid_share)
        ranks[unsaid] = self._unsaid(len(unsaid))
        words = _dictionary()[0]
        most = len(words)
        return [words[r] if r < most else _word(r) for r in ranks.tolist()]

    def draw_rare(self, count: int) -> list[str]:
        """Words that tell a matter: half of them are said now and then, half hardly ever."""
        some = self.rng.integers(self.said // 20, self.said, size=count // 2).tolist()
        return [_word(rank) for rank in (*some, *self._unsaid(count - len(some)).tolist())]

    def _unsaid(self, count: int) -> I64:
        """Ranks of words never said so far: a power law with the discount's exponent."""
        power = self.discount / (1.0 - self.discount)
        ranks = self.said * (1.0 - self.rng.random(count)) ** -power
        return np.minimum(ranks, 2.0**40).astype(np.int64)


@cache
def _dictionary() -> tuple[list[str], str]:
    """All words of jieba's dictionary, the most frequent first; and the commonest characters."""
    with jieba.get_dict_file() as lines:
        entries = [line.decode("utf-8").split(" ") for line in lines]
    entries.sort(key=lambda entry: -int(entry[1]))
    all_words = [entry[0] for entry in entries]
    letters = "".join(word for word in all_words if len(word) == 1)
    # Side by side, seldom characters would be read as words that nobody says.
    words = [word for word in all_words if len(word) > 1 or word in letters[:_PARTICLES]]
    return words, letters[:_LETTERS]


def _word(rank: int) -> str:
    words, letters = _dictionary()
    if rank < len(words):
        return words[rank]
    first, second = divmod(rank * 0x9E3779B1 % _LETTERS**2, _LETTERS)
    beyond = rank // _LETTERS**2
    return letters[first] + letters[second] + (letters[beyond % _LETTERS] if beyond else "")


def _copied_share(shared_share: float) -> float:
    """How many clauses are taken from others, so that ``shared_share`` stand in several.

    A clause stands in several if it is taken from elsewhere, or is one of the few that others
    are taken from and is taken in fact: ``q + (1 - q) / k · (1 - exp(-k·q))`` for a share q of
    copies, where one of k clauses is taken from.
    """
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        taken = (1.0 - exp(-_POOLED * middle)) / _POOLED
        is_enough = middle + (1.0 - middle) * taken >= shared_share
        low, high = (low, middle) if is_enough else (middle, high)
    return high
