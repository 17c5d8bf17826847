"""社情民意素材: the matters most worth an information, each with a draft of what was written.

A draft holds sentences of the writers, word by word, and sentences that only count. Each names the
messages it rests on; nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.digest.hot import HotMatter
from service.digest.quotes import Passage, Text, pick_quotes

MATERIAL_COUNT = 3
CRITERIA_ZH = (
    "素材从热点事项中选取，按来信人数×2＋来信天数＋第二处起每一处地点×3＋第二家起每一家承办单位×5"
    "＋有人来信不止一次加3＋提出建议加5由高到低取三件"
)
_EXAMPLES, _WISHES = 2, 2
_WISH = re.compile("建议|希望|应该|应当|应尽快|能否|能不能|要求|请求|呼吁|盼望|请有关|请相关")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft, and the messages (ids, ascending) it rests on."""

    text: str
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """A matter with its draft: what is counted, examples, and what the writers ask for."""

    hot: HotMatter
    worth: int
    departments: tuple[str, ...]
    examples: tuple[Sentence, ...]
    wishes: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The verbatim sentences, in the order in which a document shows them."""
        return self.examples + self.wishes


def find_materials(
    hot: Sequence[HotMatter], texts: Mapping[int, Text], is_sure: Callable[[str], bool]
) -> tuple[Material, ...]:
    """The at most ``MATERIAL_COUNT`` matters that are worth most, and can be told in words.

    Parameters
    ----------
    hot
        The hot matters of the period, with titles.
    texts
        Masked texts by message id.
    is_sure
        Whether a sentence surely names nobody.
    """
    drafted = [_draft(each, texts, is_sure) for each in hot]
    told = [each for each in drafted if each.sentences]
    told.sort(key=lambda each: (-each.worth, -each.hot.heat, each.hot.matter.id))
    return tuple(told[:MATERIAL_COUNT])


def _draft(hot: HotMatter, texts: Mapping[int, Text], is_sure: Callable[[str], bool]) -> Material:
    held = [texts[each] for each in hot.voices if each in texts]
    wishes = pick_quotes(held, lambda line: _is_wish(line) and is_sure(line), _WISHES)
    examples = pick_quotes(held, lambda line: not _is_wish(line) and is_sure(line), _EXAMPLES)
    named = [matter.department for matter in (hot.matter, *hot.others) if matter.department]
    departments = tuple(dict.fromkeys(named))
    return Material(
        hot=hot,
        worth=_worth(hot, departments, bool(wishes)),
        departments=departments,
        examples=_as_sentences(examples),
        wishes=_as_sentences(wishes),
    )


def _worth(hot: HotMatter, departments: Sequence[str], has_wishes: bool) -> int:
    recurs = hot.tally.messages.value > hot.tally.people.value
    return (
        2 * hot.tally.people.value
        + hot.days.value
        + 3 * max(0, len(hot.places) - 1)
        + 5 * max(0, len(departments) - 1)
        + 3 * recurs
        + 5 * has_wishes
    )


def _is_wish(line: str) -> bool:
    return _WISH.search(line) is not None


def _as_sentences(passages: Sequence[Passage]) -> tuple[Sentence, ...]:
    return tuple(Sentence(each.text, (each.message_id,)) for each in passages)
