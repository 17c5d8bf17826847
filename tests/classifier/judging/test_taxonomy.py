"""The taxonomy: what it tells, and which files it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import TaxonomyError
from classifier.judging.taxonomy import Taxonomy, shipped_path

SMALL = "code,level1,level2,level3\n01,水,,\n0101,水,井,\n010101,水,井,深井\n02,火,,\n0201,火,灶,\n"


def load(folder: Path, content: str | bytes) -> Taxonomy:
    path = folder / "taxonomy.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Taxonomy.load(path)


def test_the_shipped_taxonomy_has_all_topics() -> None:
    taxonomy = Taxonomy.load()
    assert [len(taxonomy.codes(level)) for level in (1, 2, 3)] == [15, 118, 517]


def test_names_and_codes_lead_to_each_other() -> None:
    taxonomy = Taxonomy.load()
    for code in taxonomy.names:
        assert taxonomy.code(*taxonomy.path(code)) == code
        assert taxonomy.name(code) == taxonomy.path(code)[-1]


def test_children_are_one_level_below(tmp_path: Path) -> None:
    taxonomy = load(tmp_path, SMALL)
    assert taxonomy.children("01") == ("0101",)
    assert taxonomy.children("0101") == ("010101",)
    assert taxonomy.children("0201") == ()


def test_the_digest_is_of_the_content_not_of_the_form(tmp_path: Path) -> None:
    plain = load(tmp_path, SMALL)
    other_form = load(tmp_path, b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert other_form.digest == plain.digest
    assert load(tmp_path, SMALL.replace("灶", "炉")).digest != plain.digest


def test_an_unknown_name_or_code_is_a_key_error() -> None:
    taxonomy = Taxonomy.load()
    with pytest.raises(KeyError):
        taxonomy.code("没有这个主题")
    with pytest.raises(KeyError):
        taxonomy.name("99")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "表头"),
        ("编码,一级\n01,水\n", "表头"),
        (SMALL + "0101,水,井,\n", "重复"),
        (SMALL + "0102,水,井,\n", "重名"),
        (SMALL + "0301,木,林,\n", "上级"),
        (SMALL + "0202,土,山,\n", "上级"),
        (SMALL + "02x2,火,山,\n", "编码与名称"),
        (SMALL + "0202,火,,\n", "编码与名称"),
        (SMALL + "0202,火,山\n", "4 列"),
        (SMALL + "03,木,,\n", "二级主题"),
        ("code,level1,level2,level3\n", "二级主题"),
        (b"\xff\xfe\x00\x01", "读不出"),
        (SMALL + '"', "读不出"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    with pytest.raises(TaxonomyError, match=reason) as caught:
        load(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="主题分类表无法使用"):
        Taxonomy.load(tmp_path / "none.csv")


def test_the_shipped_taxonomy_is_where_it_is_said_to_be() -> None:
    assert shipped_path().is_file()
