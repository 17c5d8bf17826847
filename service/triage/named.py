"""Whom a text asks for: studios by name, members by name and title.

One pass over the text finds all names at once (Aho–Corasick), whatever their number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import ahocorasick

from classifier.text.clean import clean
from service.domain.organisation import Organisation, Studio, StudioKind

_NICKNAME = re.compile("[「“《]([^」”》]{2,})[」”》]")
_QUOTES = re.compile('[「」“”《》『』"]')
_ENDING = re.compile("(?:委员)?工作室$")
_ASKING = re.compile("(?:请|找|让|给|向|求|托|转|交|联系|希望|尊敬的|敬爱的)[^,。!?;、\n]{0,6}$")
_MEMBER, _STUDIO = "委员", "工作室"
_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Named:
    """Codes of the studios and of the members whom the writer turns to, in the order named."""

    studios: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class NameFinder:
    """Finds the studios and members that plain text (see ``classifier.text.clean``) asks for."""

    def __init__(self, organisation: Organisation) -> None:
        self._endings: dict[str, re.Pattern[str]] = {}
        words: dict[str, set[tuple[str, str]]] = {}
        for studio in organisation.studios:
            nickname, self._endings[studio.code] = _spelling(studio)
            words.setdefault(nickname, set()).add((_STUDIO, studio.code))
        for member in organisation.members:
            words.setdefault(plain_name(member.name), set()).add((_MEMBER, member.code))
        self._automaton = ahocorasick.Automaton()
        for name, meanings in words.items():
            if len(name) > 1:
                self._automaton.add_word(name, (name, tuple(sorted(meanings))))
        self._automaton.make_automaton()

    def find(self, text: str) -> Named:
        """Everyone whom ``text`` asks for."""
        # Nearly all texts hold neither word, and an automaton without a name can't be searched.
        if (_STUDIO not in text and _MEMBER not in text) or not len(self._automaton):
            return Named()
        studios: dict[str, None] = {}
        members: dict[str, None] = {}
        for last, (name, meanings) in self._automaton.iter(text):
            for kind, code in meanings:
                if kind == _STUDIO and self._endings[code].match(text, last + 1):
                    studios[code] = None
                elif kind == _MEMBER and _is_asked(text, last + 1 - len(name), last + 1):
                    members[code] = None
        return Named(tuple(studios), tuple(members))

    def without_studios(self, text: str) -> str:
        """The text without the names of studios, which may hold their members' names."""
        if _STUDIO not in text or not len(self._automaton):
            return text
        spans = [
            (last + 1 - len(name), ending.end())
            for last, (name, meanings) in self._automaton.iter(text)
            for kind, code in meanings
            if kind == _STUDIO and (ending := self._endings[code].match(text, last + 1))
        ]
        for start, end in reversed(spans):
            text = text[:start] + text[end:]
        return text


def _is_asked(text: str, start: int, end: int) -> bool:
    if not text.startswith(_MEMBER, end):
        return False
    return _ASKING.search(text[max(0, start - _BEFORE) : start]) is not None


def _spelling(studio: Studio) -> tuple[str, re.Pattern[str]]:
    """The studio's nickname, and what must follow it so that the studio is meant.

    Nicknames are often common words, so 工作室 must follow; 线上 too where the name has it.
    """
    name = plain_name(studio.name)
    quoted = _NICKNAME.search(name)
    if quoted is None:
        return _ENDING.sub("", _QUOTES.sub("", name)), re.compile("(?:委员)?工作室")
    rest = re.escape(_ENDING.sub("", _QUOTES.sub("", name[quoted.end() :])))
    between = rest if studio.kind is StudioKind.ONLINE else f"(?:{rest})?"
    return quoted[1], re.compile(f'[」”》』"]?{between}(?:政协)?(?:委员)?工作室')


def plain_name(name: str) -> str:
    """A name of the directory in the plain form of the texts it is looked for in."""
    return clean(name).plain.strip()
