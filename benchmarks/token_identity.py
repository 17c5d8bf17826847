"""Whether tokens are jieba's own: on all real texts at hand, and with a thousand words added.

Usage: ``python benchmarks/token_identity.py [DATA]``, the folder of the shared data; without it the
samples are read. Compares ``Segmenter.cut`` with ``jieba.lcut`` of the cleaned title, body and
answer of each message. The words added are places of the gazetteer followed by what stands for
something in a town (「…幼儿园」), evenly taken from all that can be made; both get them in the same
order, jieba by ``add_word``, which asks its own ``suggest_freq``. Half of the texts with words
added are sentences made around those words. Prints JSON: texts compared and texts that differ.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import jieba

from classifier.reading.divisions import read_divisions
from classifier.text.clean import clean
from classifier.text.segment import Segmenter

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples" / "messages"
COLUMNS = {
    "stream.csv": ("留言主题", "留言详情"),
    "replies.csv": ("留言主题", "留言详情", "答复意见"),
    "topics_train.csv": ("text",),
}
WORDS = 1000
ENDINGS = ("幼儿园", "委员工作室", "安置小区", "段改造工程", "农贸市场", "卫生服务站")


def main() -> None:
    """Compare both tokenizers, without and with words added."""
    csv.field_size_limit(1 << 30)
    jieba.setLogLevel("ERROR")
    texts = sorted(set(read(Path(sys.argv[1])) if len(sys.argv) > 1 else samples()))
    words = made_words()
    sentences = [f"我们{word}旁边的路灯坏了，{word}的人都说没人管。" for word in words]
    with_words = [*texts[:: -(-len(texts) // 5000)], *sentences]
    figures = {
        "texts": len(texts),
        "differing": differing(texts, []),
        "words_added": len(words),
        "texts_with_words": len(with_words),
        "differing_with_words": differing(with_words, words),
    }
    print(json.dumps(figures))


def read(folder: Path) -> Iterator[str]:
    """All cleaned texts of the shared corpora."""
    for name, columns in COLUMNS.items():
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from (clean(row[column]).plain for column in columns)


def samples() -> Iterator[str]:
    """All cleaned texts of the own-written samples."""
    for file in sorted(SAMPLES.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield from (clean(row[column]).plain for column in ("主题", "内容"))


def made_words() -> list[str]:
    """Words that stand in no dictionary, none twice."""
    places = sorted({place.name for place in read_divisions(ROOT / "data" / "divisions", ["43"])})
    made = [f"{place}{ending}" for place in places for ending in ENDINGS]
    return made[:: len(made) // WORDS][:WORDS]


def differing(texts: Iterable[str], words: list[str]) -> int:
    """How many texts the two tokenizers cut differently."""
    segmenter, reference = Segmenter(words), jieba.Tokenizer()
    for word in words:
        reference.add_word(word)
    return sum(segmenter.cut(text) != reference.lcut(text) for text in texts)


if __name__ == "__main__":
    main()
