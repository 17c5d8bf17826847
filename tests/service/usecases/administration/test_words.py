"""Words are drafted, tried on what came in, and published: three steps apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from classifier.judging.judgement import Judgement
from classifier.reading.reader import Reading
from service.domain.provision import ProvisionKind, Word
from service.errors import InvalidInputError, ModelUnavailableError
from service.storage import tables
from service.usecases.administration import words as module
from service.usecases.administration.words import (
    add_word,
    list_words,
    load_words,
    preview_word,
    preview_words,
    publish_words,
    remove_word,
)
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.usecases.books import rows
from tests.tiny_model import TinyModel

WORD = "甲乙丙丁桥"


class ByTokens(TinyModel):
    """Says the police where the word stands whole among the tokens."""

    def judge(self, reading: Reading) -> Judgement:
        judged = super().judge(reading)
        if WORD not in reading.body_tokens:
            return judged
        return replace(judged, department=replace(judged.department, label="公安局"))


@pytest.fixture
def context(context: Context) -> Context:
    model = ByTokens(context.triage.taxonomy)
    return replace(context, triage=replace(context.triage, model=model))


def take_in(context: Context, texts: Sequence[str]) -> None:
    receive_messages(context, [a_message(text, title=f"信{n}") for n, text in enumerate(texts)])


def test_a_draft_changes_nothing_and_publishing_does(context: Context) -> None:
    add_word(context, WORD, None, "admin")
    drafted = add_word(context, "戊己庚", 5, "admin")
    assert drafted.added == (Word("戊己庚", 5), Word(WORD))
    assert load_words(context.database) == ()
    assert list_words(context) == drafted
    before = publish_words(context, "admin")
    assert before == drafted
    assert load_words(context.database) == drafted.draft
    assert [change.actor for change in list_changes(context, ProvisionKind.WORDS)] == ["admin"]
    left = remove_word(context, WORD, "admin")
    assert (left.removed, left.added) == ((Word(WORD),), ())
    assert load_words(context.database) == drafted.draft
    with_other = add_word(context, "戊己庚", 9, "admin")
    assert with_other.added == (Word("戊己庚", 9),)


def test_publishing_nothing_is_refused(context: Context) -> None:
    with pytest.raises(InvalidInputError, match="没有待发布的改动"):
        publish_words(context, "admin")


@pytest.mark.parametrize(
    "word", ["", "桥", "桥 梁", "桥" * 31, "桥梁。", "桥\n梁", "桥\x00梁", "\ud800\ud801", "=桥梁"]
)
def test_what_is_no_word_is_refused(context: Context, word: str) -> None:
    with pytest.raises(InvalidInputError, match="词应为"):
        add_word(context, word, None, "admin")
    with pytest.raises(InvalidInputError, match="词典中没有"):
        remove_word(context, word, "admin")
    assert list_words(context).draft == ()


@pytest.mark.parametrize("frequency", [0, -1, 10_000_001, 2**80])
def test_what_is_no_frequency_is_refused(context: Context, frequency: int) -> None:
    with pytest.raises(InvalidInputError, match="词频"):
        add_word(context, WORD, frequency, "admin")


def test_there_is_an_end_to_words(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WORDS", 1)
    add_word(context, WORD, None, "admin")
    add_word(context, WORD, 4, "admin")
    with pytest.raises(InvalidInputError, match="不超过"):
        add_word(context, "戊己庚", None, "admin")


def test_a_preview_lists_what_would_change_masked_and_changes_nothing(context: Context) -> None:
    texts = [f"路灯在{WORD}边，电话19912345678。", "学校门口没有路灯。", f"{WORD}上有路灯。"]
    take_in(context, texts)
    before = [rows(context, table) for table in tables.metadata.sorted_tables]
    found = preview_word(context, WORD, None)
    assert found.looked_at == 3
    assert [(one.title, one.changes) for one in found.changed] == [
        ("信2", ("承办单位：住建局 → 公安局",)),
        ("信0", ("承办单位：住建局 → 公安局",)),
    ]
    assert "19912345678" not in str(found)
    assert preview_word(context, WORD, None, 1).looked_at == 1
    assert [rows(context, table) for table in tables.metadata.sorted_tables] == before


def test_a_draft_is_compared_with_what_is_published(context: Context) -> None:
    take_in(context, [f"{WORD}上有路灯。"])
    add_word(context, WORD, None, "admin")
    assert len(preview_words(context, list_words(context).draft).changed) == 1
    publish_words(context, "admin")
    assert preview_words(context, list_words(context).draft).changed == ()
    remove_word(context, WORD, "admin")
    (changed,) = preview_words(context, list_words(context).draft).changed
    assert changed.changes == ("承办单位：公安局 → 住建局",)


def test_without_a_model_nothing_can_be_tried(by_hand: Context) -> None:
    lacking = replace(by_hand, triage=replace(by_hand.triage, model=None))
    with pytest.raises(ModelUnavailableError):
        preview_word(lacking, WORD, None)
