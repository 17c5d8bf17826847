"""What a person decides on a matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from classifier.reading.places import NOWHERE, Place
from classifier.text.clean import clean
from service.domain.assignment import Assignment
from service.domain.classification import Classification, Verdict
from service.domain.deadline import days_allowed, deadline
from service.domain.kind import Kind
from service.domain.order import MAX_NOTE_CHARS
from service.errors import InvalidInputError
from service.storage.database import Connection
from service.storage.matters import matters as store
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.route_proposals import read_proposal
from service.storage.messages.classifications import (
    first_by_model,
    insert_classifications,
    read_classifications,
)
from service.storage.messages.messages import find_leading
from service.storage.rows import take_intake_lock
from service.triage.pipeline import Understood
from service.usecases.casework.casework import lock_matter
from service.usecases.casework.move_effects import SENT_ANEW
from service.usecases.casework.rerouting import route_anew, understand_leading
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.in_force.work_calendar import with_calendar
from service.usecases.matters.change_of_route import PROPOSED, REROUTED, Rerouting, reroute
from service.usecases.matters.claims import check_claim
from service.usecases.matters.studio_members import choose_of_studio


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided: codes and names as the forms offer them.

    ``place`` is a division's name, None where it stays as it is.
    """

    topic: str
    department: str
    kind: str
    is_urgent: bool
    studio: str
    note: str = ""
    place: str | None = None


def correct_matter(context: Context, matter_id: int, correction: Correction, account: str) -> bool:
    """Put a person's decision in the place of the model's, which is kept beside it.

    Another kind or urgency brings another deadline: that of an urgent matter is counted from now,
    any other from when the matter was opened. Another topic, kind or place brings another route,
    unless the person names the studio; while somebody has the matter in hand a new route is only
    proposed (see ``service.usecases.casework.rerouting``).

    Returns
    -------
    bool
        Whether a new route waits for the word of whoever has the matter in hand.

    Raises
    ------
    ClaimedError
        Another account holds the matter.
    InvalidInputError
        A topic, department, kind, place or studio that does not exist, or too long a note.
    NotFoundError
        There is no such matter.
    """
    now = context.now()
    message = understand_leading(context, matter_id)
    with context.database.transaction() as connection:
        # What is given to a studio must not be given to one that goes at this moment.
        take_intake_lock(connection)
        context = with_organisation(context, connection)
        _check_correction(context, correction)
        row = lock_matter(connection, matter_id)
        check_claim(connection, matter_id, account, now)
        leading = find_leading(connection, matter_id)
        before = read_classifications(connection, leading)
        decided = _decided(correction, account, first_by_model(before))
        insert_classifications(connection, [(leading, now, decided)])
        place = _place(context, row, correction, message)
        changes = _changes(context, row, correction, place)
        wanted = _wanted(context, connection, row, correction, account)
        is_by_router = False
        if (
            message is not None
            and wanted.studio == row.studio
            and _asks_router(row, correction, place)
        ):
            judged = replace(message, place=place)
            wanted = route_anew(context, connection, matter_id, judged, decided, wanted)
            is_by_router = wanted.studio != row.studio
        rerouting = reroute(context, connection, row, wanted, account)
        counting = replace(context, triage=with_calendar(connection, context.triage))
        columns = {**_columns(counting, row, correction), "place": place.name, **rerouting.columns}
        store.change_matter(connection, matter_id, **columns)
        told = _tell(changes, rerouting, wanted, correction.note, by_router=is_by_router)
        insert_events(
            connection,
            [NewEvent(matter_id, now, account, kind, details) for kind, details in told],
        )
    return rerouting.is_proposed


def _tell(
    changes: list[str],
    rerouting: Rerouting,
    wanted: Assignment,
    note: str,
    *,
    by_router: bool,
) -> list[tuple[str, dict[str, object]]]:
    """(Kind, details) of what was corrected and, by itself, of a route that the router found or
    that is only proposed.
    """
    because: dict[str, object] = {"because": [*rerouting.told, *wanted.because]}
    routed: list[tuple[str, dict[str, object]]] = []
    sent: Mapping[str, object] = {}
    if rerouting.told and (rerouting.is_proposed or by_router):
        routed = [(PROPOSED if rerouting.is_proposed else REROUTED, because)]
    elif rerouting.told:
        changes, sent = [*changes, *rerouting.told], SENT_ANEW
    return [("corrected", {"changes": changes or ["确认原判断"], "note": note, **sent}), *routed]


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


def _changes(context: Context, row: Any, correction: Correction, place: Place) -> list[str]:
    """What became other besides the route."""
    taxonomy = context.triage.taxonomy

    def topic(code: str) -> str:
        return "／".join(taxonomy.path(code)) if code else "未分类"

    pairs = [
        ("主题", topic(row.topic), topic(correction.topic)),
        ("诉求类型", Kind(row.kind).label_zh, Kind(correction.kind).label_zh),
        ("紧急", "是" if row.is_urgent else "否", "是" if correction.is_urgent else "否"),
        ("地点", row.place or "未定", place.name or "未定"),
    ]
    return [f"{name}：{old} → {new}" for name, old, new in pairs if old != new]


def _asks_router(row: Any, correction: Correction, place: Place) -> bool:
    """Whether something became other that the router goes by."""
    before = row.topic, row.kind, row.place
    return before != (correction.topic, correction.kind, place.name)


def _place(context: Context, row: Any, correction: Correction, message: Understood | None) -> Place:
    """Where the matter is, by the correction; else as its row says, or its first message."""
    named = row.place if correction.place is None else correction.place.strip()
    if message is not None and named == message.place.name:
        return message.place
    if not named:
        return NOWHERE
    gazetteer = context.triage.gazetteer
    found = gazetteer.resolve(gazetteer.find(clean(named).plain))
    if found.name:
        return found
    if correction.place is None or named == row.place:
        return Place("", named)  # a place of an earlier gazetteer: it stays, and leads nowhere
    raise InvalidInputError("地点不在地名表中")


def _wanted(
    context: Context, connection: Connection, row: Any, correction: Correction, account: str
) -> Assignment:
    """Whom the person gives the matter to: the same studio, unless another is named."""
    if correction.studio == row.studio:
        kept, waiting = store.as_assignment(row), read_proposal(connection, row.id)
        if waiting is not None and waiting.assignment.studio == row.studio:
            kept = waiting.assignment  # of its members some may have stepped aside
        return replace(kept, department=correction.department)
    given = choose_of_studio(
        context, connection, row.id, correction.studio, correction.topic, account
    )
    return replace(given, department=correction.department)


def _columns(context: Context, row: Any, correction: Correction) -> dict[str, object]:
    columns: dict[str, object] = {
        "topic": correction.topic,
        "kind": correction.kind,
        "is_urgent": correction.is_urgent,
    }
    days = days_allowed(correction.kind, correction.is_urgent)
    if days != days_allowed(row.kind, row.is_urgent):
        # What nobody knew to be urgent is not late at the moment when a person says so.
        begin_at = max(row.opened_at, context.now()) if correction.is_urgent else row.opened_at
        columns["due_at"] = deadline(begin_at, days, context.triage.calendar.is_working_day)
    return columns
