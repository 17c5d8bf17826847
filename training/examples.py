"""Examples: texts with the labels people gave them, and those made of labels' own words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from classifier.judging.features import Text
from classifier.judging.heads import DEPARTMENT, HEADS, KIND, TOPIC, URGENT
from classifier.judging.taxonomy import Taxonomy
from classifier.text.clean import clean
from classifier.text.segment import Segmenter
from training.errors import TrainingError

YES = "1"
_NO_SECOND = "-"

NAME_TRUST = 0.3  # of a text made of a label's own words, beside 1 for a message


@dataclass(frozen=True, slots=True)
class Example:
    """A message with labels.

    ``labels`` maps a head's name to its label; a head may be missing, and is then not learned
    from this example. For ``URGENT`` the label ``YES`` says yes and any other no.
    ``seconds`` maps a head's name to another acceptable label, where there is one; ``trust`` is
    the weight of the example beside a real message. ``urgency`` is a grade from 0 (not at all)
    to 3 (now), where somebody graded it: it tells more than yes or no.
    ``is_distant`` tells that it did not come to the desk whose judgement is learned: it was
    written to another or by ourselves. ``is_cut`` tells that the text came cut into words, as a
    rule without the commonest ones. ``ruled_out`` maps the name of a head without a label to the
    labels that are known to be wrong.
    """

    text: Text
    labels: Mapping[str, str]
    seconds: Mapping[str, str] = field(default_factory=dict)
    trust: float = 1.0
    urgency: int | None = None
    is_distant: bool = False
    is_cut: bool = False
    ruled_out: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether each of the desk's heads has its label."""
        return all(name in self.labels for name in HEADS)


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
    for row in read_rows(directory):
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
        for row in read_rows(path):
            try:
                text = make_text(row["title"], row["text"], segmenter)
                topic = row["topic_l1"], row["topic_l2"]
                examples.append(labelled(text, row, topic, taxonomy))
            except KeyError as error:
                raise TrainingError(f"{path.name} 缺少列或有未知的主题") from error
    return examples


def labelled(
    text: Text, row: Mapping[str, str], topic: tuple[str, str], taxonomy: Taxonomy
) -> Example:
    """An example with the labels of a row; an empty kind is one that nobody could tell.

    Raises
    ------
    KeyError
        The row lacks a column, or the topic is not of the taxonomy.
    """
    labels = {
        TOPIC: taxonomy.code(*topic),
        DEPARTMENT: row["department"],
        KIND: row["kind"],
        URGENT: row["urgent"],
    }
    second = row["department_alt"].removeprefix(_NO_SECOND)
    return Example(text, labels, {DEPARTMENT: second} if second else {})


def read_rows(path: Path) -> Iterable[dict[str, str]]:
    """The rows of a CSV file. Raises TrainingError where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, strict=True)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{path.name} 读不出来") from error
