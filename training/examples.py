"""Examples: messages with the labels people gave them, and how to read them from shared data."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from classifier.clean import clean
from classifier.features import Text
from classifier.heads import DEPARTMENT, KIND, TOPIC, URGENT
from classifier.segment import Segmenter
from classifier.taxonomy import Taxonomy
from training.errors import TrainingError

YES = "1"
_MESSAGES = (("h", "stream.csv"), ("r", "replies.csv"))
_CONTEST = ("t", "topics_train.csv")
_LABELS = ("annotated_dev.csv", "annotated_more.csv")
_NO_SECOND = "-"

NAME_TRUST = 0.3  # of a text made of a label's own words, beside 1 for a message


@dataclass(frozen=True, slots=True)
class Example:
    """A message with labels.

    ``labels`` maps a head's name to its label; a head may be missing, and is then not learned
    from this example. For ``URGENT`` the label ``YES`` says yes and any other no.
    ``second_department`` is another acceptable department, empty where there is none;
    ``trust`` is the weight of the example beside a real message.
    """

    text: Text
    labels: Mapping[str, str]
    second_department: str = ""
    trust: float = 1.0


def read_shared_examples(
    folder: Path, taxonomy: Taxonomy, segmenter: Segmenter
) -> dict[str, Example]:
    """Read the labelled messages of the shared data folder, by id.

    Raises
    ------
    TrainingError
        A file or column is missing, or a label has no message or no code in the taxonomy.
    """
    texts = dict(_read_texts(folder))
    examples: dict[str, Example] = {}
    for name in _LABELS:
        for row in _rows(folder / name):
            try:
                title, body = texts[row["id"]]
                labels = _labels(row, taxonomy)
            except KeyError as error:
                reason = f"{name} 中编号 {row.get('id')} 的标签没有对应的留言或主题"
                raise TrainingError(reason) from error
            second = row["department_alt"].removeprefix(_NO_SECOND)
            examples[row["id"]] = Example(make_text(title, body, segmenter), labels, second)
    return examples


def make_text(title: str, body: str, segmenter: Segmenter) -> Text:
    """Clean and segment a message as the reader does."""
    title, body = clean(title).plain, clean(body).plain
    return Text(title, body, tuple(segmenter.cut(title)), tuple(segmenter.cut(body)))


def named_topics(taxonomy: Taxonomy, segmenter: Segmenter) -> list[Example]:
    """The taxonomy's own words as examples: each topic's names, labelled with its topic.

    A second level that no message has shown yet can so be told all the same.
    """
    examples = []
    for code in (*taxonomy.codes(2), *taxonomy.codes(3)):
        names = taxonomy.path(code)[1:]
        if names[-1] != "其他":
            text = make_text("", " ".join(names), segmenter)
            examples.append(Example(text, {TOPIC: code[:4]}, trust=NAME_TRUST))
    return examples


def named_departments(directory: Path, segmenter: Segmenter) -> list[Example]:
    """The directory's own words as examples: each department's names and duties.

    Parameters
    ----------
    directory
        CSV with the columns 名称, 别名, 职责.
    segmenter
        Cuts the words.
    """
    examples = []
    for row in _rows(directory):
        body = " ".join((row["名称"], row["别名"].replace(";", " "), row["职责"]))
        text = make_text("", body, segmenter)
        examples.append(Example(text, {DEPARTMENT: row["名称"]}, trust=NAME_TRUST))
    return examples


def urgent_phrases(segmenter: Segmenter) -> list[Example]:
    """Own-written phrases of present danger, a line each, as examples of urgency."""
    path = Path(__file__).with_name("urgent_phrases.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        Example(make_text("", line, segmenter), {URGENT: YES}, trust=NAME_TRUST) for line in lines
    ]


def read_seeds(folder: Path, taxonomy: Taxonomy, segmenter: Segmenter) -> list[Example]:
    """Own-written messages on topics that the real ones hardly show, from all CSVs of a folder.

    Raises
    ------
    TrainingError
        A file or column is missing, or a topic is not of the taxonomy.
    """
    examples = []
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path):
            try:
                labels = {
                    TOPIC: taxonomy.code(row["topic_l1"], row["topic_l2"]),
                    DEPARTMENT: row["department"],
                    KIND: row["kind"],
                    URGENT: row["urgent"],
                }
                text = make_text(row["title"], row["text"], segmenter)
                second = row["department_alt"].removeprefix(_NO_SECOND)
            except KeyError as error:
                raise TrainingError(f"{path.name} 缺少列或有未知的主题") from error
            examples.append(Example(text, labels, second))
    return examples


def _labels(row: Mapping[str, str], taxonomy: Taxonomy) -> dict[str, str]:
    return {
        TOPIC: taxonomy.code(row["level1"], row["level2"]),
        DEPARTMENT: row["department"],
        KIND: row["kind"],
        URGENT: row["urgent"],
    }


def _read_texts(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for letter, name in _MESSAGES:
        for row in _rows(folder / name):
            yield letter + row["留言编号"], (row["留言主题"], row["留言详情"])
    letter, name = _CONTEST
    for row in _rows(folder / name):
        yield letter + row["id"], ("", row["text"])


def _rows(path: Path) -> Iterable[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, strict=True)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{path.name} 读不出来") from error
