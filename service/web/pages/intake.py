"""``/intake``: 来信登记, the desk clerk's form, with the receipt slip after it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from service.domain.channel import Channel
from service.domain.relation import Relation
from service.errors import InvalidInputError
from service.usecases.accounts import Account
from service.usecases.context import Context
from service.usecases.matters import Correction, correct_matter
from service.usecases.receive import Received, receive_messages
from service.web.choices import studio_groups
from service.web.dependencies import CurrentContext, LoggedIn
from service.web.forms import CheckedForm
from service.web.pages.message_form import NOTHING, read_message, show_form
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

SOURCE = "desk"


@router.get("/intake")
def get_intake(request: Request, context: CurrentContext, account: LoggedIn) -> Response:
    """The empty form."""
    return _show(request, context)


@router.post("/intake")
def post_intake(
    request: Request, context: CurrentContext, account: LoggedIn, form: CheckedForm
) -> Response:
    """Take the message in; sending the same form again shows the same receipt."""
    studio = form.get("studio", "")
    try:
        _check_studio(context, studio)
        message = read_message(context, form, SOURCE, Channel.VISIT)
    except InvalidInputError as error:
        return _show(request, context, form, error)
    (received,) = receive_messages(context, [message])
    is_moved = _give_to(context, received, studio, account)
    return show_page(
        request,
        "slip.html.j2",
        201 if received.is_new else 200,
        received=received,
        message=message,
        now=context.now(),
        studio=studio if is_moved else received.assignment.studio,
        is_moved=is_moved,
        wanted_studio=studio,
    )


def _show(
    request: Request,
    context: Context,
    form: Mapping[str, str] = NOTHING,
    problem: InvalidInputError | None = None,
) -> Response:
    studios = studio_groups(context.triage.organisation)
    return show_form(request, context, "intake.html.j2", form, problem, studios=studios)


def _check_studio(context: Context, studio: str) -> None:
    if studio and studio not in context.triage.organisation.studio_by_code:
        raise InvalidInputError("委员工作室不在名录中")


def _give_to(context: Context, received: Received, studio: str, account: Account) -> bool:
    """Let the clerk's choice of studio win over the router's, where the matter is a new one.

    A message that joined a matter keeps that matter's assignment; one that was not classified
    waits for a person anyway.
    """
    judged = received.classification
    is_own = received.is_new and received.relation is Relation.FIRST
    if not (studio and is_own and judged) or studio == received.assignment.studio:
        return False
    correction = Correction(
        topic=judged.topic.label,
        department=judged.department.label,
        kind=judged.kind.label,
        is_urgent=judged.is_urgent,
        studio=studio,
        note="登记时指定工作室",
    )
    try:
        correct_matter(context, received.matter_id, correction, account.name)
    except InvalidInputError:
        # The model named a department that this county's directory lacks: the message is in, and
        # the slip says that a person must decide.
        return False
    return True
