"""Reading labelled messages, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.heads import DEPARTMENT, TOPIC, URGENT
from classifier.taxonomy import Taxonomy
from tests.training.small import ROWS, segmenter, write_csv, write_small_shared
from training.errors import TrainingError
from training.examples import (
    YES,
    Example,
    named_departments,
    named_topics,
    read_shared_examples,
    urgent_phrases,
)

TAXONOMY = Taxonomy.load()


def read(folder: Path) -> dict[str, Example]:
    return read_shared_examples(folder, TAXONOMY, segmenter())


def test_labels_meet_their_messages(tmp_path: Path) -> None:
    write_small_shared(tmp_path)
    examples = read(tmp_path)
    assert len(examples) == 2 * len(ROWS)
    assert examples["h1"].text.title == ROWS[1][0]
    assert examples["h1"].labels[TOPIC] == TAXONOMY.code(*ROWS[1][2:4])
    assert examples["h1"].second_department == "街道乡镇"
    assert examples["h0"].second_department == ""


def test_tokens_join_to_the_text(tmp_path: Path) -> None:
    write_small_shared(tmp_path)
    for example in read(tmp_path).values():
        assert "".join(example.text.body_tokens) == example.text.body


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"stream\.csv"):
        read(tmp_path)


@pytest.mark.parametrize(
    "label", [("h999", *ROWS[0][2:]), ("h0", "城乡建设", "没有", *ROWS[0][4:])]
)
def test_a_label_without_message_or_topic_is_told(tmp_path: Path, label: tuple[str, ...]) -> None:
    write_small_shared(tmp_path)
    columns = ("id", "level1", "level2", "department", "department_alt", "kind", "urgent")
    write_csv(tmp_path / "annotated_dev.csv", columns, [label])
    with pytest.raises(TrainingError, match=label[0]):
        read(tmp_path)


def test_all_topics_but_the_others_have_own_words() -> None:
    named = {example.labels[TOPIC] for example in named_topics(TAXONOMY, segmenter())}
    others = {c for c in TAXONOMY.codes(2) if TAXONOMY.name(c) == "其他"}
    assert named | others == set(TAXONOMY.codes(2))


def test_departments_speak_for_themselves(tmp_path: Path) -> None:
    path = tmp_path / "departments.csv"
    write_csv(path, ("名称", "别名", "职责"), [("水利局", "水务局;河长办", "管理河道")])
    [example] = named_departments(path, segmenter())
    assert example.labels == {DEPARTMENT: "水利局"}
    assert "河长办" in example.text.body


def test_phrases_of_danger_are_urgent() -> None:
    assert all(e.labels == {URGENT: YES} for e in urgent_phrases(segmenter()))
