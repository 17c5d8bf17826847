"""Reading labelled messages, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.judging.heads import DEPARTMENT, KIND, TOPIC, URGENT
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import (
    OWN_LETTER,
    OWN_LETTER_ID,
    OWN_WORDS_ID,
    ROWS,
    segmenter,
    write_csv,
    write_small_data,
    write_small_shared,
)
from training.errors import TrainingError
from training.examples import (
    YES,
    Example,
    named_departments,
    named_topics,
    urgent_phrases,
)
from training.shared import read_own_labels, read_shared_examples, read_urgency

TAXONOMY = Taxonomy.load()


def read(folder: Path) -> dict[str, Example]:
    return read_shared_examples(folder, TAXONOMY, segmenter())


def test_labels_meet_their_messages(tmp_path: Path) -> None:
    write_small_shared(tmp_path)
    examples = read(tmp_path)
    assert len(examples) == 2 * len(ROWS)
    assert examples["h1"].text.title == ROWS[1][0]
    assert examples["h1"].labels[TOPIC] == TAXONOMY.code(*ROWS[1][2:4])
    assert examples["h1"].seconds == {"department": "街道乡镇"}
    assert examples["h0"].seconds == {}


def test_tokens_join_to_the_text(tmp_path: Path) -> None:
    write_small_shared(tmp_path)
    for example in read(tmp_path).values():
        assert "".join(example.text.body_tokens) == example.text.body


def test_own_labels_meet_texts_that_have_no_number(tmp_path: Path) -> None:
    write_small_shared(tmp_path)
    write_small_data(tmp_path)
    labels = tmp_path / "labels" / "messages.csv"
    found = read_own_labels(labels, tmp_path, TAXONOMY, segmenter())
    assert found[OWN_LETTER_ID].text.title == OWN_LETTER[0]
    assert found[OWN_WORDS_ID].text.body == "养老保险外省转回材料"
    assert found[OWN_WORDS_ID].labels[KIND] == ""  # nobody could tell


def test_an_own_label_of_a_changed_text_is_told(tmp_path: Path) -> None:
    write_small_shared(tmp_path)
    write_small_data(tmp_path)
    write_csv(tmp_path / "agency_train.csv", ("title", "content"), [("路灯不亮", "别的")])
    labels = tmp_path / "labels" / "messages.csv"
    with pytest.raises(TrainingError, match=OWN_LETTER_ID):
        read_own_labels(labels, tmp_path, TAXONOMY, segmenter())


@pytest.mark.parametrize("grade", ["4", "-1", "much", ""])
def test_a_strange_grade_of_urgency_is_told(tmp_path: Path, grade: str) -> None:
    write_csv(tmp_path / "urgency.csv", ("id", "grade"), [("h1", grade)])
    with pytest.raises(TrainingError, match=r"urgency\.csv"):
        read_urgency(tmp_path / "urgency.csv")


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
