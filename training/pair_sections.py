"""The pair model as sections of a model file: weights, rarity of terms, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.term_statistics import compress
from classifier.modelfile import Section, read_model_file, write_model_file
from training.card import told_of_version
from training.pair_evaluation import precision_curve, score_unseen
from training.pairs import (
    JudgedPair,
    PairText,
    evidence_of_pairs,
    fit_weights,
    read_judged_pairs,
    read_shared_texts,
)
from training.term_statistics import fit_term_statistics


def fit_pair_sections(
    texts: Mapping[str, PairText], pairs: Sequence[JudgedPair]
) -> dict[str, Section]:
    """Fit everything and give it as sections of a model file.

    The precision of each probability is that of models which had not seen the pair's matter.
    """
    statistics = fit_term_statistics(text.reading for text in texts.values())
    weights = fit_weights(evidence_of_pairs(texts, pairs, statistics), pairs)
    curve = [list(point) for point in precision_curve(score_unseen(texts, pairs))]
    return {
        "pairs.idf.words": Section(compress(statistics.words)),
        "pairs.idf.names": Section(compress(statistics.names)),
        "pairs.weights": Section(weights, {"evidence": list(EVIDENCE), "curve": curve}),
    }


def refit_pairs(model_in: Path, shared: Path, model_out: Path) -> str:
    """Fit the pair model anew and write it beside a model file's other sections.

    Parameters
    ----------
    model_in
        The model file whose classifier stays as it is.
    shared
        The folder of the shared data.
    model_out
        The file to write; may be ``model_in``. The page of figures beside that is written anew
        for it.

    Returns
    -------
    str
        The version of the new file.

    Raises
    ------
    ModelFileError
        There is no sound model file.
    TrainingError
        The data cannot be used.
    """
    kept = read_model_file(model_in)
    pairs = read_judged_pairs(shared / "matters_dev.tsv")
    fitted = fit_pair_sections(read_shared_texts(shared), pairs)
    others = {name: each for name, each in kept.sections.items() if not name.startswith("pairs.")}
    version = write_model_file(model_out, kept.header, {**others, **fitted})
    page = model_in.with_suffix(".md")
    if page.is_file():
        told = told_of_version(page.read_text("utf-8"), version)
        model_out.with_suffix(".md").write_text(told, "utf-8")
    return version
