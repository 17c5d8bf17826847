"""The check of an answer: each thing that was asked, beside the sentence that answers it.

Whether a sentence answers is told by the words both have in common, weighed by their length; what
a short question leaves out ("when will it be mended?") is taken from the message's title, and what
the sentence tells before it asks counts little. It is a help for the person who signs, who decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.reading.asks import asking_part, find_asks, split_sentences
from classifier.text.clean import clean
from classifier.text.segment import Segmenter

MAX_ASKS = 20
_LONGEST_TITLE = 100
_FEWEST_COMMON = 0.3  # of the weight of what is asked, for a sentence to answer it
_FROM_TITLE = 0.5
_FROM_STORY = 0.25  # what a sentence tells before it asks, an answer need not say again
_NEARLY = 0.5
_LITTLE = 1e-9  # of two that come as near, the first
# Words that stand in any letter and any answer.
_SAYS_NOTHING = re.compile(
    "[你我他]们|您好|领导|部门|有关|相关|单位|问题|情况|反映|希望|要求|建议|请问|恳请|尽快|及时|处理|解决|进行"
    "|是否|能否|能不能|可不可以|是不是|有没有|如何|怎[么样]|什么(?:时候)?|时候|何时|为什么|已经|现在|可以|没有|关于|[谢感]谢|一下|予以|给予"
    "|[答回]复|留言|来信|收悉|网友|尊敬|政府|工作|群众|我局|我单位"
)
_ASKS_WHEN = re.compile("何时|几时|什么时候|多久|啥时候|哪天")
_TELLS_WHEN = re.compile(
    r"\d+(?:年|月|日|天|个工作日|个月)|[今明]年|[年月]底|[本下]月|季度|预计|期间"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One thing that was asked, and the sentence of the answer that comes nearest to it.

    ``sentence`` is "" where nothing does: it is not answered.
    """

    ask: str
    sentence: str


def check_answer(title: str, text: str, answer: str, segmenter: Segmenter) -> tuple[Answered, ...]:
    """What a message asks, each beside what answers it.

    Parameters
    ----------
    title, text
        The message, as it was written or masked.
    answer
        The text of the answer.

    Returns
    -------
    tuple of Answered
        In the order asked, at most ``MAX_ASKS``. Where no sentence asks, the title is what is
        asked, or the text where there is none.
    """
    asks = _find_asks(text)[:MAX_ASKS]
    plain_title = clean(title).plain.strip()
    subject = _pairs(plain_title)
    found = _as_sentences(clean(answer).plain)
    if not asks:
        whole = plain_title or clean(text).plain.strip()[:_LONGEST_TITLE]
        return (Answered(whole, _nearest("", subject or _pairs(whole), found, segmenter)),)
    return tuple(Answered(ask, _nearest(ask, subject, found, segmenter)) for ask in asks)


def _find_asks(text: str) -> list[str]:
    # Cleaning makes a line's end a space.
    lines = [clean(line).plain for line in text.splitlines()]
    return [line[span.start : span.end] for line in lines for span in find_asks(line)]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of an answer, and all that was said before it."""

    text: str
    before: str
    tells_when: bool

    def has(self, word: str) -> float:
        """How far a word stands here (1), in part or before (a half), or not at all (0)."""
        if word in self.text:
            return 1.0
        pairs = (word[place : place + 2] for place in range(len(word) - 1))
        is_near = word in self.before or any(pair in self.text for pair in pairs)
        return _NEARLY if is_near else 0.0


def _as_sentences(plain: str) -> list[_Sentence]:
    return [
        _Sentence(
            plain[span.start : span.end],
            plain[: span.start],
            _TELLS_WHEN.search(plain[span.start : span.end]) is not None,
        )
        for span in split_sentences(plain)
    ]


def _weights(text: str, segmenter: Segmenter) -> dict[str, float]:
    """The words of a text that tell something, weighed by their length."""
    return {
        token: float(len(token))
        for token in segmenter.cut(text)
        if len(token) > 1 and token.isalnum() and not _SAYS_NOTHING.fullmatch(token)
    }


def _pairs(text: str) -> dict[str, float]:
    """Neighbouring characters of a short text: what its words are may be told wrongly."""
    pairs = (text[place : place + 2] for place in range(len(text) - 1))
    return {pair: 1.0 for pair in pairs if pair.isalnum() and not _SAYS_NOTHING.search(pair)}


def _nearest(
    ask: str, subject: Mapping[str, float], sentences: Sequence[_Sentence], segmenter: Segmenter
) -> str:
    """The sentence that has most of what is asked, "" where none has enough."""
    asking = asking_part(ask)
    own = _weights(ask[asking.start : asking.end], segmenter)
    story = _weights(ask[: asking.start], segmenter)
    share = _FROM_TITLE if own else 1.0
    wanted = {word: _FROM_STORY * weight for word, weight in story.items()}
    wanted |= {word: share * weight for word, weight in subject.items()} | own
    total = sum(wanted.values())
    asks_when = _ASKS_WHEN.search(ask) is not None
    best, most = "", _FEWEST_COMMON * total
    for sentence in sentences:
        found = {word: sentence.has(word) for word in wanted}
        common = sum(wanted[word] * share for word, share in found.items())
        says_it = any(share == 1.0 for share in found.values())
        if says_it and common >= most and (sentence.tells_when or not asks_when):
            best, most = sentence.text, common + _LITTLE
    return best
