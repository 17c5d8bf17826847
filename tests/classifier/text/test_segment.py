"""Tokens equal jieba's own, on texts written for this test and with words added."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from itertools import product

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.segment import Segmenter

WORDS = ("庄里镇委员工作室", "住建局", "三合村", "惠泽家园二期", "梅田镇", "河湾工作室")
TEXTS = (
    "庄里镇三合村东巷的路灯坏了半个月，晚上走路要打手电筒。",
    "请住建局的同志到惠泽家园二期量一量室温，室内只有13.5度。",
    "合同写的100%退款，退了50.5%就不理人，电话0913-8200000没人接。",
    "微信群里发的链接是http://a.example.cn/x?y=1&z=2，点进去要填验证码。",
    "我家3单元502室，WiFi名叫TP-LINK_5G，C++和C#培训班交了9800元。",
    "2024年11月25日14:10，陕F·Z9961在G65高速被多扣了75.00元。",
    "河湾工作室的委员上次答应修的桥，到现在还没动工！！！???……",
    "一二三，四五六。ABC abc 123\n\n  换行  和  空格\t制表",
    "AT&T的卡在村里没信号 v2.0.1 版本 a_b-c+d#e.f",
    "😀😀太好了👍🏽谢谢",
    "、。，！？；：“”",
    "x",
    "%%",
    "..5 5.%",
)


@cache
def both(words: tuple[str, ...]) -> tuple[Segmenter, jieba.Tokenizer]:
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word)
    return Segmenter(words), tokenizer


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> None:
    jieba.setLogLevel("ERROR")


@pytest.mark.parametrize("words", [(), WORDS], ids=["jieba's words", "words added"])
@pytest.mark.parametrize("text", TEXTS)
def test_tokens_equal_those_of_jieba(text: str, words: tuple[str, ...]) -> None:
    segmenter, tokenizer = both(words)
    assert segmenter.cut(text) == tokenizer.lcut(text)


@given(st.text(st.sampled_from("庄里镇三合村的路灯不亮请修abZ059.%-_+#& ，。"), max_size=60))
def test_tokens_of_chance_texts_equal_those_of_jieba(text: str) -> None:
    segmenter, tokenizer = both(WORDS)
    assert segmenter.cut(text) == tokenizer.lcut(text)


def test_no_other_mark_of_ascii_is_part_of_a_run() -> None:
    segmenter, tokenizer = both(())
    marks = [chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()]
    for one, other in product(marks, marks):
        text = f"水{one}{other}a{one}1{other}{one}电"
        assert segmenter.cut(text) == tokenizer.lcut(text)


@pytest.mark.parametrize("words", [(), ("㮾梨街道", "鿕鿖", "𠀀村"), WORDS], ids=len)
@given(st.text(st.sampled_from("庄里镇三合村㮾梨鿕鿖𠀀豈〇a1. ，"), max_size=30))
def test_rare_characters_are_tokens_as_in_jieba(words: tuple[str, ...], text: str) -> None:
    segmenter, tokenizer = both(words)
    assert segmenter.cut(text) == tokenizer.lcut(text)


def test_importing_the_package_later_does_no_harm() -> None:
    import rjieba

    assert rjieba.cut("路灯坏了") == Segmenter().cut("路灯坏了")


def test_the_dictionary_is_read_only_for_a_segmenter() -> None:
    program = (
        "import sys, classifier.text.segment as s; s.Segmenter(); sys.exit('rjieba' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@given(st.text())
def test_tokens_join_to_the_text_and_none_is_empty(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    tokens = both(WORDS)[0].cut(text)
    assert "".join(tokens) == text
    assert all(tokens)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_county_stays_whole(word: str) -> None:
    assert word in both(WORDS)[0].cut(f"昨天去了{word}。")


def test_segmenters_do_not_share_their_words() -> None:
    plain, added = Segmenter(), Segmenter(["甲乙丙丁戊镇"])
    assert added.cut("甲乙丙丁戊镇") == ["甲乙丙丁戊镇"]
    assert plain.cut("甲乙丙丁戊镇") != ["甲乙丙丁戊镇"]


def test_a_long_text_is_cut_whole() -> None:
    text = TEXTS[0] * 4000
    assert "".join(both(())[0].cut(text)) == text
