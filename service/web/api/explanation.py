"""``GET /api/v1/matters/{id}/explanation``: why a matter was judged as it was.

No text leaves the case file: the words that spoke are given by their places in the original.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from service.domain.deadline import SHANGHAI
from service.domain.standing_rule import Ruling
from service.errors import ModelUnavailableError, NotFoundError
from service.usecases.context import Context
from service.usecases.matters.explain import explain
from service.usecases.matters.matter_file import MatterFile, Place, show_matter
from service.usecases.matters.similar_decided import SimilarDecided, find_similar_decided
from service.web.allowed import MayRead
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MatterId, RowId

router = APIRouter(tags=["事项"])


class SpanOut(BaseModel):
    """原文中的一段：从第 start 字（0 起）到第 end 字之前。"""

    start: int
    end: int
    weight: float = Field(description="正为支持，负为反对，对数几率的尺度")


class EvidenceOut(BaseModel):
    """支持或反对现行判断的文字所在。"""

    title: list[SpanOut]
    text: list[SpanOut]


class AppliedOut(BaseModel):
    """适用的一条规则，按收到时的内容。"""

    name: str
    because: str = Field(description="满足了哪些条件")
    department: str
    needs_review: bool
    refusal: str
    is_urgent: bool
    advice: str


class DecidedOut(BaseModel):
    """一件相似而已有决定的事项，个人信息已遮盖。"""

    matter_id: int
    number: str
    title: str
    text: str
    sent_at: datetime
    status: str
    topic: str
    department: str
    kind: str
    studio: str
    decided_by_person: bool
    likeness: float = Field(description="用词相似的程度，0–1")
    because: list[str]


class ExplanationOut(BaseModel):
    """一件留言判断的缘由。"""

    message_id: int
    head: str
    evidence: EvidenceOut | None = Field(description="没有模型、或从未判断过的为 null")
    rules: list[AppliedOut]
    review: list[str] = Field(description="需要人工复核的原因")
    similar: list[DecidedOut] = Field(description="最相似的两件已有决定的事项")


@router.get(
    "/matters/{matter_id}/explanation",
    summary="判断的缘由",
    response_model=ExplanationOut,
    responses=problems(401, 404, 422, 503),
)
def get_explanation(
    *,
    matter_id: MatterId,
    context: CurrentContext,
    account: MayRead,
    head: Literal["topic", "department", "kind"] = "topic",
    message: RowId = 0,
) -> ExplanationOut:
    """哪些文字支持或反对、适用了哪些规则、从前相似的事项怎样决定。"""
    file = show_matter(context, matter_id, Place(message))
    similar = find_similar_decided(context, file.matter.id, account.scope)
    return ExplanationOut(
        message_id=file.opened.message.id,
        head=head,
        evidence=_evidence(context, file, head),
        rules=_applied(file.ruling) if file.ruling else [],
        review=list(file.review),
        similar=[_similar(one) for one in similar],
    )


def _evidence(context: Context, file: MatterFile, head: str) -> EvidenceOut | None:
    try:
        told = explain(context, file.opened.message.id, head)
    except (ModelUnavailableError, NotFoundError):
        return None
    return EvidenceOut(title=_spans(told.title), text=_spans(told.text))


def _spans(pieces: Iterable[tuple[str, float]]) -> list[SpanOut]:
    spans, start = [], 0
    for piece, weight in pieces:
        end = start + len(piece)
        if weight:
            spans.append(SpanOut(start=start, end=end, weight=round(weight, 4)))
        start = end
    return spans


def _applied(ruling: Ruling) -> list[AppliedOut]:
    return [
        AppliedOut(
            name=applied.rule.name,
            because=applied.because,
            department=applied.rule.department,
            needs_review=applied.rule.needs_review,
            refusal=applied.rule.refusal,
            is_urgent=applied.rule.is_urgent,
            advice=applied.rule.advice,
        )
        for applied in ruling.applied
    ]


def _similar(one: SimilarDecided) -> DecidedOut:
    return DecidedOut(
        matter_id=one.matter_id,
        number=one.number,
        title=one.title,
        text=one.text,
        sent_at=one.sent_at.astimezone(SHANGHAI),
        status=one.status.value,
        topic=one.topic,
        department=one.department,
        kind=one.kind,
        studio=one.studio,
        decided_by_person=one.is_by_person,
        likeness=round(one.likeness, 4),
        because=list(one.because),
    )
