"""The composition root opens what is there and goes on by hand where the model is not."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from classifier.errors import ModelFileError, TaxonomyError
from service import composition
from service.cli.file_triage import open_file_triage
from service.composition import build_context, build_triage, read_shipped_directory
from service.domain.organisation import OrganisationBook
from service.errors import DatabaseUnavailableError, OrganisationFileError, SettingsError
from service.settings import Settings
from service.triage.local_parts import read_words
from service.usecases.administration.organisation import save_book
from tests.makers import a_small_organisation, a_studio


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh home, and no model: it is quick to open."""
    return Settings(home=tmp_path, model=tmp_path / "none.mqm")


def test_everything_is_opened_on_an_empty_home(settings: Settings) -> None:
    context = build_context(settings)
    assert context.database.is_current()
    assert context.now().tzinfo is UTC
    assert context.triage.organisation.studios == ()
    assert (settings.home / "secret.key").exists()
    context.database.close()


def test_a_saved_directory_is_used_at_the_next_start(settings: Settings) -> None:
    context = build_context(settings)
    save_book(context, OrganisationBook(a_small_organisation()), "甲")
    context.database.close()
    again = build_context(settings)
    assert again.triage.organisation == a_small_organisation()
    again.database.close()


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"\x89MINQING" + b"\0" * 200])
def test_a_missing_or_broken_model_is_told_and_intake_goes_on(
    settings: Settings, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if content is not None:
        settings.model_path.write_bytes(content)
    triage = build_triage(settings, a_small_organisation())
    assert triage.model is None
    assert triage.pair_model is None
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.message.startswith("模型文件无法使用 ")


def test_a_model_of_other_kinds_is_not_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Foreign:
        class _Head:
            labels = ("投诉", "点赞")

        heads = {"kind": _Head}  # noqa: RUF012

    monkeypatch.setattr(composition.Model, "load", lambda *_: Foreign())
    assert build_triage(settings, a_small_organisation()).model is None
    assert "诉求类型" in caplog.text
    with pytest.raises(ModelFileError, match="诉求类型"):
        open_file_triage((), settings.model_path)


def test_words_of_the_directory_and_of_the_administrator_stay_whole(settings: Settings) -> None:
    (settings.home / "dictionary.txt").write_text("# 本县的词\n甲乙丙丁桥 # 桥\n\n", "utf-8")
    organisation = replace(
        a_small_organisation(), studios=(a_studio("T1", "“戊己庚辛”委员工作室"),)
    )
    cut = build_triage(settings, organisation).reader.segmenter.cut
    assert "甲乙丙丁桥" in cut("昨天走过甲乙丙丁桥。")
    assert "戊己庚辛委员工作室" in cut("去了戊己庚辛委员工作室。")
    assert "住建局" in cut("请住建局来。")


def test_a_dictionary_is_read_word_by_word(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeff甲桥\r\n# 只是说明\n  乙桥  # 说明\n\n丙桥".encode())
    assert read_words(path) == ["甲桥", "乙桥", "丙桥"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("甲桥\n两个 词\n".encode(), "第 2 行"),
        (("长" * 31).encode(), "第 1 行"),
        (b"\xff\xfe\x00", "无法读取"),
    ],
)
def test_a_wrong_dictionary_is_told_by_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=told):
        read_words(path)


def test_a_missing_dictionary_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="无法读取"):
        read_words(tmp_path / "none.txt")


def test_a_folder_without_taxonomy_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="主题分类表"):
        build_triage(settings.model_copy(update={"data": tmp_path}), a_small_organisation())


def test_a_folder_without_a_directory_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(OrganisationFileError):
        read_shipped_directory(settings.model_copy(update={"organisation": tmp_path / "none"}))


def test_the_demo_county_is_read_where_none_is_named(settings: Settings) -> None:
    files = read_shipped_directory(settings)
    assert len(files.organisation.studios) > 50
    assert files.activities


def test_an_unreachable_database_or_key_is_told(settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailableError):
        build_context(settings.model_copy(update={"database_url": "postgresql://127.0.0.1:1/x"}))
    (settings.home / "secret.key").write_bytes(b"short")
    (settings.home / "secret.key").chmod(0o600)
    with pytest.raises(SettingsError, match="不完整"):
        build_context(settings)
