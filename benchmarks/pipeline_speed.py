"""What a judgement from raw text costs, beside jieba and beside a plain text classifier.

Usage: ``python benchmarks/pipeline_speed.py [FILE [MODEL]]``, where FILE is whatever ``minqing
import`` reads. On one thread, evidence left out; messages are thinned out evenly to ``MOST``.
Prints JSON:

- ``compiled_part``: whether it is there; ``…_by_numpy`` is what the same costs without.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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

from classifier.judging import scoring  # noqa: E402
from classifier.judging.model import Model  # noqa: E402
from classifier.personal.find import find_personal_data  # noqa: E402
from classifier.reading.reader import Reading  # noqa: E402
from classifier.text.clean import CleanText, clean  # noqa: E402
from classifier.text.segment import Segmenter  # noqa: E402
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
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with numpy_alone():
        by_numpy = Model.load(path)
    model = Model.load(path)
    segmenter = Segmenter()
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    figures = {
        "messages": len(messages),
        "compiled_part": scoring.compiled is not None,
        "median_length": float(np.median([len(f"{title}\n{body}") for title, body in messages])),
        "message": one_by_one(messages, segmenter, model, by_numpy),
        "batch": all_at_once(messages, segmenter, model, by_numpy),
    }
    print(json.dumps(figures))


def read(file: Path) -> list[Message]:
    """Title and body of a file's messages, thinned out evenly."""
    now = datetime.now(UTC)
    rows = read_messages(file, file.stem, ReadOptions(now=now, undated=now))
    found = [(r.message.title, r.message.text) for r in rows if isinstance(r, ReadMessage)]
    return found[:: -(-len(found) // MOST)]


@contextmanager
def numpy_alone() -> Iterator[None]:
    """As if the compiled part had not been built."""
    compiled, scoring.compiled = scoring.compiled, None
    try:
        yield
    finally:
        scoring.compiled = compiled


def one_by_one(
    messages: Sequence[Message], segmenter: Segmenter, model: Model, by_numpy: Model
) -> dict[str, float]:
    """Medians in µs over the messages."""
    rounds = [
        [
            times
            for block in blocks(messages)
            for times in times_of(block, segmenter, model, by_numpy)
        ]
        for _ in range(ROUNDS)
    ]
    jieba_us, reading, judging, together, slow_judging, slow_together = np.median(
        np.median(np.array(rounds), axis=0), axis=0
    ).tolist()
    return {
        "jieba_p50_us": round(jieba_us, 1),
        "reading_p50_us": round(reading, 1),
        "judging_p50_us": round(judging, 1),
        "together_p50_us": round(together, 1),
        "together_to_jieba": round(together / jieba_us, 3),
        "judging_by_numpy_p50_us": round(slow_judging, 1),
        "together_by_numpy_p50_us": round(slow_together, 1),
        "together_by_numpy_to_jieba": round(slow_together / jieba_us, 3),
    }


def blocks(messages: Sequence[Message]) -> list[Sequence[Message]]:
    return [messages[first : first + BLOCK] for first in range(0, len(messages), BLOCK)]


def times_of(
    block: Sequence[Message], segmenter: Segmenter, model: Model, by_numpy: Model
) -> list[tuple[float, ...]]:
    """For each message of a block µs of jieba; of reading, judging and both; of these by numpy."""
    theirs = [micros(jieba.lcut, f"{title}\n{body}")[0] for title, body in block]
    ours = [read_and_judge(message, segmenter, model) for message in block]
    with numpy_alone():
        slow = [read_and_judge(message, segmenter, by_numpy)[1:] for message in block]
    return [(us, *fast, *slower) for us, fast, slower in zip(theirs, ours, slow, strict=True)]


def read_and_judge(message: Message, segmenter: Segmenter, model: Model) -> tuple[float, ...]:
    """µs of reading, of judging, of both."""
    reading_us, reading = micros(read_without_places, *message, segmenter)
    judging_us, _ = micros(model.judge, reading)
    return reading_us, judging_us, reading_us + judging_us


def micros(step: Callable[..., T], *arguments: object) -> tuple[float, T]:
    began = perf_counter()
    result = step(*arguments)
    return (perf_counter() - began) * 1e6, result


def all_at_once(
    messages: Sequence[Message], segmenter: Segmenter, model: Model, by_numpy: Model
) -> dict[str, float]:
    """Messages a second, medians of rounds that take turns."""
    texts = [f"{title}\n{body}" for title, body in messages]
    half = len(messages) // 2
    plain = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LinearSVC())
    judged = model.judge_many(read_without_places(*m, segmenter) for m in messages[:half])
    plain.fit(texts[:half], [judgement.department.label for judgement in judged])
    rest = messages[half:]

    def ours_by_numpy() -> object:
        with numpy_alone():
            return by_numpy.judge_many([read_without_places(*m, segmenter) for m in rest])

    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: model.judge_many([read_without_places(*m, segmenter) for m in rest]),
        "without_personal_data": lambda: model.judge_many(
            [read_words(*m, segmenter) for m in rest]
        ),
        "ours_by_numpy": ours_by_numpy,
        "plain": lambda: plain.predict(texts[half:]),
    }
    seconds = [{name: micros(way)[0] / 1e6 for name, way in ways.items()} for _ in range(ROUNDS)]
    rates = {
        name: len(rest) / float(np.median([times[name] for times in seconds])) for name in ways
    }
    return {
        **{f"{name}_per_second": round(rate) for name, rate in rates.items()},
        **{
            f"{name}_to_plain": round(rates[name] / rates["plain"], 2)
            for name in ways
            if name != "plain"
        },
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
