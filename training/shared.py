"""The shared data: its labelled messages, and own labels for those it has none of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from classifier.judging.taxonomy import Taxonomy
from classifier.text.segment import Segmenter
from training.errors import TrainingError
from training.examples import Example, labelled, make_text, read_rows

_LABELS = ("annotated_dev.csv", "annotated_more.csv")
_DIGEST_LETTERS = 12
_Texts = Iterator[tuple[str, tuple[str, str]]]


def read_shared_examples(
    folder: Path, taxonomy: Taxonomy, segmenter: Segmenter
) -> dict[str, Example]:
    """Read the labelled messages of the shared data folder, by id.

    Those of the contest are of several other cities, and so distant.

    Raises
    ------
    TrainingError
        A file or column is missing, or a label has no message or no code in the taxonomy.
    """
    texts = dict(_city_messages(folder))
    contest = dict(_contest_messages(folder))
    examples: dict[str, Example] = {}
    for name in _LABELS:
        examples |= _read_labels(folder / name, texts | contest, taxonomy, segmenter)
    return {i: replace(e, is_distant=i in contest) for i, e in examples.items()}


def read_own_labels(
    labels: Path, folder: Path, taxonomy: Taxonomy, segmenter: Segmenter
) -> dict[str, Example]:
    """Read our labels for messages of the shared data that came without such.

    Parameters
    ----------
    labels
        CSV with the columns of the shared labels. An id is ``t`` and the id of a contest message,
        ``s`` and the digest of a letter to Shanghai, or ``k`` and the digest of a segmented
        contest message; a digest is the first 12 hexadecimal digits of the SHA-256 of the text.
    folder
        The shared data folder.

    Raises
    ------
    TrainingError
        As :func:`read_shared_examples`.
    """
    texts = dict(_contest_messages(folder)) | dict(_letters(folder)) | dict(_segmented(folder))
    return _read_labels(labels, texts, taxonomy, segmenter)


def read_urgency(path: Path) -> dict[str, int]:
    """Read our grades of urgency, 0 (not at all) to 3 (now), by id as in the label files.

    Raises
    ------
    TrainingError
        The file cannot be read, or a grade is none of the four.
    """
    try:
        grades = {row["id"]: int(row["grade"]) for row in read_rows(path)}
    except (KeyError, ValueError) as error:
        raise TrainingError(f"{path.name} 缺少列，或有不是数字的等级") from error
    if not set(grades.values()) <= {0, 1, 2, 3}:
        raise TrainingError(f"{path.name} 中有 0–3 以外的等级")
    return grades


def _read_labels(
    path: Path, texts: dict[str, tuple[str, str]], taxonomy: Taxonomy, segmenter: Segmenter
) -> dict[str, Example]:
    examples: dict[str, Example] = {}
    for row in read_rows(path):
        try:
            text = make_text(*texts[row["id"]], segmenter)
            topic = row["level1"], row["level2"]
            examples[row["id"]] = labelled(text, row, topic, taxonomy)
        except KeyError as error:
            reason = f"{path.name} 中编号 {row.get('id')} 的标签没有对应的留言或主题"
            raise TrainingError(reason) from error
    return examples


def _city_messages(folder: Path) -> _Texts:
    for letter, name in (("h", "stream.csv"), ("r", "replies.csv")):
        for row in read_rows(folder / name):
            yield letter + row["留言编号"], (row["留言主题"], row["留言详情"])


def _contest_messages(folder: Path) -> _Texts:
    for row in read_rows(folder / "topics_train.csv"):
        yield f"t{row['id']}", ("", row["text"])


def _letters(folder: Path) -> _Texts:
    for row in read_rows(folder / "agency_train.csv"):
        title, content = row["title"], row["content"]
        yield f"s{_digest(f'{title}|{content}')}", (title, content)


def _segmented(folder: Path) -> _Texts:
    for row in read_rows(folder / "topics_train_tokenised.csv"):
        yield f"k{_digest(row['tokens'])}", ("", "".join(row["tokens"].split()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LETTERS]
