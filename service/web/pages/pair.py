"""``/matters/{id}/pair/{other}``: two matters side by side, and whether they are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from classifier.matching.common_passages import common_passages
from classifier.spans import Span
from service.domain.pair_state import PairState
from service.errors import NotFoundError
from service.usecases.context import Context
from service.usecases.matters.access import check_matter
from service.usecases.matters.likest_messages import likest_messages
from service.usecases.matters.matter_file import MatterFile, Place, show_matter
from service.usecases.matters.merging import merge_matters, settle_matters, split_matter
from service.usecases.matters.sender_looks import record_look
from service.usecases.matters.similar_matters import SimilarMatter, list_similar
from service.usecases.matters.taking_out import take_out
from service.web.allowed import MayJoin
from service.web.dependencies import CurrentContext, MatterId
from service.web.forms import CheckedForm
from service.web.highlights import Mark
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

Other = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/matters/{matter_id}/pair/{other}")
def get_pair(
    *,
    request: Request,
    matter_id: MatterId,
    other: Other,
    context: CurrentContext,
    account: MayJoin,
) -> Response:
    """A message of each side by side, the likest ones, with what both say marked in each."""
    files = [show_matter(context, each) for each in (matter_id, other)]
    ids = files[0].matter.id, files[1].matter.id
    if ids[0] == ids[1]:
        return RedirectResponse(f"/matters/{ids[0]}", 303)
    if (likest := likest_messages(context, *ids)) is not None:
        shown = zip(ids, likest, strict=True)
        files = [show_matter(context, each, Place(message=message)) for each, message in shown]
    for file in files:
        record_look(context, account, file.matter.id, [file.opened.message])
    return show_page(
        request,
        "pair.html.j2",
        files=files,
        titles=_mark(*(file.opened.message.title for file in files)),
        texts=_mark(*(file.opened.message.text for file in files)),
        known=_known(context, files),
    )


@router.post("/matters/{matter_id}/merge")
def post_merge(
    matter_id: MatterId, context: CurrentContext, account: MayJoin, form: CheckedForm
) -> Response:
    """Let the matter become part of the one that the form names."""
    into = _number(form.get("into", ""))
    check_matter(context, account, into)
    merge_matters(context, matter_id, into, account.name, form.get("reason", "").strip())
    return RedirectResponse(f"/matters/{into}?done=merged", 303)


@router.post("/matters/{matter_id}/split")
def post_split(
    matter_id: MatterId, context: CurrentContext, account: MayJoin, form: CheckedForm
) -> Response:
    """Split the matter off from the one it is part of."""
    split_matter(context, matter_id, account.name, form.get("reason", "").strip())
    return RedirectResponse(f"/matters/{matter_id}?done=split", 303)


@router.post("/matters/{matter_id}/take-out")
def post_take_out(
    matter_id: MatterId, context: CurrentContext, account: MayJoin, form: CheckedForm
) -> Response:
    """Let one message open a matter of its own."""
    message_id = _number(form.get("message", ""))
    own = take_out(context, matter_id, message_id, account.name, form.get("reason", "").strip())
    return RedirectResponse(f"/matters/{own}?done=taken_out", 303)


@router.post("/matters/{matter_id}/settle")
def post_settle(
    matter_id: MatterId, context: CurrentContext, account: MayJoin, form: CheckedForm
) -> Response:
    """Keep that two matters are not one, or are related."""
    state = PairState.RELATED if form.get("state") == "related" else PairState.REFUSED
    other = _number(form.get("other", ""))
    check_matter(context, account, other)
    settle_matters(context, matter_id, other, state, account.name)
    return RedirectResponse(f"/matters/{matter_id}?done={state.value}", 303)


def _number(text: str) -> int:
    """The number of a matter in a form. Raises NotFoundError where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFoundError(f"事项 {text[:20]}")
    return int(text)


def _known(context: Context, files: Sequence[MatterFile]) -> SimilarMatter | None:
    one, other = (file.matter.id for file in files)
    found = (each for each in list_similar(context, one) if each.matter_id == other)
    return next(found, None)


def _mark(one: str, other: str) -> tuple[tuple[Mark, ...], ...]:
    return tuple(
        tuple(_pieces(text, spans))
        for text, spans in zip((one, other), common_passages(one, other), strict=True)
    )


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[Mark]:
    done = 0
    for span in spans:
        yield Mark(text[done : span.start], "", 0.0)
        yield Mark(text[span.start : span.end], "both", 1.0)
        done = span.end
    yield Mark(text[done:], "", 0.0)
