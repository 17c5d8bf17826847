"""``/matters/{id}``: the case file, and what a person decides on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.access import Account, Permission, leads, may, may_move
from service.domain.deadline import SHANGHAI, is_overdue
from service.domain.matter import Matter
from service.domain.path import Move, moves_from
from service.domain.status import OPEN_STATUSES
from service.errors import MinqingError
from service.usecases.accounts.accounts import list_account_names
from service.usecases.casework.answering import check_text, list_replies
from service.usecases.casework.consulting import show_consulted
from service.usecases.casework.handling import Handling, list_supplements, show_handling
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.casework.reply_templates import list_templates, read_template
from service.usecases.context import Context
from service.usecases.intake.attaching import limits_zh, list_attachments
from service.usecases.matters.access import find_visible
from service.usecases.matters.claims import find_claim
from service.usecases.matters.explain import explain
from service.usecases.matters.matter_file import (
    BEGINNING,
    MatterFile,
    Place,
    mask_file,
    show_matter,
)
from service.usecases.matters.sender_looks import record_look_at_file
from service.usecases.matters.show_parting import PartingView, show_visible_parting
from service.usecases.matters.similar_decided import find_similar_decided
from service.usecases.matters.similar_matters import list_merged, list_similar
from service.web.allowed import MayCorrect, MayRead
from service.web.choices import studio_groups, topic_groups
from service.web.dependencies import CurrentContext, MatterId, RowId
from service.web.forms import CheckedForm
from service.web.highlights import MarkedText, mark_text
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_NOTICES = {
    "corrected": "更正已保存，模型原来的判断仍保留在案。",
    "proposed": "更正已保存。这件事有人正在办理，改派作为建议，由办理的人或收件台决定。",
    "declined": "已记下不改派的理由，事项留在原处。",
    "drafted": "草稿已保存。签发之后，来信人才能看到。",
    "checked": "已核稿。",
    "recorded": "已记录。",
    **{move.value: f"已{move.label_zh}。" for move in Move},
    Move.SUPPLEMENT.value: "已记下补正的情况，继续办理。",
    Move.ANSWER.value: "已签发，每一位来信人凭回执码可以看到。",
    Move.DENY.value: "已记下不同意延期。",
    Move.REFUSE.value: "已认定不予受理，来信人可以看到应当到哪里去反映。",
    "claimed": "已认领。到时自行失效，可以续期。",
    "released": "已释放，别人可以认领。",
    "reassigned": "已转交。",
    "merged": "已并案。每条来信的回执不变，随时可以拆分。",
    "split": "已拆分，恢复到并案之前。",
    "taken_out": "已移出，另立本事项；与原事项不是同一件，以后不再提示。移错了可以并回去。",
    "refused": "已记下不是同一件事，以后不再提示。",
    "related": "已记下相关，两件事项互相列出。",
    "parted": "已分件。原文和回执不变，各件分别办理；办结之前可以撤回。",
    "parting_declined": "已记下是一件事，以后不再提示。",
    "erased": "已依法删除。编号、回执和统计保留。",
    "attached": "附件已收到，密封保存。同一个文件只存一份。",
    "parting_undone": "已撤回分件，各件回到原来的来信。",
}

Head = Literal["topic", "department", "kind"]


@router.get("/matters/{matter_id}")
def get_matter(
    *,
    request: Request,
    matter_id: MatterId,
    context: CurrentContext,
    account: MayRead,
    head: Head = "topic",
    message: RowId = 0,
    after: RowId = 0,
    before: RowId = 0,
    done: Annotated[str, Query(max_length=20)] = "",
    template: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The case file; ``message`` is the one read in full, ``head`` whose evidence is marked."""
    place = Place(message, after, before)
    text = read_template(context, template)
    notice = _NOTICES.get(done, "")
    return show_case(
        request, context, account, matter_id, place, head=head, notice=notice, draft=text
    )


def show_case(
    request: Request,
    context: Context,
    account: Account,
    matter_id: int,
    place: Place = BEGINNING,
    *,
    head: Head = "topic",
    notice: str = "",
    draft: str = "",
    refused: MinqingError | None = None,
) -> Response:
    """The page of a case file, with the text of an answer that is being written.

    ``refused`` tells why files that were just handed in cannot be taken.

    Who may not read the original sees it masked and without its senders; each other look at
    these is kept.
    """
    file = show_matter(context, matter_id, place)
    reads_original = may(account, Permission.READ_ORIGINAL)
    if reads_original:
        record_look_at_file(context, account, file)
    else:
        file = mask_file(file)
    parting = show_visible_parting(context, account, file.opened.message.id)
    return show_page(
        request,
        "matter.html.j2",
        refused.status if refused else 200,
        file=file,
        marked=_mark(context, file, head) if reads_original else None,
        reads_original=reads_original,
        head=head,
        after=place.after,
        before=place.before,
        notice=notice,
        **_attached(context, file.opened.message.id, reads_original=reads_original),
        attachment_limits=_limits(context, account, file, parting),
        refused=refused.message if refused else "",
        **_others(context, account, file),
        **_casework(context, account, file, draft),
        merged=list_merged(context, file.matter.id),
        parting=parting,
        claim=find_claim(context, file.matter.id),
        accounts=list_account_names(context),
        **_standing(context, file),
        **_choices(context),
    )


def _attached(context: Context, message_id: int, *, reads_original: bool) -> dict[str, object]:
    """The attachments of the message read in full; their number for who may not read it."""
    attachments = list_attachments(context, message_id)
    return {
        "attachments": attachments if reads_original else None,
        "attachment_count": len(attachments),
    }


def _limits(context: Context, account: Account, file: MatterFile, parting: PartingView) -> str:
    """What may be attached to the message read in full; "" where this account attaches nothing.

    What comes with a part comes with the whole message, which may be another's to see.
    """
    may_attach = may(account, Permission.TAKE_IN) and not file.opened.is_erased
    if not may_attach or not find_visible(context, account, [parting.matter_id]):
        return ""
    return limits_zh(context)


def _casework(
    context: Context, account: Account, file: MatterFile, draft: str
) -> dict[str, object]:
    """What can be done with the matter, what was answered, and what members did about it."""
    matter = file.matter
    return {
        "handling": _handling(context, account, matter),
        "replies": list_replies(context, matter.id),
        "supplements": list_supplements(context, matter.id),
        "draft": {"text": draft, "check": check_text(context, matter.id, draft) if draft else None},
        "templates": list_templates(context),
        "consulted": show_consulted(context, matter.id),
        "can_answer": Move.ANSWER in moves_from(matter.status),
        "can_decide": leads(account, matter.department)
        and (may(account, Permission.HANDLE) or may(account, Permission.DIRECT)),
    }


def _handling(context: Context, account: Account, matter: Matter) -> Handling:
    """How it is handled, with the moves that this account may make."""
    handling = show_handling(context, matter.id)
    own = [each for each in handling.moves if may_move(account, each[0], matter.department)]
    return replace(handling, moves=tuple(own))


def _others(context: Context, account: Account, file: MatterFile) -> dict[str, object]:
    """Other matters: what may be the same or is related, and else what is like it and decided."""
    alike = list_similar(context, file.matter.id, scope=account.scope)
    shown = {one.matter_id for one in alike}
    decided = find_similar_decided(context, file.matter.id, account.scope)
    return {"alike": alike, "similar": [one for one in decided if one.matter_id not in shown]}


def _mark(context: Context, file: MatterFile, head: Head) -> MarkedText | None:
    """The text with its evidence; None when there is no model or it was never judged."""
    if context.triage.model is None or file.classification is None:
        return None
    return mark_text(explain(context, file.opened.message.id, head))


def _standing(context: Context, file: MatterFile) -> dict[str, object]:
    """What the matter's state means at this moment."""
    now, is_open = context.now(), file.matter.status in OPEN_STATUSES
    return {
        "now": now,
        "is_open": is_open,
        "is_overdue": is_open and is_overdue(file.matter.due_at, now),
        "absent": _absent(context, file.assignment.members, now) if is_open else {},
    }


def _absent(context: Context, members: tuple[str, ...], now: datetime) -> dict[str, str]:
    """Who of some members is away today, and who stands in: codes, "" for nobody."""
    today = now.astimezone(SHANGHAI).date()
    known = context.triage.organisation.member_by_code
    there = [known[code] for code in members if code in known]
    return {one.code: one.deputy for one in there if one.is_absent_on(today)}


def _choices(context: Context) -> dict[str, object]:
    """What the correction form offers."""
    organisation = context.triage.organisation
    return {
        "topics": topic_groups(context.triage.taxonomy),
        "studios": studio_groups(organisation),
        "departments": [department.name for department in organisation.departments],
    }


@router.post("/matters/{matter_id}/correct")
def post_correction(
    matter_id: MatterId, context: CurrentContext, account: MayCorrect, form: CheckedForm
) -> Response:
    """Keep a person's decision beside the model's."""
    correction = Correction(
        topic=form.get("topic", ""),
        department=form.get("department", ""),
        kind=form.get("kind", ""),
        is_urgent=form.get("is_urgent") == "1",
        studio=form.get("studio", ""),
        note=form.get("note", "").strip(),
        place=form.get("place"),
    )
    is_proposed = correct_matter(context, matter_id, correction, account.name)
    return back_to(context, account, matter_id, "proposed" if is_proposed else "corrected")


def back_to(context: Context, account: Account, matter_id: int, done: str) -> Response:
    """Back to a case file where something was done, or to the queue where it is not seen now.

    Who gives a matter to another studio or committee may see it no longer.
    """
    is_seen = bool(find_visible(context, account, [matter_id]))
    address = f"/matters/{matter_id}?done={done}" if is_seen else "/?done=left"
    return RedirectResponse(address, 303)
