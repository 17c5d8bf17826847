"""Asks: the sentences of a message in which its writer wants something done or known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.spans import Span

_SENTENCE = re.compile(r"[^。!?;…]+(?:[。!?;…]+|$)")
_WANTS = re.compile(
    r"请问|恳请|敬请|[请望盼]|要求|建议|申请|能不能|能否|可否|可不可以|是否|是不是|有没有|何时|几时"
    r"|什么时候|多久|多少|怎么|怎样|如何|为什么|为何|哪里|哪个|哪儿|谁|吗|呢\?|\?"
)
# Courtesies that want nothing: what is left of a sentence without them is looked at.
_COURTESY = re.compile(
    r"请(?:领导|有关部门|相关部门)?(?:见谅|原谅|谅解|放心)|请允许我|(?:盼|望|请)(?:复|回复|答复|重视)"
    r"|(?:盼|望)为(?:感|谢)|邀请|聘请|请假|请客|失望|渴望|绝望|声望|威望"
)
_FEWEST_LETTERS = 4


def split_sentences(plain: str) -> tuple[Span, ...]:
    """The sentences of a plain text (``classifier.text.clean``), no white space around them."""
    return tuple(_sentences(plain))


def find_asks(plain: str) -> tuple[Span, ...]:
    """The sentences of a plain text that want something, in order; empty where none says so."""
    return tuple(
        span for span in _sentences(plain) if _wants_something(plain[span.start : span.end])
    )


def asking_part(sentence: str) -> Span:
    """The part of a sentence from the clause on in which its writer begins to ask.

    What stands before it tells what happened; the whole where nothing asks.
    """
    found = _WANTS.search(sentence)
    start = sentence.rfind(",", 0, found.start()) + 1 if found else 0
    return Span(start, len(sentence))


def _sentences(plain: str) -> Iterator[Span]:
    for match in _SENTENCE.finditer(plain):
        text = match.group()
        start = match.start() + len(text) - len(text.lstrip())
        end = match.end() - (len(text) - len(text.rstrip()))
        if sum(map(str.isalnum, plain[start:end])) >= _FEWEST_LETTERS:
            yield Span(start, end)


def _wants_something(sentence: str) -> bool:
    return _WANTS.search(_COURTESY.sub("", sentence)) is not None
