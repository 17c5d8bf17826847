"""Wish: whether a letter wants something to be there, or to be gone or never to come.

Two letters on one night market have all their words in common, and one wants it closed, the other
kept. What is wanted is told by the verb, turned round by each word against it before it
(反对加装电梯, 不要取消夜市), and what it is wanted of by the last characters of the clause.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from classifier.reading.reader import Reading
from classifier.text.spots import SpottedPattern

_ASKS = (
    "建议|希望|请求|恳请|要求(?![我他她你业居村商家学必])|呼吁|请(?!问)|盼|望|支持|赞成|赞同"
    "|应该|应当"
)
# 特别希望 and 能不能取消 say nothing against.
_AGAINST = (
    "反对|抵制|抗议|不同意|不赞成|不支持|(?<!要)不要|(?<!能)不能|(?<!应)不应|(?<!该)不该|不得(?!不)"
    "|(?<!可)不可|勿|(?<![特区个分类级差])别|拒绝"
)
_KEEP = (
    "保留|保住|建设(?![路街])|修建|新建|兴建|扩建|建立|建|设立|设置|增设|加装|安装|开通|开放|放开"
    "|允许|引进"
)
_END = (
    "取消|撤销|撤并|撤除|撤走|撤掉|撤|拆除|拆掉|拆|禁止|禁放|禁|取缔|关停|关闭|关掉|停办|停建|停止"
    "|叫停|搬走|迁走"
)
_ASKED = SpottedPattern(f"{_AGAINST}|{_ASKS}", here="建希请恳要呼盼望支赞应反抵抗不勿别拒")
_STEP = re.compile(f"(?P<against>{_AGAINST})|(?P<keep>{_KEEP})|(?P<end>{_END})")
_TITLE_ASKS = re.compile(f"保留|{_END}")
_REST = re.compile(r"[^，。！？；：、,.!?;:\s]*")
_QUESTION = re.compile("吗|什么|为何|是否")
# What may stand behind the name of a thing, and tells nothing of it.
_TAIL = re.compile("(?:的?(?:建议|请求|问题|诉求|事情|行为|意见)|[的了吧啊呢]|谢谢)+$")
_OBJECT = 2  # characters; Chinese names of things end in what they are
_OBJECT_BITS = 5
_MOST_TAIL = 20


class Wish(NamedTuple):
    """``wants``: it is to be there, or else not. ``of``: what, its last two characters hashed."""

    wants: bool
    of: int


def find_wish(reading: Reading) -> Wish | None:
    """What a letter wants first of all: by its title, else by the first clause that says so.

    A title may ask without a word for asking (取消河堤路夜市). A question wants nothing.
    """
    title = reading.title.plain
    if _TITLE_ASKS.match(title) and (wish := _wish(_rest(title, 0))):
        return wish
    return _first_wish(title) or _first_wish(reading.body.plain)


def _first_wish(text: str) -> Wish | None:
    end = 0
    for asked in _ASKED.finditer(text):
        if asked.start() < end:
            continue
        clause = _rest(text, asked.start())
        end = asked.start() + len(clause)
        if wish := _wish(clause):
            return wish
    return None


def _rest(text: str, start: int) -> str:
    """The rest of a clause."""
    found = _REST.match(text, start)
    return found.group() if found else ""


def _wish(clause: str) -> Wish | None:
    """The wish of a clause that begins with what asks for it."""
    steps = list(_STEP.finditer(clause))
    if not steps or steps[-1].lastgroup == "against" or _QUESTION.search(clause):
        return None
    of = _TAIL.sub("", clause[steps[-1].end() :][-_MOST_TAIL:])[-_OBJECT:]
    if len(of) < _OBJECT:
        return None
    turned = sum(step.lastgroup != "keep" for step in steps)
    hashed = blake2b(of.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0]
    return Wish(turned % 2 == 0, hashed & ((1 << _OBJECT_BITS) - 1))


def packed(wish: Wish | None) -> int:
    """A wish in 7 bits, 0 for none: one that there is one, one what is wanted, then of what."""
    return 0 if wish is None else 1 | wish.wants << 1 | wish.of << 2


def are_opposite(one: int, other: int) -> bool:
    """Whether of two packed wishes one wants what the other does not."""
    return bool(one & other & 1) and one ^ other == 1 << 1
