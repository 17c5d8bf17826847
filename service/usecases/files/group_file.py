"""Grouping of a file without a database: which messages are about the same matter."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from service.domain.relation import Relation
from service.errors import PairModelUnavailableError
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, in_order_of_sending, read_messages
from service.intake.rejects import Reject
from service.storage.matters.matters import NewDemand
from service.triage.pipeline import Triage
from service.usecases.files.kept_columns import disarmed_cell
from service.usecases.files.output_files import check_output, written_whole
from service.usecases.files.triage_file import FileTriage

COLUMNS = ("id", "matter", "relation", "score", "because")
_PROGRESS_EVERY = 100


@dataclass(slots=True)
class GroupReport:
    """What became of a file: its messages by relation, its matters, rows that are no message."""

    relations: Counter[Relation] = field(default_factory=Counter)
    matter_count: int = 0
    reject_count: int = 0

    @property
    def message_count(self) -> int:
        """Messages grouped."""
        return self.relations.total()


def shown_id(row: ReadMessage) -> str:
    """The message's own number, or its line in the file (row of the sheet) where it has none."""
    return row.message.external_id or str(row.line)


def group_to_csv(
    triage: Triage,
    file: Path,
    output: Path,
    options: ReadOptions,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> GroupReport:
    """Find the matter of each message of a file and write one row each, in the file's order.

    The messages join in the order they were sent, and at the same moment by their numbers, whatever
    their order in the file: the same messages make the same matters. Matters are numbered from 1 in
    the order in which they open.

    ``score`` (0–1) is how probable it is that the message is about the same thing as the matter
    it joined; of a ``first`` message, as the likest matter that it did not join, 0 where none is
    like it. A row that is no message has its line as id, no relation, and the reason under
    ``because``.

    Parameters
    ----------
    triage
        Reads and matches.
    file
        CSV, XLSX or JSON Lines.
    output
        The CSV to write (UTF-8).
    options
        How to read the file.
    progress
        Called now and then with the messages grouped so far and all of them.

    Raises
    ------
    FileUnreadableError
        The file as a whole cannot be read.
    FileUnwritableError
        The output cannot be written.
    InvalidInputError
        The output is the file itself.
    PairModelUnavailableError
        There is no pair model to compare messages with.
    """
    if triage.pair_model is None:
        raise PairModelUnavailableError
    check_output(output, file)
    rows = list(read_messages(file, file.stem, options))
    report = GroupReport()
    results = _group(triage, rows, report, progress)
    with written_whole(output) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for cells in results:
            writer.writerow([disarmed_cell(cell) for cell in cells])
    return report


def _group(
    triage: Triage,
    rows: list[ReadMessage | Reject],
    report: GroupReport,
    progress: Callable[[int, int], None],
) -> list[tuple[str, ...]]:
    """The cells of each row, in the file's order; the messages join in the order of time."""
    results: list[tuple[str, ...]] = [
        _refused(row) if isinstance(row, Reject) else () for row in rows
    ]
    read = [(place, row) for place, row in enumerate(rows) if isinstance(row, ReadMessage)]
    report.reject_count = len(rows) - len(read)
    run = FileTriage(triage)
    in_order = sorted(read, key=lambda item: in_order_of_sending(item[1]))
    for done, (place, row) in enumerate(in_order, start=1):
        _, demand = run.join(row.message)
        results[place] = _grouped(row, demand)
        report.relations[demand.relation] += 1
        if done % _PROGRESS_EVERY == 0 or done == len(read):
            progress(done, len(read))
    report.matter_count = run.matter_count
    return results


def _grouped(row: ReadMessage, demand: NewDemand) -> tuple[str, ...]:
    return (
        shown_id(row),
        str(demand.matter_id),
        demand.relation.value,
        f"{demand.same_probability:.4f}",
        ";".join(demand.because),
    )


def _refused(reject: Reject) -> tuple[str, ...]:
    return f"第{reject.line}行", "", "", "", reject.reason_zh
