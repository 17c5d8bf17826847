"""Scoring: the compiled part and numpy say the same to the last bit, and both stay in bounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judging import scoring
from classifier.judging.features import FeatureScheme, Text
from classifier.judging.judgement import Judgement
from classifier.judging.model import Model
from classifier.judging.scoring import CompiledScoring, NumpyScoring, likeliest
from classifier.judging.weights import Weights
from classifier.modelfile import read_model_file
from tests.training.small import ROWS, a_reading

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "messages" / "chenzhou.jsonl"
SCHEMES = (
    FeatureScheme(bits=6),
    FeatureScheme(bits=6, head_length=9, tail_length=5, title_length=7, opening_length=4),
    FeatureScheme(bits=5, character_orders=(1, 3, 7), word_orders=(1, 2, 7), opening_share=1.0),
    FeatureScheme(bits=8, character_orders=(), word_orders=(2,), opening_share=0.0),
    FeatureScheme(bits=9, character_orders=(2, 2), word_orders=(), title_length=1),
)
letters = st.text("水电路灯坏了 \nA市3区。😀", max_size=40)
messages = st.tuples(letters, letters) | st.tuples(st.text(max_size=20), st.text(max_size=60))
Messages = list[tuple[str, str]]


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    if scoring.compiled is None:
        pytest.skip("Minqing was built without a C compiler")
    return scoring.compiled


@cache
def make_weights(scheme: FeatureScheme, rows: int = 40, columns: int = 21) -> Weights:
    random = np.random.default_rng(rows * columns)
    cells = random.integers(-128, 128, (rows, columns)).astype(np.int8)
    strengths = random.gamma(1, 40, rows).astype(np.float32)
    cells[0] = strengths[0] = 0
    table = random.integers(0, rows, 2**scheme.bits).astype(np.uint16 if rows % 2 else np.uint32)
    scales = random.normal(0, 0.01, (2, columns)).astype(np.float32)
    return Weights(scheme, table, strengths, cells, scales)


def cut(part: str) -> list[str]:
    """Words of one to three characters."""
    ends = [*range(1, len(part), 3), *range(3, len(part), 3), len(part)]
    marks = sorted({0, *ends})
    return [part[start:end] for start, end in pairwise(marks)]


def make(title: str, body: str) -> Text:
    return Text(title, body, cut(title), cut(body))


def assert_the_same(module: ModuleType, weights: Weights, texts: Sequence[Text]) -> None:
    """One by one and all together, both ways give the same bytes."""
    ours, theirs = CompiledScoring(weights, module), NumpyScoring(weights)
    for some in (texts, *([text] for text in texts)):
        (scores, known), (expected, expected_known) = ours.of(some), theirs.of(some)
        assert scores.dtype == expected.dtype
        assert scores.shape == expected.shape
        assert scores.tobytes() == expected.tobytes()
        assert known == expected_known


@given(
    drawn=st.lists(messages, min_size=1, max_size=5),
    scheme=st.sampled_from(SCHEMES),
    rows=st.sampled_from([39, 40]),
)
def test_both_ways_give_the_same_bytes(
    drawn: Messages, scheme: FeatureScheme, rows: int, compiled: ModuleType
) -> None:
    assert_the_same(compiled, make_weights(scheme, rows), [make(*message) for message in drawn])


@pytest.mark.parametrize("scheme", SCHEMES, ids=range(len(SCHEMES)))
@pytest.mark.parametrize("length", [1, 127, 128, 129, 600, 3000, 4001, 60_000])
def test_texts_of_any_length_score_the_same(
    scheme: FeatureScheme, length: int, compiled: ModuleType
) -> None:
    random = np.random.default_rng(length)
    body = "".join(map(chr, random.integers(0x4E00, 0x4E00 + 300, length).tolist()))
    texts = [make("", body), make(body, ""), make("路灯坏了", body), make("", "灯" * length)]
    assert_the_same(compiled, make_weights(scheme), texts)


def test_as_many_rows_and_columns_as_a_model_has_score_the_same(compiled: ModuleType) -> None:
    scheme = FeatureScheme(bits=20)
    for rows, columns in ((90_000, 158), (65_535, 64), (2, 1), (513, 300)):
        weights = make_weights(scheme, rows, columns)
        assert_the_same(compiled, weights, [make(title, body * 9) for title, body, *_ in ROWS])


@pytest.mark.parametrize("cell", [-128, 127])
@pytest.mark.parametrize("strength", [1e-45, 3e38])
def test_the_greatest_numbers_score_the_same(
    cell: int, strength: float, compiled: ModuleType
) -> None:
    weights = make_weights(SCHEMES[0], 4000)
    rows, strengths = np.full_like(weights.rows, cell), np.full_like(weights.strengths, strength)
    rows[0] = strengths[0] = 0
    table = np.arange(64, dtype=np.uint32) * 60 + 1
    columns = np.full_like(weights.columns, 1e6)
    weights = replace(weights, rows=rows, strengths=strengths, columns=columns, table=table)
    with np.errstate(over="ignore"):
        assert_the_same(compiled, weights, [make("路灯坏了", body * 300) for _, body, *_ in ROWS])


def test_words_that_are_empty_score_the_same(compiled: ModuleType) -> None:
    text = Text("路灯", "坏了", ["", "路灯", ""], ["", "", "坏", "了"])
    for scheme in SCHEMES:
        assert_the_same(compiled, make_weights(scheme), [text, text])


@pytest.mark.parametrize("count", [1, 2])
def test_words_beyond_their_text_are_refused_either_way(count: int, compiled: ModuleType) -> None:
    weights = make_weights(SCHEMES[0])
    texts = [Text("", "路灯", [], ["路灯", "坏了"])] * count
    for way in (CompiledScoring(weights, compiled), NumpyScoring(weights)):
        with pytest.raises(IndexError):
            way.of(texts)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("rows", [39, 40])
def test_a_row_that_is_none_is_refused_either_way(
    rows: int, count: int, compiled: ModuleType
) -> None:
    weights = make_weights(SCHEMES[0], rows)
    for row in (rows, rows + 1, np.iinfo(weights.table.dtype).max):
        unsound = replace(weights, table=np.full_like(weights.table, row))
        for way in (CompiledScoring(unsound, compiled), NumpyScoring(unsound)):
            with pytest.raises(IndexError):
                way.of([make("路灯", "坏了")] * count)


@pytest.mark.parametrize(
    "change",
    [
        {"table": np.zeros(63, np.uint16)},
        {"table": np.zeros(65, np.uint32)},
        {"table": np.zeros(64, np.uint64)},
        {"table": np.zeros((8, 8), np.uint16)},
        {"table": np.zeros(128, np.uint16)[::2]},
        {"strengths": np.zeros(41, np.float32)},
        {"strengths": np.zeros(40, np.float64)},
        {"rows": np.zeros((39, 21), np.int8)},
        {"rows": np.zeros((40, 22), np.int8)},
        {"rows": np.zeros((40, 21), np.uint8)},
        {"rows": np.zeros((21, 40), np.int8).T},
        {"columns": np.zeros((1, 21), np.float32)},
        {"columns": np.zeros((2, 20), np.float32)},
        {"scheme": replace(SCHEMES[0], bits=7)},
        {"scheme": replace(SCHEMES[0], bits=33)},
        {"scheme": replace(SCHEMES[0], word_orders=(0,))},
        {"scheme": replace(SCHEMES[0], word_orders=(1,) * 20)},
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(
    change: dict[str, object], compiled: ModuleType
) -> None:
    with pytest.raises(ValueError):
        CompiledScoring(replace(make_weights(SCHEMES[0]), **change), compiled)


shares = st.lists(
    st.lists(st.floats(0, 1, width=32) | st.sampled_from([0.0, 0.25, 1.0]), min_size=9, max_size=9),
    min_size=1, max_size=4,
)  # fmt: skip


@given(shares, st.integers(1, 8))
def test_both_ways_find_the_same_labels_likeliest(drawn: list[list[float]], count: int) -> None:
    runs = [(0, 9), (0, 1), (2, 7), (8, 9)]
    array = np.array(drawn, np.float32)
    found = likeliest(array, runs, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "compiled", None)
        assert likeliest(array, runs, count) == found
    for row, places in zip(drawn, found, strict=True):
        for (first, end), best in zip(runs, places, strict=True):
            part = row[first:end]
            assert best == sorted(range(len(part)), key=lambda at: (-part[at], at))[:count]


@pytest.mark.parametrize(
    ("runs", "count"), [([(0, 4)], 1), ([(-1, 2)], 1), ([(2, 2)], 1), ([(0, 3)], 0), ([(0, 3)], 9)]
)
def test_labels_that_are_none_are_not_looked_at(
    runs: list[tuple[int, int]], count: int, compiled: ModuleType
) -> None:
    with pytest.raises((IndexError, ValueError)):
        compiled.likeliest(np.zeros((2, 3), np.float32), runs, count)


def judged(load: Callable[[], Model], messages: Messages) -> list[Judgement]:
    """Judgements of all together, which are those of each alone."""
    model = load()
    readings = [a_reading(title, body) for title, body in messages]
    together = model.judge_many(readings)
    assert together == [model.judge(reading) for reading in readings]
    return together


@pytest.mark.usefixtures("compiled")
def test_both_ways_judge_alike(small_model_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = map(json.loads, SAMPLES.read_text("utf-8").splitlines())
    own = [(row["主题"], row["内容"]) for row in rows]
    for load in (Model.load, lambda: Model(read_model_file(small_model_path))):
        ours = judged(load, own)
        with monkeypatch.context() as patch:
            patch.setattr(scoring, "compiled", None)
            assert judged(load, own) == ours


def test_threads_score_what_one_scores(compiled: ModuleType) -> None:
    way = CompiledScoring(make_weights(SCHEMES[0], 4000, 158), compiled)
    batches = [[make(title, body * n) for title, body, *_ in ROWS] for n in range(1, 30)]
    alone = [way.of(batch)[0].tobytes() for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        assert [scores.tobytes() for scores, _ in pool.map(way.of, batches)] == alone
