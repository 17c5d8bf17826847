"""``/messages/{id}/parts``: a text with its parts marked, and what a clerk makes of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import finditer

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from classifier.spans import Span
from service.domain.access import Account
from service.domain.parting import PartingState
from service.errors import InvalidInputError
from service.triage.parts import MAX_PARTS
from service.usecases.context import Context
from service.usecases.matters.parting import check_spans, confirm_parts, decline_parts
from service.usecases.matters.sender_looks import record_look
from service.usecases.matters.show_parting import PartingView, check_parts_visible, show_parting
from service.usecases.matters.undo_parting import undo_parts
from service.web.allowed import MayJoin, MayReadOriginal
from service.web.dependencies import CurrentContext, MessageId
from service.web.forms import CheckedForm
from service.web.highlights import Mark
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_SENTENCE = r"[^。！？；!?;\n]*[。！？；!?;\n\s]*"
_NEARBY = 30  # sentences on either side that a border may be moved to at once
_SHOWN = 14  # characters that tell a border


@dataclass(frozen=True, slots=True)
class Border:
    """A place to begin or end a part, and the words that stand there."""

    place: int
    words: str


@dataclass(frozen=True, slots=True)
class PartForm:
    """A part in the form: its span, whether it stays, and where it may begin and end instead."""

    span: Span
    stays: bool
    text: str
    starts: tuple[Border, ...]
    ends: tuple[Border, ...]


@router.get("/messages/{message_id}/parts")
def get_parts(
    request: Request, message_id: MessageId, context: CurrentContext, account: MayReadOriginal
) -> Response:
    """The text with the offered or confirmed parts marked."""
    view = show_parting(context, message_id)
    spans = [part.span for part in view.parts] or _halves(view.message.text)
    stays = next((place for place, part in enumerate(view.parts) if part.stays), 0)
    return _show(request, context, account, view, spans, stays)


@router.post("/messages/{message_id}/parts")
def post_parts(
    request: Request,
    message_id: MessageId,
    context: CurrentContext,
    account: MayJoin,
    form: CheckedForm,
) -> Response:
    """Confirm the parts of the form, or only look at them; what is wrong with them is told."""
    spans, stays = _read(form)
    view = show_parting(context, message_id)
    if form.get("act") == "add":
        spans.append(_last(view.message.text, spans))
    try:
        check_spans(view.message.text, spans, stays)
        if form.get("act") == "confirm":
            reason = form.get("reason", "").strip()
            confirm_parts(context, message_id, spans, account.name, stays=stays, reason=reason)
            return _to_matter(context, message_id, "parted")
    except InvalidInputError as error:
        return _show(request, context, account, view, spans, stays, error)
    return _show(request, context, account, view, spans, stays)


@router.post("/messages/{message_id}/parts/decline")
def post_decline(
    message_id: MessageId, context: CurrentContext, account: MayJoin, form: CheckedForm
) -> Response:
    """Keep that the message is one demand."""
    decline_parts(context, message_id, account.name, form.get("reason", "").strip())
    return _to_matter(context, message_id, "parting_declined")


@router.post("/messages/{message_id}/parts/undo")
def post_undo(
    message_id: MessageId, context: CurrentContext, account: MayJoin, form: CheckedForm
) -> Response:
    """Let the parts go back."""
    check_parts_visible(context, account, message_id)
    undo_parts(context, message_id, account.name, form.get("reason", "").strip())
    return _to_matter(context, message_id, "parting_undone")


def _to_matter(context: Context, message_id: int, done: str) -> Response:
    view = show_parting(context, message_id)
    address = f"/matters/{view.matter_id}?message={view.message.id}&done={done}"
    return RedirectResponse(address, 303)


def _show(
    request: Request,
    context: Context,
    account: Account,
    view: PartingView,
    spans: Sequence[Span],
    stays: int,
    problem: InvalidInputError | None = None,
) -> Response:
    text = view.message.text
    record_look(context, account, view.matter_id, [view.message])
    return show_page(
        request,
        "parting.html.j2",
        422 if problem else 200,
        view=view,
        is_confirmed=view.state is PartingState.CONFIRMED,
        marked=tuple(_marks(text, spans)),
        forms=_forms(text, spans, stays),
        has_room=len(spans) < MAX_PARTS,
        problem=problem,
    )


def _read(form: Mapping[str, str]) -> tuple[list[Span], int]:
    """The spans of the form that are kept, and which of them stays."""
    spans: list[Span] = []
    stays = 0
    for place in range(MAX_PARTS):
        if f"start-{place}" not in form or form.get(f"drop-{place}") == "1":
            continue
        if form.get("stays") == str(place):
            stays = len(spans)
        start, end = (_number(form.get(f"{name}-{place}", "")) for name in ("start", "end"))
        spans.append(Span(start, end))
    return spans, stays


def _number(text: str) -> int:
    """A place in a text; -1, which is none, where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _halves(text: str) -> list[Span]:
    """Two parts to begin with, parted at the sentence in the middle."""
    borders = _borders(text)
    middle = borders[len(borders) // 2]
    return [Span(0, middle), Span(middle, len(text))] if 0 < middle < len(text) else []


def _last(text: str, spans: Sequence[Span]) -> Span:
    """A further part behind the others: the last sentence, or what they leave."""
    start = max((span.end for span in spans), default=0)
    return Span(min(start, len(text)), len(text))


def _borders(text: str) -> list[int]:
    """Where sentences begin, and the end of the text."""
    starts = [found.start() for found in finditer(_SENTENCE, text) if found.group()]
    return [*starts, len(text)]


def _marks(text: str, spans: Sequence[Span]) -> Iterator[Mark]:
    """The text in pieces; what stands in no part is plain, what stands in two is the first's."""
    done = 0
    for place, span in enumerate(spans):
        start, end = max(span.start, done), min(span.end, len(text))
        if start < end:
            yield Mark(text[done:start], "", 0.0)
            yield Mark(text[start:end], f"part-{place % 2}", float(place + 1))
            done = end
    yield Mark(text[done:], "", 0.0)


def _forms(text: str, spans: Sequence[Span], stays: int) -> tuple[PartForm, ...]:
    borders = _borders(text)
    return tuple(
        PartForm(
            span=span,
            stays=place == stays,
            text=text[max(span.start, 0) : max(span.end, 0)],
            starts=tuple(Border(at, text[at : at + _SHOWN]) for at in _near(borders, span.start)),
            ends=tuple(
                Border(at, text[max(at - _SHOWN, 0) : at]) for at in _near(borders, span.end)
            ),
        )
        for place, span in enumerate(spans)
    )


def _near(borders: Sequence[int], at: int) -> list[int]:
    """The borders around a place, and the place itself."""
    place = bisect_left(borders, at)
    return sorted({*borders[max(place - _NEARBY, 0) : place + _NEARBY], max(at, 0)})
