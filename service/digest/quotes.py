"""Quotes: the verbatim sentences that speak best for what many wrote.

The medoids of all sentences: those whose runs of two characters, weighted by how rare they are
among these sentences, are on average the most like those of the other people's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from service.digest.texts import fit

SHORTEST, LONGEST = 15, 120
QUOTE_COUNT = 2
_SAME = 0.7
_MASK = "〔"
_SENTENCE = re.compile(r"[^。!?！？\n\r]+[。!?！？]?[”」』]?")
_LETTERS = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]")
# What everybody writes, what only speaks of writing, and numbers that are masked: no sentence with
# these tells the matter.
_FORMULA = re.compile(
    "您好|你好|尊敬的|敬爱的|此致|敬礼|谢谢|感谢|打扰|辛苦|百忙|收悉|回复|答复如下|来信人|联系方式|"
    "各位领导|大家好|望领导|请领导|恳请|跪求|求求|网友|楼主|留言|如题|同上|附件|见图|图片|如下|我叫|本人叫|〔(?!姓名)"
)
# What a sentence begins with that leans on the one before it.
_LEANS = re.compile(
    "综上|总之|于是|因此|因而|所以|但|可是|然而|不过|而且|并且|另外|此外|其次|再次|最后|同时|其中|其他|其它|"
    "一方面|另一方面|对此|为此|至此|这|那|他们|她们|它们|该|此|并|而|也|还|又|[（(]?[一二三四五六七八九十0-9]+[、.．是）)]|"
    "[^，。]{0,3}[一二三四五六七八九十0-9]+[：:]"
)
_OPENS = frozenset("（(《“「【[")
_CLOSES = frozenset("）)》”」】]")


@dataclass(frozen=True, slots=True)
class Text:
    """What one message says, masked; ``sender`` is equal for messages of one person."""

    message_id: int
    sender: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim masked sentence and the message it stands in."""

    text: str
    message_id: int


def sentences(body: str) -> list[str]:
    """The complete sentences of a text that can be quoted alone, in order."""
    found = (fit(match.group(), LONGEST + 1) for match in _SENTENCE.finditer(body))
    return [sentence for sentence in found if _can_stand_alone(sentence)]


def _can_stand_alone(sentence: str) -> bool:
    if not SHORTEST <= len(sentence) <= LONGEST or _FORMULA.search(sentence):
        return False
    is_even = sum(sign in _OPENS for sign in sentence) == sum(sign in _CLOSES for sign in sentence)
    return is_even and sentence[-1] in "。!?！？”」』" and sentence[0] not in "，,、；;：:）)"


def pick_quotes(
    texts: Iterable[Text], is_sure: Callable[[str], bool], count: int = QUOTE_COUNT
) -> tuple[Passage, ...]:
    """The sentences that represent these texts best, each of another person.

    Parameters
    ----------
    texts
        Masked texts, in any order.
    is_sure
        Whether a sentence surely names nobody: one of which it does not say so is not quoted.
    count
        How many at most.
    """
    chosen: dict[int, Passage] = {}
    for passage, sender in rank(texts):
        if len(chosen) == count:
            break
        is_new = sender not in chosen and not any(
            _says_the_same(passage.text, each.text) for each in chosen.values()
        )
        if is_new and is_sure(passage.text):
            chosen[sender] = passage
    return tuple(chosen.values())


def _says_the_same(one: str, other: str) -> bool:
    """Whether most runs of the shorter sentence stand in the other: an edited copy adds nothing."""
    runs, others = set(_runs(one)), set(_runs(other))
    return len(runs & others) >= _SAME * max(1, min(len(runs), len(others)))


def rank(texts: Iterable[Text]) -> list[tuple[Passage, int]]:
    """All sentences with their senders, the most like those of the others first.

    Those that lean on what stood before them come after these, and those in which something is
    masked last.
    """
    held = [
        (Passage(sentence, text.message_id), text.sender)
        for text in sorted(texts, key=lambda text: text.message_id)
        for sentence in sentences(text.body)
    ]
    vectors = weighted([passage.text for passage, _ in held])
    scores = centrality(vectors, [sender for _, sender in held])
    order = sorted(
        range(len(held)), key=lambda at: (_reserve(held[at][0].text), -round(scores[at], 9), at)
    )
    return [held[at] for at in order]


def _reserve(sentence: str) -> tuple[bool, bool]:
    """What keeps a sentence behind those that can stand alone: a mask, leaning on another."""
    return _MASK in sentence, _LEANS.match(sentence) is not None


def weighted(texts: Sequence[str]) -> list[dict[str, float]]:
    """Runs of two characters of each text by weight, each vector of length 1 (or empty)."""
    runs = [_runs(text) for text in texts]
    frequency = Counter(run for held in runs for run in held)
    return [_normal({run: log(1 + len(texts) / frequency[run]) for run in held}) for held in runs]


def _runs(text: str) -> list[str]:
    letters = "".join(_LETTERS.findall(text))
    return sorted({letters[at : at + 2] for at in range(len(letters) - 1)})


def _normal(vector: dict[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in vector.values()))
    return {run: weight / length for run, weight in vector.items()} if length else {}


def centrality(vectors: Sequence[Mapping[str, float]], senders: Sequence[int]) -> list[float]:
    """For each vector its mean cosine with those of other senders; shape (n,)."""
    total, own = _sums(vectors, senders)
    counts = Counter(senders)
    return [
        sum(weight * (total[run] - own[sender][run]) for run, weight in vector.items())
        / max(1, len(vectors) - counts[sender])
        for vector, sender in zip(vectors, senders, strict=True)
    ]


def _sums(
    vectors: Sequence[Mapping[str, float]], senders: Sequence[int]
) -> tuple[Mapping[str, float], Mapping[int, Mapping[str, float]]]:
    """The sum of all vectors, and of each sender's own."""
    total: defaultdict[str, float] = defaultdict(float)
    own: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for vector, sender in zip(vectors, senders, strict=True):
        for run, weight in vector.items():
            total[run] += weight
            own[sender][run] += weight
    return total, own
