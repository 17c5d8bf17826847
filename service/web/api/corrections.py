"""``/api/v1/matters/{id}:correct``: a person's decision in the place of the model's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.domain.kind import Kind
from service.domain.order import MAX_NOTE_CHARS
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.matters.matter_file import show_matter
from service.web.allowed import MayCorrect
from service.web.api.documented import problems
from service.web.dependencies import MatterId
from service.web.matter_tags import MatterContext

router = APIRouter(tags=["办理"])

Name = Annotated[str, Field(max_length=100)]


class CorrectionIn(BaseModel):
    """人的判断；不写的各项照旧。全不写即确认现在的判断。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: Name | None = Field(default=None, description="二级主题编码", examples=["0602"])
    department: Name | None = Field(default=None, description="承办单位", examples=["公安局"])
    kind: Kind | None = Field(default=None, description="诉求类型")
    urgent: bool | None = Field(default=None, strict=True, description="是否紧急")
    place: Name | None = Field(default=None, description="地点，区划的名称；空为没有地点")
    studio: Name | None = Field(
        default=None,
        description="委员工作室编号，空为不指定；不写的，主题、类型或地点变了就按规则重新拟定",
    )
    note: str = Field(default="", max_length=MAX_NOTE_CHARS, description="说明，记入办理经过")


class CorrectedOut(BaseModel):
    """更正之后。"""

    is_proposed: bool = Field(description="事项有人正在办理，改派只作为建议，等待决定")


@router.post(
    "/matters/{matter_id}:correct",
    summary="更正判断",
    response_model=CorrectedOut,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_correction(
    matter_id: MatterId, wanted: CorrectionIn, context: MatterContext, account: MayCorrect
) -> CorrectedOut:
    """模型原来的判断仍保留在案；更正用于学习。改派的规矩与案卷页的“更正”相同。"""
    matter = show_matter(context, matter_id).matter
    correction = Correction(
        topic=matter.topic if wanted.topic is None else wanted.topic,
        department=matter.department if wanted.department is None else wanted.department,
        kind=matter.kind if wanted.kind is None else wanted.kind.value,
        is_urgent=matter.is_urgent if wanted.urgent is None else wanted.urgent,
        studio=matter.studio if wanted.studio is None else wanted.studio,
        note=wanted.note.strip(),
        place=wanted.place,
    )
    return CorrectedOut(is_proposed=correct_matter(context, matter_id, correction, account.name))
