"""Triage of a file without a database: the same steps, one row of results a message."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from service.domain.kind import Kind
from service.domain.message import IncomingMessage
from service.domain.relation import Relation
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages
from service.intake.rejects import Reject, disarm
from service.storage.intake.intake import Batch
from service.storage.matters.matters import NewDemand
from service.triage.exemplar_index import ExemplarIndex
from service.triage.pipeline import Triage, Understood, review_reasons
from service.triage.workload import OpenMatters
from service.usecases.files.output_files import check_output, written_whole
from service.usecases.matching.joining import Joiner

COLUMNS = (
    "id",
    "topic",
    "topic_l1",
    "topic_l1_p",
    "topic_l2",
    "topic_p",
    "department",
    "department_p",
    "department_alt",
    "kind",
    "kind_p",
    "urgent",
    "urgent_p",
    "matter",
    "relation",
    "studio",
    "member",
    "review",
    "because",
)


@dataclass(slots=True)
class FileTriage:
    """Triage of messages that come one after the other, with nothing stored.

    A message takes its matter's assignment, as in the database: match comes before route.
    """

    triage: Triage
    _joiner: Joiner = field(init=False)
    _senders: dict[tuple[str, str], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._joiner = Joiner(
            self.triage,
            ExemplarIndex(),
            Batch(),
            next_matter=1,
            now=datetime.now(UTC),
            workload=OpenMatters(dict),
        )

    @property
    def matter_count(self) -> int:
        """Matters opened so far."""
        return len(self._joiner.batch.matters)

    def understand(self, message: IncomingMessage) -> Understood:
        """What triage makes of one message by itself; the same sender has the same number."""
        return self.triage.understand(message, self._sender_number(message))

    def join(self, message: IncomingMessage) -> tuple[Understood, NewDemand]:
        """What triage makes of one message, and how it stands to the matter it belongs to."""
        understood = self.understand(message)
        demands = self._joiner.batch.demands
        self._joiner.join(len(demands) + 1, self._sender_number(message) or None, understood)
        return understood, demands[-1]

    def triage_one(self, message: IncomingMessage) -> dict[str, str]:
        """The row of ``COLUMNS`` for one message, without its id."""
        understood, demand = self.join(message)
        matter = self._joiner.batch.matters[demand.matter_id]
        because = demand.because if demand.relation is not Relation.FIRST else ()
        return {
            **_judged(self.triage, understood),
            "matter": str(demand.matter_id),
            "relation": demand.relation.value,
            "studio": matter.assignment.studio,
            "member": ";".join(matter.assignment.members),
            "review": ";".join(review_reasons(understood, matter.assignment)),
            "because": ";".join((*because, *matter.assignment.because)),
        }

    def _sender_number(self, message: IncomingMessage) -> int:
        sender = message.sender
        if sender.is_anonymous:
            return 0
        identity = ("phone", sender.phone) if sender.phone else ("name", sender.name)
        return self._senders.setdefault(identity, len(self._senders) + 1)


def _judged(triage: Triage, message: Understood) -> dict[str, str]:
    judged = message.classification
    if judged is None:
        return {}
    level1, level2 = triage.taxonomy.path(judged.topic.label)
    runner_up = judged.department.alternatives[:1]
    return {
        "topic": judged.topic.label,
        "topic_l1": level1,
        "topic_l1_p": f"{judged.topic_l1.probability:.4f}",
        "topic_l2": level2,
        "topic_p": f"{judged.topic.probability:.4f}",
        "department": judged.department.label,
        "department_p": f"{judged.department.probability:.4f}",
        "department_alt": runner_up[0][0] if runner_up else "",
        "kind": Kind(judged.kind.label).label_zh,
        "kind_p": f"{judged.kind.probability:.4f}",
        "urgent": str(int(judged.is_urgent)),
        "urgent_p": f"{judged.urgent_probability:.4f}",
    }


@dataclass(slots=True)
class FileReport:
    """What became of a file; times are those of one message from text to row, in ms."""

    message_count: int = 0
    reject_count: int = 0
    matter_count: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def percentile_ms(self, share: float) -> float:
        """The time below which this share (0–1) of the messages stayed; 0 without messages."""
        ranked = sorted(self.milliseconds)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else 0.0


def triage_to_csv(triage: Triage, file: Path, output: Path, options: ReadOptions) -> FileReport:
    """Triage each message of a file and write one row each, in the file's order.

    A row that is no message gets a row of its own: its line as id, the reason under review.

    Raises
    ------
    FileUnreadableError
        The file as a whole cannot be read.
    FileUnwritableError
        The output cannot be written.
    InvalidInputError
        The output is the file itself.
    """
    check_output(output, file)
    report = FileReport()
    run = FileTriage(triage)
    with written_whole(output) as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in read_messages(file, file.stem, options):
            writer.writerow(_safe(_result(run, row, report)))
    report.matter_count = run.matter_count
    return report


def _result(run: FileTriage, row: ReadMessage | Reject, report: FileReport) -> dict[str, str]:
    if isinstance(row, Reject):
        report.reject_count += 1
        return {"id": f"第{row.line}行", "review": row.reason_zh}
    began = perf_counter()
    result = run.triage_one(row.message)
    report.milliseconds.append((perf_counter() - began) * 1000)
    report.message_count += 1
    return {"id": row.message.external_id or str(row.line), **result}


def _safe(row: dict[str, str]) -> dict[str, str]:
    return {column: disarm(value) for column, value in row.items()}
