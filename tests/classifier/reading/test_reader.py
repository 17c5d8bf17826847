"""Reading one message, and masking what it was written with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.reading.places import Division, Gazetteer
from classifier.reading.reader import Reader
from classifier.spans import Span
from classifier.text.segment import Segmenter

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples" / "messages"
# What every invented number of the samples begins with or contains.
INVENTED = re.compile(
    "1990000|990101|990000|@example|@mail|[A-Z][·.]?(?:99[0-9A-Z]{3}|[0-9A-Z]{1,3}99[0-9A-Z]*)"
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    divisions = [Division("610528", "富平县"), Division("610528101", "庄里镇")]
    return Reader(Segmenter(), Gazetteer(divisions, ["610528"]))


def test_a_message_is_read_in_its_plain_form(reader: Reader) -> None:
    reading = reader.read("莊里鎮路燈", "富平縣的路燈不亮，找王主任", "王小明")
    assert reading.whole == "庄里镇路灯\n富平县的路灯不亮,找王主任"
    assert "".join(reading.title_tokens) == reading.title.plain
    assert "".join(reading.body_tokens) == reading.body.plain
    assert [mention.name for mention in reading.places] == ["庄里镇", "富平县"]


@pytest.mark.parametrize(
    ("title", "body", "sender", "masked"),
    [
        ("路灯", "电话19900001234。", "", ("路灯", "电话〔电话〕。")),
        ("电话19900001234", "", "", ("电话〔电话〕", "")),
        ("１９９００００１２３４", "無", "", ("〔电话〕", "無")),
        ("路燈", "電話199\u200b0000\u200b1234！", "", ("路燈", "電話〔电话〕！")),
        ("\ufeff路燈", "\u202e找歐陽校長\u202c", "", ("\ufeff路燈", "\u202e找某校長\u202c")),
        ("羅詠詩來信", "羅詠詩敬上", "羅詠詩", ("〔姓名〕來信", "〔姓名〕敬上")),
        ("罗咏诗来信", "罗 咏", "羅詠詩", ("〔姓名〕来信", "罗 咏")),
        ("19900001234", "19900005678", "", ("〔电话〕", "〔电话〕")),
        ("没有", "没有", "", ("没有", "没有")),
        ("", "", "", ("", "")),
    ],
)
def test_the_original_is_masked(
    reader: Reader, title: str, body: str, sender: str, masked: tuple[str, str]
) -> None:
    assert reader.read(title, body, sender).masked() == masked


def test_no_invented_number_of_the_samples_survives_masking(reader: Reader) -> None:
    count = 0
    for path in sorted(SAMPLES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            original = f"{row['主题']}\n{row['内容']}"
            masked = "\n".join(reader.read(row["主题"], row["内容"], row["来信人"]).masked())
            count += len(INVENTED.findall(original))
            assert not INVENTED.search(masked), row["编号"]
    assert count > 40


NOISE = st.text("\u200b\ufeff\u202e\ud800", max_size=2)


@given(NOISE, st.data())
def test_a_number_is_masked_whatever_is_hidden_in_it(
    reader: Reader, noise: str, data: st.DataObject
) -> None:
    forms = [f"{digit}{chr(ord(digit) + 0xFEE0)}" for digit in "19900001234"]
    written = "".join(data.draw(st.sampled_from(form)) + data.draw(NOISE) for form in forms)
    _, body = reader.read("", f"电话{noise}{written}，谢谢").masked()
    assert not any(character.isdigit() for character in body)


@given(st.text(st.characters(exclude_categories=())), st.text(), st.text(max_size=5))
def test_any_message_can_be_read_and_masked(
    reader: Reader, title: str, body: str, sender: str
) -> None:
    reading = reader.read(title, body, sender)
    assert "".join(reading.body_tokens) == reading.body.plain
    masked = reading.masked()
    if not reading.personal:
        assert masked == (title, body)


@pytest.mark.parametrize("character", ["中", "1", " ", "\u200b", "👍", "，"])
def test_a_hundred_thousand_characters_are_read(reader: Reader, character: str) -> None:
    body = character * 100_000
    assert reader.read("", body).body.original == body


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 80), st.integers(0, 80))
def test_a_number_that_a_span_cuts_is_masked_on_both_sides(
    reader: Reader, before: str, behind: str, one: int, other: int
) -> None:
    body = f"{before}。电话19900001234，{behind}"
    reading = reader.read("", body)
    start, end = sorted((min(one, len(body)), min(other, len(body))))
    number = body.index("19900001234")
    inside = reading.masked_span(Span(start, end))
    if start < number + 11 and end > number:
        assert "〔电话〕" in inside
        assert "0000" not in inside
    assert reading.masked_span(Span(0, len(body))) == reading.masked()[1]


@given(st.text())
def test_what_a_model_judges_by_is_read_alone(reader: Reader, body: str) -> None:
    whole, words = reader.read("", body), reader.read_words(body)
    assert (words.body, words.body_tokens) == (whole.body, whole.body_tokens)
    assert (words.title, words.title_tokens) == (whole.title, whole.title_tokens)
