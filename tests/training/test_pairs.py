"""The pair model fitted on judged pairs of own-written letters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import PairModel
from classifier.matching.profile import Records, make_profile
from classifier.modelfile import Section, read_model_file, write_model_file
from tests.training.pair_texts import judged_letters
from training import pair_sections as sections_module
from training.pair_evaluation import (
    Scored,
    asked,
    errors,
    figures,
    fold_of_pairs,
    score_held_out,
    score_unseen,
)
from training.pair_sections import fit_pair_sections, refit_pairs
from training.pairs import (
    COPY,
    SAME,
    JudgedPair,
    is_any_of,
    matters_of,
    parse_stream_time,
    read_judged_pairs,
)

TEXTS, PAIRS = judged_letters()


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    return fit_pair_sections(TEXTS, PAIRS)


def test_letters_on_one_matter_score_above_others(sections: dict[str, Section]) -> None:
    model = PairModel.from_sections(sections.__getitem__)

    def profile(identity: str) -> Records:
        text = TEXTS[identity]
        return make_profile(text.reading, model.statistics, text.sender, text.sent_at, text.judged)

    others = np.array([profile("lamp2"), profile("water1")])
    voice, other = model.score(profile("lamp0"), others)
    assert voice.same > 0.5 > other.same
    assert model.score(profile("lamp0"), np.array([profile("lamp1")]))[0].copy > voice.copy


def test_the_same_pairs_give_the_same_weights(sections: dict[str, Section]) -> None:
    again = fit_pair_sections(TEXTS, PAIRS)
    assert all((again[name].array == sections[name].array).all() for name in sections)
    assert sections["pairs.weights"].meta["evidence"] == list(EVIDENCE)


def test_the_file_tells_how_precise_joining_is(sections: dict[str, Section]) -> None:
    curve = PairModel.from_sections(sections.__getitem__).curve
    assert curve[0].probability == 0.51
    shares = [point.share for point in curve]
    assert shares == sorted(shares, reverse=True)
    assert 0.9 < curve[0].precision <= 1.0


def test_messages_of_one_matter_stay_on_one_side() -> None:
    names = matters_of(PAIRS)
    fold = fold_of_pairs(PAIRS)
    for name in set(names):
        assert len({int(f) for f, own in zip(fold, names, strict=True) if own == name}) == 1
    of_query = {pair.query: name for pair, name in zip(PAIRS, names, strict=True)}
    assert of_query["lamp0"] == of_query["lamp1"] != of_query["school0"]


def test_what_is_judged_in_both_directions_is_one_matter() -> None:
    pairs = [JudgedPair("a", "b", "R"), JudgedPair("b", "a", "R"), JudgedPair("c", "a", "N")]
    assert matters_of(pairs)[0] == matters_of(pairs)[1] != matters_of(pairs)[2]


def test_unseen_matters_are_told_apart_with_intervals() -> None:
    scored = score_unseen(TEXTS, PAIRS)
    found = figures(scored)
    for question in ("same", "copy"):
        low, high = map(float, found[question]["average_precision_interval"].split("–"))
        assert 0.0 <= low <= found[question]["average_precision"] + 5e-4 <= high + 1e-3
    assert found["same"]["average_precision"] > 0.9
    assert (scored.truth["same"] == is_any_of(PAIRS, SAME)).all()
    assert (scored.truth["copy"] == is_any_of(PAIRS, COPY)).all()


def test_held_out_pairs_are_scored_by_a_model_of_the_others() -> None:
    held_out = [pair for pair in PAIRS if pair.query.startswith("lamp")]
    others = [pair for pair in PAIRS if "lamp" not in pair.query + pair.candidate]
    scored = score_held_out(TEXTS, others, held_out)
    assert scored.found["same"].shape == (len(held_out),)
    truth = scored.truth["same"]
    assert scored.found["same"][truth].min() > scored.found["same"][~truth].max()


def test_judged_pairs_are_read_by_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("candidate\tquery\tlabel\n2\t1\tS\n", "utf-8")
    assert read_judged_pairs(path) == [JudgedPair("1", "2", "S")]


def test_both_spellings_of_a_time_are_read() -> None:
    assert parse_stream_time("2019/9/5 13:07:02") == parse_stream_time("2019-09-05 13:07:02")
    assert parse_stream_time("2019/9/5").hour == 0


def test_a_refit_leaves_the_rest_of_a_model_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sections: dict[str, Section]
) -> None:
    pairs_of_letters = tmp_path / "matters_dev.tsv"
    rows = (f"{pair.query}\t{pair.candidate}\t{pair.label}" for pair in PAIRS)
    pairs_of_letters.write_text("\n".join(("query\tcandidate\tlabel", *rows)), "utf-8")
    monkeypatch.setattr(sections_module, "read_shared_texts", lambda shared: TEXTS)
    old, new = tmp_path / "old.mqm", tmp_path / "new.mqm"
    kept = Section(np.arange(5, dtype=np.int16))
    stale = Section(np.zeros(3, np.float32))
    version = write_model_file(old, {"kept": 1}, {"rows": kept, "pairs.idf.grams": stale})

    old.with_suffix(".md").write_text("# Figures of model old\n\nThe figures.\n", "utf-8")

    refitted = refit_pairs(old, tmp_path, new)

    assert refitted != version
    page = new.with_suffix(".md").read_text("utf-8")
    assert page == f"# Figures of model {refitted}\n\nThe figures.\n"
    found = read_model_file(new)
    assert found.header["kept"] == 1
    assert (found.sections["rows"].array == kept.array).all()
    assert set(found.sections) == {"rows", *sections}
    PairModel.from_sections(found.sections.__getitem__)


def test_errors_are_counted_by_kind() -> None:
    evidence = np.zeros((4, len(EVIDENCE)), np.float32)
    evidence[1, EVIDENCE.index("same_sender")] = 1
    truth = np.array([True, False, True, False])
    scored = Scored(
        truth={"same": truth, "copy": truth},
        found={"same": np.array([0.9, 0.8, 0.4, 0.1]), "copy": np.zeros(4)},
        evidence=evidence,
        group=np.array([0, 1, 1, 2]),
    )
    found = errors(scored, "same", 0.65)
    assert {name: each["pairs"] for name, each in found.items()} == {
        "found": 1, "wrong": 1, "missed": 1,
    }  # fmt: skip
    assert (found["wrong"]["the same sender"], found["missed"]["the same sender"]) == (1, 0)
    assert errors(scored, "copy", 0.5)["missed"]["matters"] == 2
    assert asked(scored, 0.3, 0.65) == {"pairs": 1, "right": 1}
