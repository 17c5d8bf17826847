"""Words beside jieba's dictionary: drafted, tried on past messages, published.

A word changes how texts are cut, and so what the model says of them. Nothing is changed by a
draft; what it would change is shown first; publishing is a step of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from classifier.reading.reader import Reader
from service.domain.classification import Classification
from service.domain.provision import ProvisionKind, Word
from service.errors import InvalidInputError, ModelUnavailableError
from service.storage.database import Connection, Database
from service.storage.messages.messages import read_newest_messages
from service.storage.organisation.provisions import insert_words, read_words
from service.storage.rows import take_provision_lock
from service.triage.pipeline import Triage
from service.triage.words import make_segmenter
from service.usecases.context import Context

MAX_WORDS, MAX_WORD_CHARS, MAX_FREQUENCY = 10_000, 30, 10_000_000
LOOKED_AT = 5_000
Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class WordList:
    """The words published, and those that would be after the next publication, by their text."""

    published: Words
    draft: Words

    @property
    def added(self) -> Words:
        """Words that the draft adds, or gives another frequency."""
        return tuple(word for word in self.draft if word not in self.published)

    @property
    def removed(self) -> Words:
        """Words that the draft leaves out."""
        kept = {word.text for word in self.draft}
        return tuple(word for word in self.published if word.text not in kept)


@dataclass(frozen=True, slots=True)
class ChangedDecision:
    """What the model would say otherwise of one message. ``title`` is masked.

    ``changes`` are lines such as "承办单位：住建局 → 城管局".
    """

    message_id: int
    title: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What words would change among the newest messages, the newest first."""

    looked_at: int
    changed: tuple[ChangedDecision, ...]


def load_words(database: Database) -> Words:
    """The words published."""
    with database.reading() as connection:
        return read_words(connection, ProvisionKind.WORDS) or ()


def list_words(context: Context) -> WordList:
    """The words published and the draft."""
    with context.database.reading() as connection:
        return _read(connection)


def _read(connection: Connection) -> WordList:
    published = read_words(connection, ProvisionKind.WORDS) or ()
    draft = read_words(connection, ProvisionKind.WORD_DRAFT)
    return WordList(published, published if draft is None else draft)


def add_word(context: Context, text: str, frequency: int | None, actor: str) -> WordList:
    """Put a word into the draft, in the place of one with the same text.

    Raises
    ------
    InvalidInputError
        It is no word, its frequency is none, or there are too many.
    """
    word = make_word(text, frequency)
    return _redraft(context, lambda draft: _with(draft, word), actor)


def remove_word(context: Context, text: str, actor: str) -> WordList:
    """Leave a word out of the draft.

    Raises
    ------
    InvalidInputError
        It is not there.
    """

    def without(draft: Words) -> Words:
        kept = tuple(word for word in draft if word.text != text)
        if len(kept) == len(draft):
            raise InvalidInputError(f"词典中没有“{text[:MAX_WORD_CHARS]}”")
        return kept

    return _redraft(context, without, actor)


def make_word(text: str, frequency: int | None) -> Word:
    """A word fit for the dictionary.

    Raises
    ------
    InvalidInputError
        It has not 2–30 letters, or the frequency is not 1–10,000,000.
    """
    if not 2 <= len(text) <= MAX_WORD_CHARS or not text.isalnum():
        raise InvalidInputError(f"词应为 2 至 {MAX_WORD_CHARS} 个字，不含空格和标点")
    if frequency is not None and not 1 <= frequency <= MAX_FREQUENCY:
        raise InvalidInputError(f"词频应为 1 至 {MAX_FREQUENCY:,} 的整数")
    return Word(text, frequency)


def _with(draft: Words, word: Word) -> Words:
    others = [one for one in draft if one.text != word.text]
    if len(others) >= MAX_WORDS:
        raise InvalidInputError(f"词典不超过 {MAX_WORDS:,} 个词")
    return tuple(sorted([*others, word], key=lambda one: one.text))


def _redraft(context: Context, change: Callable[[Words], Words], actor: str) -> WordList:
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        words = _read(connection)
        draft = change(words.draft)
        insert_words(connection, ProvisionKind.WORD_DRAFT, draft, context.now(), actor)
    return WordList(words.published, draft)


def publish_words(context: Context, actor: str) -> WordList:
    """Put the draft in force: for every process that starts from now on.

    Returns
    -------
    WordList
        What stood before.

    Raises
    ------
    InvalidInputError
        There is nothing to publish.
    """
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        words = _read(connection)
        if words.draft == words.published:
            raise InvalidInputError("没有待发布的改动")
        insert_words(connection, ProvisionKind.WORDS, words.draft, context.now(), actor)
    return words


def preview_words(context: Context, words: Words, count: int = LOOKED_AT) -> Preview:
    """What would change if these words were the published ones.

    Both sides are judged by the model in use, today's words against these; decisions are not
    touched, and a person's decision would not change whatever the model says.

    Parameters
    ----------
    words
        All the words that would be published.
    count
        How many of the newest messages to look at.

    Raises
    ------
    ModelUnavailableError
        There is no model.
    """
    if context.triage.model is None:
        raise ModelUnavailableError
    before = _with_words(context.triage, list_words(context).published)
    after = _with_words(context.triage, words)
    with context.database.reading() as connection:
        rows = read_newest_messages(connection, count)
    changed = []
    for row in rows:
        found = tuple(_changes(context.triage, *_judged(before, after, row.title, row.text)))
        if found:
            title = row.masked_title.strip() or row.masked_text.strip()
            changed.append(ChangedDecision(row.id, title, found))
    return Preview(len(rows), tuple(changed))


def preview_word(
    context: Context, text: str, frequency: int | None, count: int = LOOKED_AT
) -> Preview:
    """The same for the published words and one more. Raises as both."""
    word = make_word(text, frequency)
    return preview_words(context, _with(list_words(context).published, word), count)


def _with_words(triage: Triage, words: Iterable[Word]) -> Triage:
    reader = Reader(make_segmenter(triage.words, words), triage.gazetteer)
    return replace(triage, reader=reader)


def _judged(
    before: Triage, after: Triage, title: str, text: str
) -> tuple[Classification, Classification]:
    old = before.classify(before.reader.read(title, text))
    new = after.classify(after.reader.read(title, text))
    if old is None or new is None:
        raise ModelUnavailableError
    return old, new


def _changes(triage: Triage, old: Classification, new: Classification) -> Iterator[str]:
    def topic(code: str) -> str:
        return "／".join(triage.taxonomy.path(code))

    pairs = [
        ("主题", topic(old.topic.label), topic(new.topic.label)),
        ("承办单位", old.department.label, new.department.label),
        ("诉求类型", old.kind_zh, new.kind_zh),
        ("紧急", _yes(old.is_urgent), _yes(new.is_urgent)),
        ("需要复核", _yes(bool(old.review)), _yes(bool(new.review))),
    ]
    return (f"{name}：{was} → {becomes}" for name, was, becomes in pairs if was != becomes)


def _yes(is_so: bool) -> str:
    return "是" if is_so else "否"
