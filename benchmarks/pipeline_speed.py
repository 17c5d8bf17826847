"""What a judgement from raw text costs, beside jieba and beside a plain text classifier.

Usage: ``python benchmarks/pipeline_speed.py [FILE [MODEL]]``, where FILE is whatever ``minqing
import`` reads. On one thread, evidence left out; messages are thinned out evenly to ``MOST``.
Prints JSON:

- ``message``: medians over the messages in µs of ``jieba.lcut``, of reading (cleaning,
  segmentation, personal data), of judging by all heads, and of both together; and the ratio of
  the last to the first. Each message counts with its median of several rounds, in which blocks of
  messages take turns.
- ``batch``: messages a second of reading and judging all at once, of the same without the search
  for personal data, and of ``jieba`` + ``TfidfVectorizer`` + ``LinearSVC`` predicting one head
  (fitted on the first half of the messages, labelled by the model); and the ratios to the last.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TypeVar

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import jieba  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.svm import LinearSVC  # noqa: E402

from classifier.clean import CleanText, clean  # noqa: E402
from classifier.model import Model  # noqa: E402
from classifier.personal import find_personal_data  # noqa: E402
from classifier.reading import Reading  # noqa: E402
from classifier.segment import Segmenter  # noqa: E402
from service.intake.messages import ReadOptions  # noqa: E402
from service.intake.reader import ReadMessage, read_messages  # noqa: E402

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "messages" / "chenzhou.jsonl"
MOST = 2000
ROUNDS = 5
BLOCK = 100
Message = tuple[str, str]
Words = tuple[str, ...]
T = TypeVar("T")


def main() -> None:
    """Measure both and print the figures."""
    messages = read(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
    model = Model.load(Path(sys.argv[2])) if len(sys.argv) > 2 else Model.load()
    segmenter = Segmenter()
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    figures = {
        "messages": len(messages),
        "median_length": float(np.median([len(f"{title}\n{body}") for title, body in messages])),
        "message": one_by_one(messages, segmenter, model),
        "batch": all_at_once(messages, segmenter, model),
    }
    print(json.dumps(figures))


def read(file: Path) -> list[Message]:
    """Title and body of a file's messages, thinned out evenly."""
    now = datetime.now(UTC)
    rows = read_messages(file, file.stem, ReadOptions(now=now, undated=now))
    found = [(r.message.title, r.message.text) for r in rows if isinstance(r, ReadMessage)]
    return found[:: -(-len(found) // MOST)]


def one_by_one(messages: Sequence[Message], segmenter: Segmenter, model: Model) -> dict[str, float]:
    """Medians in µs over the messages."""
    rounds = [
        [times for block in blocks(messages) for times in times_of(block, segmenter, model)]
        for _ in range(ROUNDS)
    ]
    jieba_us, reading, judging = np.median(np.median(np.array(rounds), axis=0), axis=0).tolist()
    together = float(np.median(np.median(np.array(rounds)[:, :, 1:].sum(axis=2), axis=0)))
    return {
        "jieba_p50_us": round(jieba_us, 1),
        "reading_p50_us": round(reading, 1),
        "judging_p50_us": round(judging, 1),
        "together_p50_us": round(together, 1),
        "together_to_jieba": round(together / jieba_us, 3),
    }


def blocks(messages: Sequence[Message]) -> list[Sequence[Message]]:
    return [messages[first : first + BLOCK] for first in range(0, len(messages), BLOCK)]


def times_of(
    block: Sequence[Message], segmenter: Segmenter, model: Model
) -> list[tuple[float, float, float]]:
    """For each message of a block µs of jieba, of reading and of judging."""
    theirs = [micros(jieba.lcut, f"{title}\n{body}")[0] for title, body in block]
    ours: list[tuple[float, float]] = []
    for title, body in block:
        reading_us, reading = micros(read_without_places, title, body, segmenter)
        judging_us, _ = micros(model.judge, reading)
        ours.append((reading_us, judging_us))
    return [(jieba_us, *both) for jieba_us, both in zip(theirs, ours, strict=True)]


def micros(step: Callable[..., T], *arguments: object) -> tuple[float, T]:
    began = perf_counter()
    result = step(*arguments)
    return (perf_counter() - began) * 1e6, result


def all_at_once(
    messages: Sequence[Message], segmenter: Segmenter, model: Model
) -> dict[str, float]:
    """Messages a second, medians of rounds that take turns."""
    texts = [f"{title}\n{body}" for title, body in messages]
    half = len(messages) // 2
    plain = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LinearSVC())
    judged = model.judge_many(read_without_places(*m, segmenter) for m in messages[:half])
    plain.fit(texts[:half], [judgement.department.label for judgement in judged])
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: model.judge_many(
            [read_without_places(*message, segmenter) for message in messages[half:]]
        ),
        "without_personal_data": lambda: model.judge_many(
            [read_words(*message, segmenter) for message in messages[half:]]
        ),
        "plain": lambda: plain.predict(texts[half:]),
    }
    seconds = [{name: micros(way)[0] / 1e6 for name, way in ways.items()} for _ in range(ROUNDS)]
    rates = {
        name: (len(messages) - half) / float(np.median([times[name] for times in seconds]))
        for name in ways
    }
    return {
        **{f"{name}_per_second": round(rate) for name, rate in rates.items()},
        "ours_to_plain": round(rates["ours"] / rates["plain"], 2),
        "without_personal_data_to_plain": round(rates["without_personal_data"] / rates["plain"], 2),
    }


def read_without_places(title: str, body: str, segmenter: Segmenter) -> Reading:
    """What ``Reader.read`` does, but for the places, which no judgement needs."""
    cleaned, tokens = words_of(title, body, segmenter)
    personal = find_personal_data(f"{cleaned[0].plain}\n{cleaned[1].plain}")
    return Reading(*cleaned, *tokens, personal=tuple(personal), places=())


def read_words(title: str, body: str, segmenter: Segmenter) -> Reading:
    """What the plain classifier does too: cleaning and segmentation."""
    cleaned, tokens = words_of(title, body, segmenter)
    return Reading(*cleaned, *tokens, personal=(), places=())


def words_of(title: str, body: str, segmenter: Segmenter) -> tuple[list[CleanText], list[Words]]:
    """Both parts' plain texts and tokens."""
    cleaned = [clean(title), clean(body)]
    return cleaned, [tuple(segmenter.cut(part.plain)) for part in cleaned]


if __name__ == "__main__":
    main()
