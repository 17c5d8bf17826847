"""A matter's case file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.domain.assignment import Assignment
from service.domain.classification import MODEL, Classification
from service.domain.deadline import last_day
from service.domain.matter import Matter
from service.domain.message import Message, SenderDetails
from service.domain.path import Move
from service.domain.relation import Relation
from service.domain.route_proposal import RouteProposal
from service.domain.standing_rule import Ruling
from service.storage.database import Connection
from service.storage.matters import matters as store
from service.storage.matters.history import read_events
from service.storage.matters.route_proposals import read_proposal
from service.storage.messages.classifications import first_by_model, read_classifications
from service.storage.messages.erasures import read_erasures
from service.storage.messages.messages import find_leading, read_message_of, read_messages_of
from service.storage.messages.rulings import read_rulings
from service.storage.sealing.senders import read_senders
from service.triage.rules import ruling_reasons
from service.usecases.context import Context
from service.usecases.in_force.work_calendar import read_calendar
from service.usecases.matters.whole_matter import row_or_successor, whole_of

DEMANDS_SHOWN, EVENTS_SHOWN = 30, 100
Found = tuple[Message, Any]  # a message and its demand's row

EVENT_ZH = {
    "message": "收到留言",
    "ruled": "适用规则",
    "routed": "拟定交办",
    "review_wanted": "提请复核",
    "judged": "补作判断",
    "corrected": "人工更正",
    "claimed": "认领",
    "released": "释放认领",
    "reassigned": "转交",
    "rerouted": "改派",
    "reroute_proposed": "建议改派",
    "reroute_declined": "不同意改派",
    "recused": "委员回避",
    "merged": "并入",
    "absorbed": "并入事项",
    "split": "拆分",
    "taken_out": "移出来信",
    "refused": "认定不是同一件事",
    "related": "认定相关",
    "parted": "分件",
    "parting_declined": "认定来信是一件事",
    "parting_undone": "撤回分件",
    "recounted": "重新计算时限",
    "reminded": "临近时限提醒",
    "escalated": "超期督办",
    "rated": "来信人评价",
    "drafted": "起草答复",
    "checked": "核稿",
    "consulted": "微协商",
    "supervised": "微监督",
    "looped": "五步协商",
    "attached": "附件",
    "erased": "依法删除",
    **{move.value: move.label_zh for move in Move},
}


@dataclass(frozen=True, slots=True)
class DemandView:
    """One message of a matter, as the desk sees it; ``is_erased``: its words are no more."""

    message: Message
    sender: SenderDetails
    relation: Relation
    same_probability: float
    because: tuple[str, ...]
    masked_title: str
    masked_text: str
    is_erased: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One entry of the track."""

    at: datetime
    actor: str
    kind: str
    kind_zh: str
    detail: str


@dataclass(frozen=True, slots=True)
class MatterFile:
    """A case file. ``proposed`` is the model's own view where a person corrected it.

    ``ruling`` is what the rules said of the opened message, None where nothing; ``review`` why a
    person should look at the matter, empty once one has decided on it.

    A matter may hold thousands of messages: ``demands`` is one page of them in the order they
    were sent, ``events`` one of the track, its end first. ``next_after`` and ``next_before`` ask
    for the next page of each; they are 0 where there is none. ``opened`` is the one message that
    is read in full.

    ``part_number`` is the number of the matter asked for where that is part of this one now, ""
    where this one was asked for. ``proposal`` is where it should go instead, None where nothing
    waits for a word on that. ``is_due_provisional``: the days of rest up to its deadline are
    not all announced yet.
    """

    matter: Matter
    opened: DemandView
    demands: tuple[DemandView, ...]
    next_after: int
    classification: Classification | None
    proposed: Classification | None
    ruling: Ruling | None
    review: tuple[str, ...]
    assignment: Assignment
    events: tuple[EventView, ...]
    next_before: int
    part_number: str
    is_due_provisional: bool
    proposal: RouteProposal | None


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a case file to show: 0 asks for the first.

    ``message`` is read in full; messages come after the message ``after``, entries of the track
    before the entry ``before``.
    """

    message: int = 0
    after: int = 0
    before: int = 0


BEGINNING = Place()


def show_matter(context: Context, matter_id: int, place: Place = BEGINNING) -> MatterFile:
    """The case file of a matter, one page of its messages and of its track.

    The number of a matter whose only message has joined another, or that was merged into
    another, leads to that other.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    with context.database.reading() as connection:
        asked = row_or_successor(connection, matter_id)
        row = whole_of(connection, asked)
        found = read_messages_of(connection, row.id, DEMANDS_SHOWN + 1, place.after)
        opened = _opened(connection, row.id, place, found)
        events = read_events(connection, row.id, EVENTS_SHOWN + 1, place.before)
        people = store.count_people(connection, [row.id])
        leading = find_leading(connection, row.id)
        classifications = read_classifications(connection, leading)
        rulings = read_rulings(connection, sorted({leading, opened[0].id}))
        views = _views(context, connection, [opened, *found[:DEMANDS_SHOWN]])
        proposal = read_proposal(connection, row.id)
        is_provisional = read_calendar(connection).is_provisional(last_day(row.due_at))
    in_force = classifications[-1] if classifications else None
    return MatterFile(
        matter=store.as_matter(row, people.get(row.id, 0)),
        opened=views[0],
        demands=tuple(views[1:]),
        next_after=found[DEMANDS_SHOWN - 1][0].id if len(found) > DEMANDS_SHOWN else 0,
        classification=in_force,
        proposed=first_by_model(classifications)
        if in_force and in_force.decided_by != MODEL
        else None,
        ruling=rulings.get(opened[0].id),
        review=_review(in_force, rulings.get(leading)),
        assignment=store.as_assignment(row),
        events=tuple(_view(event) for event in events[-EVENTS_SHOWN:]),
        next_before=events[1].number if len(events) > EVENTS_SHOWN else 0,
        part_number=asked.number if asked.id != row.id else "",
        is_due_provisional=is_provisional,
        proposal=proposal,
    )


def mask_file(file: MatterFile) -> MatterFile:
    """The case file without its senders, and with masked words in place of the original ones."""
    file = hide_receipts(file)
    return replace(
        file, opened=_mask(file.opened), demands=tuple(_mask(each) for each in file.demands)
    )


def hide_receipts(file: MatterFile) -> MatterFile:
    """The case file without receipts: who has one speaks for the citizen."""

    def hide(view: DemandView) -> DemandView:
        return replace(view, message=replace(view.message, receipt=""))

    return replace(file, opened=hide(file.opened), demands=tuple(map(hide, file.demands)))


def _mask(view: DemandView) -> DemandView:
    message = replace(view.message, title=view.masked_title, text=view.masked_text)
    return replace(view, message=message, sender=SenderDetails())


def _review(judged: Classification | None, ruling: Ruling | None) -> tuple[str, ...]:
    if judged is None:
        return ruling_reasons(ruling, None)
    return (*judged.review, *ruling_reasons(ruling, judged)) if judged.decided_by == MODEL else ()


def _opened(connection: Connection, matter_id: int, place: Place, found: list[Found]) -> Found:
    """The message asked for, or the first of the page, or the first of all."""
    opened = read_message_of(connection, matter_id, place.message) if place.message else None
    return opened or (found or read_messages_of(connection, matter_id, 1))[0]


def _views(context: Context, connection: Connection, found: list[Found]) -> list[DemandView]:
    known = sorted({m.sender_id for m, _ in found if m.sender_id is not None})
    erased = read_erasures(connection, [m.id for m, _ in found])
    senders = read_senders(connection, context.sealer, known)
    return [
        DemandView(
            message=message,
            sender=senders.get(message.sender_id or 0, SenderDetails()),
            relation=Relation(demand.relation),
            same_probability=demand.same_probability,
            because=tuple(demand.because),
            masked_title=demand.masked_title,
            masked_text=demand.masked_text,
            is_erased=message.id in erased,
        )
        for message, demand in found
    ]


def _view(event: Any) -> EventView:
    return EventView(
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        kind_zh=EVENT_ZH.get(event.kind, event.kind),
        detail=_detail(event.kind, event.details),
    )


def _detail(kind: str, details: dict[str, Any]) -> str:
    if kind == "message":
        return Relation(details["relation"]).label_zh
    listed = details.get("because") or details.get("reasons") or details.get("changes") or []
    return "；".join([*listed, *filter(None, [details.get("note", "")])])
