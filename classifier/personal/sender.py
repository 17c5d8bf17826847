"""The sender's own name in a text, however he calls himself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.personal.data import PersonalData, PersonalKind
from classifier.personal.name_forms import is_name
from classifier.spans import Span

_BETWEEN_NAMES = re.compile(r"[\s,、;·/()《》“”]+")
# Who calls himself so is one of many: the words stand for nobody, only a name behind them does.
_ANYBODY = re.compile(
    "[人民户主员工众客军者村镇乡县市]|家长|家属|学生|青年|教师|代表|匿名|网友|妈|爸|司机|农庄|合作社"
)


def find_sender(text: str, sender: str) -> Iterator[PersonalData]:
    """Each place in plain text where a name of the sender stands; names have two characters up."""
    for name in _names_of(sender):
        # No pattern: it would be compiled for each sender, longer than the search takes.
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            yield PersonalData(Span(start, end), PersonalKind.NAME)
            start = text.find(name, end)


def _names_of(sender: str) -> set[str]:
    """The names in what a sender calls himself: 「刘家湾村民 刘冬生」 holds one."""
    parts = {part for part in _BETWEEN_NAMES.split(sender) if len(part) >= 2}
    names = {part for part in parts if len(part) <= 4 and is_name(part, 0, len(part))}
    if names:
        return names
    nicknames = {part for part in parts if not _ANYBODY.search(part)}
    return nicknames or {name for part in parts for name in _at_end(part)}


def _at_end(part: str) -> Iterator[str]:
    for length in (4, 3):
        if len(part) > length and is_name(part, len(part) - length, len(part)):
            yield part[-length:]
            return
