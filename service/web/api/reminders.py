"""``/api/v1/reminders``: when deadlines are reminded of, and when what is late is supervised."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.domain.reminder_policy import DAYS_ZH, MOST_DAYS, USUAL, ReminderPolicy
from service.usecases.casework.reminding import save_reminder_policy, show_reminder_policy
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["催办要求"])

Days = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]


class ReminderPolicyModel(BaseModel):
    """到期前、逾期后几个工作日催办；不写的按通常的天数。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remind_days: Days = Field(default=USUAL.remind_days, description=DAYS_ZH["remind_days"])
    escalate_days: Days = Field(default=USUAL.escalate_days, description=DAYS_ZH["escalate_days"])
    urgent_remind_days: Days = Field(
        default=USUAL.urgent_remind_days, description=DAYS_ZH["urgent_remind_days"]
    )
    urgent_escalate_days: Days = Field(
        default=USUAL.urgent_escalate_days, description=DAYS_ZH["urgent_escalate_days"]
    )


@router.get(
    "/reminders",
    summary="催办要求",
    response_model=ReminderPolicyModel,
    responses=problems(401, 503),
)
def get_reminders(context: CurrentContext, account: MayRule) -> ReminderPolicyModel:
    """现行的催办要求。"""
    return ReminderPolicyModel(**asdict(show_reminder_policy(context)))


@router.put(
    "/reminders",
    summary="更改催办要求",
    response_model=ReminderPolicyModel,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_reminders(
    wanted: ReminderPolicyModel, context: CurrentContext, account: MayRule
) -> ReminderPolicyModel:
    """更改后对未办结的事项即时有效；原来的留存。"""
    save_reminder_policy(context, ReminderPolicy(**wanted.model_dump()), account.name)
    return wanted
