"""What a text names of the directory: studios, members, their employers, departments.

One pass over the text finds all names at once (Aho–Corasick), whatever their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from classifier.clean import clean
from service.domain.organisation import Organisation, Studio, StudioKind
from service.triage.employers import employer_names

_NICKNAME = re.compile("[「“《]([^」”》]{2,})[」”》]")
_QUOTES = re.compile('[「」“”《》『』"]')
_ENDING = re.compile("(?:委员)?工作室$")
_ASKING = re.compile("(?:请|找|让|给|向|求|托|转|交|联系|希望|尊敬的|敬爱的)[^,。!?;、\n]{0,6}$")
_TITLE = "委员"
_BEFORE = 12

_STUDIO, _MEMBER, _EMPLOYER = range(3)


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names.

    ``studios`` are codes in the order named; ``asked`` the members the writer turns to by
    name and title; ``involved`` gives for each member whose own name or whose employer's
    stands in the text that name.
    """

    studios: tuple[str, ...]
    asked: tuple[str, ...]
    involved: dict[str, str]


class NameFinder:
    """Finds studios, members and employers in plain text (see ``classifier.clean``).

    Parameters
    ----------
    organisation
        The directory.
    place_names
        Names of the divisions served: employers are also known without them in front.
    """

    def __init__(self, organisation: Organisation, place_names: Iterable[str]) -> None:
        self._endings: dict[str, re.Pattern[str]] = {}
        words: dict[str, set[tuple[int, str]]] = {}
        for studio in organisation.studios:
            nickname, self._endings[studio.code] = _spelling(studio)
            words.setdefault(nickname, set()).add((_STUDIO, studio.code))
        for kind, name, code in _people(organisation, place_names):
            words.setdefault(name, set()).add((kind, code))
        self._automaton = ahocorasick.Automaton()
        for name, meanings in words.items():
            if len(name) > 1:
                self._automaton.add_word(name, (name, tuple(sorted(meanings))))
        self._automaton.make_automaton()

    def find(self, text: str) -> Named:
        """Everything that ``text`` names."""
        studios: dict[str, None] = {}
        asked: dict[str, None] = {}
        involved: dict[str, str] = {}
        for end, (name, meanings) in self._hits(text):
            for kind, code in meanings:
                if kind == _STUDIO:
                    if self._endings[code].match(text, end + 1):
                        studios[code] = None
                    continue
                involved.setdefault(code, name)
                if kind == _MEMBER and _is_asked(text, end + 1 - len(name), end + 1):
                    asked[code] = None
        return Named(tuple(studios), tuple(asked), involved)

    def _hits(self, text: str) -> Iterable[tuple[int, tuple[str, tuple[tuple[int, str], ...]]]]:
        # An automaton without a word cannot be searched.
        return self._automaton.iter(text) if len(self._automaton) else ()


def _people(
    organisation: Organisation, place_names: Iterable[str]
) -> Iterator[tuple[int, str, str]]:
    yield from ((_MEMBER, _plain(member.name), member.code) for member in organisation.members)
    employed = [member for member in organisation.members if member.employer]
    spellings = employer_names((_plain(m.employer) for m in employed), place_names)
    for member in employed:
        for name in spellings[_plain(member.employer)]:
            yield _EMPLOYER, name, member.code


def _is_asked(text: str, start: int, end: int) -> bool:
    return text.startswith(_TITLE, end) and bool(
        _ASKING.search(text[max(0, start - _BEFORE) : start])
    )


def _spelling(studio: Studio) -> tuple[str, re.Pattern[str]]:
    """The studio's nickname, and what must follow it so that the studio is meant.

    Nicknames are often common words, so 工作室 must follow; 线上 too where the name has it.
    """
    name = _plain(studio.name)
    quoted = _NICKNAME.search(name)
    if quoted is None:
        return _ENDING.sub("", _QUOTES.sub("", name)), re.compile("(?:委员)?工作室")
    rest = re.escape(_ENDING.sub("", _QUOTES.sub("", name[quoted.end() :])))
    between = rest if studio.kind is StudioKind.ONLINE else f"(?:{rest}|政协)?"
    return quoted[1], re.compile(f'[」”》』"]?{between}(?:政协)?(?:委员)?工作室')


def _plain(name: str) -> str:
    return clean(name).plain.strip()
