"""Given pairs of a file's messages, scored: the same matter, the same text again?"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.matching.pair_model import PairModel, PairScore
from classifier.matching.profile import PROFILE, Records
from service.domain.relation import Relation
from service.errors import PairModelUnavailableError
from service.intake.columns import plain_name
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages
from service.intake.rejects import Reject
from service.intake.tables import TableRow, read_table
from service.triage.pipeline import Triage
from service.usecases.files.group_file import shown_id
from service.usecases.files.kept_columns import (
    all_columns,
    disarmed_cell,
    kept_cells,
    renamed_beside,
)
from service.usecases.files.output_files import check_output, written_whole
from service.usecases.files.triage_file import FileTriage

QUERY, CANDIDATE = "query", "candidate"
COLUMNS = (QUERY, CANDIDATE, "same_p", "copy_p", "relation", "because")
RELATED, NONE = "related", "none"
RELATED_FROM = 0.05
# Above it, not from it on: what the pair model leaves to a person has exactly this probability.
_MORE_LIKELY_THAN_NOT = 0.5
_COPY: str = Relation.COPY.value
_RESUBMISSION: str = Relation.RESUBMISSION.value
_VOICE: str = Relation.VOICE.value
_PROGRESS_EVERY = 100


@dataclass(slots=True)
class PairReport:
    """What became of the pairs. ``renamed`` are columns of the file that had one of our names."""

    pair_count: int = 0
    unscored_count: int = 0
    reject_count: int = 0
    renamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row of the pairs' file, and why it cannot be scored ("" where it can)."""

    row: TableRow
    query: str
    candidate: str
    fault: str


def pairs_to_csv(
    triage: Triage,
    file: Path,
    pairs: Path,
    output: Path,
    options: ReadOptions,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> PairReport:
    """Score pairs of messages and write one row each, in the order of the pairs' file.

    ``same_p`` is the probability of the same matter, ``copy_p`` that of the same submission
    again. ``relation`` is that of the query to the candidate: ``copy`` where ``copy_p`` is above
    0.5; else, where ``same_p`` is above 0.5, ``resubmission`` by the same sender and ``voice`` by
    another or an unknown one; else ``related`` where ``same_p`` is at least ``RELATED_FROM``,
    ``none`` below. A pair that cannot be scored has its reason under ``because`` and none of
    these. Other columns of the pairs' file follow.

    Parameters
    ----------
    triage
        Reads messages and scores pairs.
    file
        The messages: CSV, XLSX or JSON Lines. A message is known by its number, or by its line
        where it has none.
    pairs
        CSV (comma or tab), XLSX or JSON Lines with the columns ``query`` and ``candidate``.
    output
        The CSV to write (UTF-8).
    options
        How to read the file of messages.
    progress
        Called now and then with the messages read so far and all that are asked for.

    Raises
    ------
    FileUnreadableError
        One of the files cannot be read, or the pairs lack a column.
    FileUnwritableError
        The output cannot be written.
    InvalidInputError
        The output is one of the files.
    PairModelUnavailableError
        There is no pair model to compare messages with.
    """
    model = triage.pair_model
    if model is None:
        raise PairModelUnavailableError
    check_output(output, file, pairs)
    rows = list(read_table(pairs, (QUERY,), (CANDIDATE,)))
    report = PairReport(pair_count=len(rows))
    wanted = {row.cell(side) for row in rows for side in (QUERY, CANDIDATE)}
    found, faults = _find_messages(file, options, wanted, report)
    checked = [_checked(row, faults) for row in rows]
    profiles = _profiles(triage, found, progress)
    scores = _scores(model, checked, profiles)
    report.unscored_count = sum(bool(pair.fault) for pair in checked)
    _write(output, checked, [_judged(model, score) for score in scores], report)
    return report


def _find_messages(
    file: Path, options: ReadOptions, wanted: set[str], report: PairReport
) -> tuple[dict[str, ReadMessage], dict[str, str]]:
    """The messages that are asked for, by id, and why each of the other ids tells none."""
    rows: defaultdict[str, list[ReadMessage]] = defaultdict(list)
    refused: dict[str, Reject] = {}
    for row in read_messages(file, file.stem, options):
        if isinstance(row, Reject):
            report.reject_count += 1
            refused.setdefault(row.number, row)
        elif shown_id(row) in wanted:
            rows[shown_id(row)].append(row)
    found: dict[str, ReadMessage] = {}
    faults: dict[str, str] = {}
    for number in wanted:
        if len(_words(rows[number])) == 1:
            found[number] = rows[number][0]
        elif rows[number]:
            lines = "、".join(str(row.line) for row in rows[number][:5])
            faults[number] = f"编号 {number} 在留言文件中不止一件（第 {lines} 行）"
        else:
            faults[number] = _why_missing(number, refused.get(number))
    return found, faults


def _why_missing(number: str, refused: Reject | None) -> str:
    """Why a number tells no message; its row may stand in the file and be refused."""
    if not number:
        return "缺编号"
    if refused is None:
        return f"留言文件中没有编号 {number}"
    return f"编号 {number} 未能读取（第 {refused.line} 行）：{refused.reason_zh}"


def _words(rows: list[ReadMessage]) -> set[tuple[str, str]]:
    """The distinct texts: the same message twice under one number is not in doubt."""
    return {(row.message.title, row.message.text) for row in rows}


def _checked(row: TableRow, faults: Mapping[str, str]) -> _Pair:
    query, candidate = row.cell(QUERY), row.cell(CANDIDATE)
    told = dict.fromkeys(faults[side] for side in (query, candidate) if side in faults)
    return _Pair(row, query, candidate, row.fault or "；".join(told))


def _profiles(
    triage: Triage, found: Mapping[str, ReadMessage], progress: Callable[[int, int], None]
) -> dict[str, Records]:
    run = FileTriage(triage)
    profiles: dict[str, Records] = {}
    for done, (number, row) in enumerate(found.items(), start=1):
        profile = run.understand(row.message).profile
        assert profile is not None  # noqa: S101 - there is a pair model
        profiles[number] = profile
        if done % _PROGRESS_EVERY == 0 or done == len(found):
            progress(done, len(found))
    return profiles


def _scores(
    model: PairModel, pairs: list[_Pair], profiles: Mapping[str, Records]
) -> list[PairScore | None]:
    """A score each, None for a pair at fault; a query meets all its candidates at once."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        if not pair.fault:
            places[pair.query].append(place)
    scores: list[PairScore | None] = [None] * len(pairs)
    for query, here in places.items():
        many = np.array([profiles[pairs[place].candidate] for place in here], dtype=PROFILE)
        for place, score in zip(here, model.score(profiles[query], many), strict=True):
            scores[place] = score
    return scores


def relation_of(score: PairScore) -> str:
    """A value of ``Relation``, or ``RELATED``, or ``NONE``."""
    if score.copy > _MORE_LIKELY_THAN_NOT:
        return _COPY
    if score.same > _MORE_LIKELY_THAN_NOT:
        return _RESUBMISSION if score.is_same_sender else _VOICE
    return RELATED if score.same >= RELATED_FROM else NONE


def _judged(model: PairModel, score: PairScore | None) -> tuple[str, str, str, str] | None:
    """What stands under the last four of ``COLUMNS``."""
    if score is None:
        return None
    because = ";".join(model.reasons(score))
    return f"{score.same:.4f}", f"{score.copy:.4f}", relation_of(score), because


def _write(
    output: Path,
    pairs: list[_Pair],
    judged: list[tuple[str, str, str, str] | None],
    report: PairReport,
) -> None:
    columns = all_columns(pair.row for pair in pairs)
    others = tuple(name for name in columns if plain_name(name) not in (QUERY, CANDIDATE))
    shown = renamed_beside(others, COLUMNS)
    report.renamed = tuple(name for name in others if name not in shown)
    with written_whole(output) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*COLUMNS, *map(disarmed_cell, shown)])
        for pair, cells in zip(pairs, judged, strict=True):
            sides = (pair.query, pair.candidate)
            told = cells or ("", "", "", pair.fault)
            writer.writerow([*map(disarmed_cell, (*sides, *told)), *kept_cells(pair.row, others)])
