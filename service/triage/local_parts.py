"""What of triage is a county's own: the reader with its words and places, and the router.

The rest (model, taxonomy, rules) stays when the organisation becomes another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.judging.taxonomy import Taxonomy
from classifier.reading.divisions import read_divisions
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from service.domain.organisation import Organisation
from service.domain.provision import Word
from service.errors import SettingsError
from service.settings import Settings
from service.triage.directory import served_divisions
from service.triage.pipeline import Triage
from service.triage.route import Router
from service.triage.words import make_segmenter

_MAX_WORD_CHARS = 30


@dataclass(frozen=True, slots=True)
class LocalParts:
    """The parts made for one organisation, to be put into a triage all at once."""

    organisation: Organisation
    reader: Reader
    router: Router
    words: frozenset[str]

    def within(self, triage: Triage) -> Triage:
        """The triage with these in the place of its own."""
        return replace(
            triage,
            organisation=self.organisation,
            reader=self.reader,
            router=self.router,
            words=self.words,
        )


def make_local_parts(
    settings: Settings, organisation: Organisation, taxonomy: Taxonomy, published: Iterable[Word]
) -> LocalParts:
    """Make them, half a second's work; ``published`` are the words an administrator published.

    Raises
    ------
    SettingsError
        The home's dictionary is wrong.
    """
    gazetteer = build_gazetteer(settings, organisation)
    words = frozenset((*_directory_words(organisation), *gazetteer.words(), *_own_words(settings)))
    return LocalParts(
        organisation=organisation,
        reader=Reader(make_segmenter(words, published), gazetteer),
        router=Router(organisation, taxonomy, gazetteer.words()),
        words=words,
    )


def build_gazetteer(settings: Settings, organisation: Organisation) -> Gazetteer:
    """The gazetteer of the divisions that the directory's committees serve."""
    served = served_divisions(organisation)
    divisions = read_divisions(settings.data / "divisions", served)
    known = {division.name for division in divisions}
    areas = {area for studio in organisation.studios for area in studio.areas}
    return Gazetteer(divisions, served, sorted(areas - known))


def _directory_words(organisation: Organisation) -> Iterable[str]:
    for studio in organisation.studios:
        yield studio.name.replace("“", "").replace("”", "")
    for department in organisation.departments:
        yield department.name
        yield from department.aliases


def _own_words(settings: Settings) -> list[str]:
    """Words an administrator added, one a line, in ``home/dictionary.txt``."""
    path = settings.home / "dictionary.txt"
    if not path.exists():
        return []
    return read_words(path)


def read_words(path: Path) -> list[str]:
    """The words of a dictionary file (UTF-8, one a line, # begins a remark).

    Raises
    ------
    SettingsError
        The file cannot be read, or a line is no word; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"词典 {path} 无法读取") from error
    words = []
    for number, line in enumerate(lines, start=1):
        word = line.partition("#")[0].strip()
        if len(word) > _MAX_WORD_CHARS or any(c.isspace() for c in word):
            raise SettingsError(f"词典 {path} 第 {number} 行不是一个词")
        if word:
            words.append(word)
    return words
