"""What a person decides on a matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.domain.assignment import Assignment
from service.domain.classification import Classification, Verdict
from service.domain.deadline import days_allowed, deadline
from service.domain.kind import Kind
from service.domain.status import MatterStatus, check_move
from service.errors import InvalidInputError, NotFoundError
from service.storage import matters as store
from service.storage.classifications import (
    first_by_model,
    insert_classifications,
    read_classifications,
)
from service.storage.database import Connection
from service.storage.matters import NewEvent
from service.storage.messages import find_leading
from service.triage.calendar import is_working_day
from service.usecases.context import Context
from service.usecases.merging import check_stands

MAX_NOTE_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided: codes and names as the forms offer them."""

    topic: str
    department: str
    kind: str
    is_urgent: bool
    studio: str
    note: str = ""


def _row(connection: Connection, matter_id: int, lock: bool = False) -> Any:
    row = store.read_matter_row(connection, matter_id, lock)
    if row is None:
        raise NotFoundError(f"事项 {matter_id}")
    check_stands(connection, row)
    return row


def correct_matter(context: Context, matter_id: int, correction: Correction, account: str) -> None:
    """Put a person's decision in the place of the model's, which is kept beside it.

    Another kind or urgency brings another deadline: that of an urgent matter is counted from now,
    any other from when the matter was opened.

    Raises
    ------
    InvalidInputError
        A topic, department, kind or studio that does not exist, or too long a note.
    NotFoundError
        There is no such matter.
    """
    _check_correction(context, correction)
    now = context.now()
    with context.database.transaction() as connection:
        row = _row(connection, matter_id, lock=True)
        leading = find_leading(connection, matter_id)
        before = read_classifications(connection, leading)
        decided = _decided(correction, account, first_by_model(before))
        insert_classifications(connection, [(leading, now, decided)])
        changes = _changes(context, row, correction)
        store.change_matter(connection, matter_id, **_columns(context, row, correction, account))
        details = {"changes": changes or ["确认原判断"], "note": correction.note}
        store.insert_events(connection, [NewEvent(matter_id, now, account, "corrected", details)])


def _check_correction(context: Context, correction: Correction) -> None:
    taxonomy, organisation = context.triage.taxonomy, context.triage.organisation
    if correction.topic not in taxonomy.codes(2):
        raise InvalidInputError("主题不在分类表中")
    if correction.department not in {d.name for d in organisation.departments}:
        raise InvalidInputError("承办单位不在名录中")
    if correction.kind not in {kind.value for kind in Kind}:
        raise InvalidInputError("诉求类型不正确")
    if correction.studio and correction.studio not in organisation.studio_by_code:
        raise InvalidInputError("委员工作室不在名录中")
    if len(correction.note) > MAX_NOTE_CHARS:
        raise InvalidInputError(f"说明不超过 {MAX_NOTE_CHARS} 字")


def _decided(correction: Correction, account: str, model: Classification | None) -> Classification:
    def sure(label: str) -> Verdict:
        return Verdict(label, 1.0)

    return Classification(
        topic_l1=sure(correction.topic[:2]),
        topic=sure(correction.topic),
        department=sure(correction.department),
        kind=sure(correction.kind),
        is_urgent=correction.is_urgent,
        urgent_probability=1.0 if correction.is_urgent else 0.0,
        review=(),
        model_version=model.model_version if model else "",
        decided_by=account,
    )


def _changes(context: Context, row: Any, correction: Correction) -> list[str]:
    taxonomy, studios = context.triage.taxonomy, context.triage.organisation.studio_by_code

    def topic(code: str) -> str:
        return "／".join(taxonomy.path(code)) if code else "未分类"

    def studio(code: str) -> str:
        return studios[code].name if code in studios else "未交办"

    pairs = [
        ("主题", topic(row.topic), topic(correction.topic)),
        ("承办单位", row.department or "未定", correction.department),
        ("诉求类型", Kind(row.kind).label_zh, Kind(correction.kind).label_zh),
        ("紧急", "是" if row.is_urgent else "否", "是" if correction.is_urgent else "否"),
        ("委员工作室", studio(row.studio), studio(correction.studio)),
    ]
    return [f"{name}：{old} → {new}" for name, old, new in pairs if old != new]


def _columns(context: Context, row: Any, correction: Correction, account: str) -> dict[str, object]:
    columns: dict[str, object] = {
        "topic": correction.topic,
        "department": correction.department,
        "kind": correction.kind,
        "is_urgent": correction.is_urgent,
    }
    days = days_allowed(correction.kind, correction.is_urgent)
    if days != days_allowed(row.kind, row.is_urgent):
        # What nobody knew to be urgent is not late at the moment when a person says so.
        begin_at = max(row.opened_at, context.now()) if correction.is_urgent else row.opened_at
        columns["due_at"] = deadline(begin_at, days, is_working_day)
    if correction.studio != row.studio:
        organisation = context.triage.organisation
        studio = organisation.studio_by_code.get(correction.studio)
        members = organisation.members_of.get(correction.studio, ())
        assignment = Assignment(
            studio=correction.studio,
            members=(studio.convener,)
            if studio and studio.convener
            else tuple(m.code for m in members[:1]),
            department=correction.department,
            because=(f"由 {account} 指定",),
        )
        columns |= store.assignment_columns(assignment)
        columns["committee"] = studio.committee if studio else ""
    return columns


def dispatch_matter(context: Context, matter_id: int, account: str) -> None:
    """Confirm the assignment: the matter goes out.

    Raises
    ------
    IllegalMoveError
        The matter's state does not allow it.
    InvalidInputError
        It has neither a studio nor a department to go to.
    NotFoundError
        There is no such matter.
    """

    with context.database.transaction() as connection:
        row = _moved(connection, context, matter_id, MatterStatus.ASSIGNED)
        if not (row.studio or row.department):
            raise InvalidInputError("请先指定委员工作室或承办单位")
        event = NewEvent(matter_id, context.now(), account, "dispatched", {})
        store.insert_events(connection, [event])


def close_matter(context: Context, matter_id: int, account: str, note: str) -> None:
    """Close a matter, saying what came of it.

    Raises
    ------
    IllegalMoveError
        The matter's state does not allow it.
    InvalidInputError
        The note is empty or too long.
    NotFoundError
        There is no such matter.
    """
    if not note.strip() or len(note) > MAX_NOTE_CHARS:
        raise InvalidInputError(f"请填写办理结果，不超过 {MAX_NOTE_CHARS} 字")
    with context.database.transaction() as connection:
        _moved(connection, context, matter_id, MatterStatus.CLOSED)
        event = NewEvent(matter_id, context.now(), account, "closed", {"note": note})
        store.insert_events(connection, [event])


def _moved(connection: Connection, context: Context, matter_id: int, target: MatterStatus) -> Any:
    """Move a matter and give its row as it was before."""
    row = _row(connection, matter_id, lock=True)
    check_move(MatterStatus(row.status), target)
    closed_at = context.now() if target is MatterStatus.CLOSED else None
    store.change_matter(connection, matter_id, status=target.value, closed_at=closed_at)
    return row
