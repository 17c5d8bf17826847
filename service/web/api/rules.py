"""``/api/v1/rules``: the administrator's rules, read and replaced as a whole."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.provision import ProvisionKind
from service.domain.standing_rule import SenderKind, StandingRule
from service.intake.rule_checks import MAX_RULES
from service.intake.rule_overlap import idle_rules
from service.usecases.administration.rules import list_rules, save_rules
from service.usecases.administration.try_rules import FirstChanges, try_rules
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["规则"])

MAX_SHOWN = 200


class RuleModel(BaseModel):
    """一条办理规则：条件全部满足时，各项结果并列在模型的判断旁边。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="名称，不重复", examples=["燃气泄漏"])
    words: list[str] = Field(default=[], description="文中有其中任何一个")
    unless: list[str] = Field(default=[], description="文中有其中任何一个即不适用")
    places: list[str] = Field(default=[], description="地点的名称或区划代码")
    channels: list[Channel] = Field(default=[], description="渠道")
    sender: SenderKind = Field(default=SenderKind.ANYONE, description="来信人：anyone 为不限")
    department: str = Field(default="", description="建议的承办单位")
    needs_review: bool = Field(default=False, strict=True, description="要求复核")
    refusal: str = Field(default="", description="可能不予受理的理由和依法途径")
    is_urgent: bool = Field(default=False, strict=True, description="按紧急办理；规则不能降低紧急")
    advice: str = Field(default="", description="给承办人和来信人的提示")
    topics: list[str] = Field(default=[], description="主题：编码或 一级/二级，含其下各级")
    kinds: list[Kind] = Field(default=[], description="诉求类型")
    studio: str = Field(default="", description="指定的工作室编号；第一条有此项的规则定")
    helping: list[str] = Field(default=[], description="建议的会办单位")

    def as_rule(self) -> StandingRule:
        """The rule, not yet checked."""
        return StandingRule(
            name=self.name.strip(),
            words=tuple(self.words),
            unless=tuple(self.unless),
            places=tuple(self.places),
            channels=tuple(self.channels),
            sender=self.sender,
            department=self.department,
            needs_review=self.needs_review,
            refusal=self.refusal,
            is_urgent=self.is_urgent,
            advice=self.advice,
            topics=tuple(self.topics),
            kinds=tuple(self.kinds),
            studio=self.studio,
            helping=tuple(self.helping),
        )


class RulesIn(BaseModel):
    """全部规则，按次序；替换现行的全部规则。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: list[RuleModel] = Field(max_length=MAX_RULES)


class RulesOut(BaseModel):
    """现行的规则，按次序。"""

    rules: list[RuleModel]
    changed_at: datetime | None = Field(description="最近更改的时间，随附的规则为 null")
    changed_by: str = Field(description="最近更改的账号")
    warnings: list[str] = Field(description="总被前面的规则抢先、用不上的规则")


class TrialIn(RulesIn):
    """试运行的规则，及从哪一天收到的留言开始。"""

    since: date | None = Field(default=None, description="只看这一天起的留言；不填为全部")


class RuleChangeOut(BaseModel):
    """会变的一项决定。"""

    model_config = ConfigDict(from_attributes=True)

    message_id: int
    matter_number: str
    what: str = Field(description="工作室、承办单位、复核或紧急")
    before: str
    after: str
    rule: str = Field(description="作出决定的规则；为现行规则的，是不再适用的那条")


class ReachedOut(BaseModel):
    """一条规则适用的留言数，和由它决定工作室或承办单位的留言数。"""

    name: str
    reached: int
    deciding: int


class AboutOut(BaseModel):
    """一个主题或地点的留言数。"""

    name: str
    count: int


class TrialOut(BaseModel):
    """试运行的结果；未作任何更改。"""

    message_count: int
    changed_messages: int
    change_count: int
    changes: list[RuleChangeOut] = Field(description=f"最先的 {MAX_SHOWN} 项")
    rules: list[ReachedOut]
    unreached: int = Field(description="没有规则适用的留言数")
    unreached_topics: list[AboutOut] = Field(description=f"最多的 {MAX_SHOWN} 个")
    unreached_places: list[AboutOut] = Field(description=f"最多的 {MAX_SHOWN} 个")


@router.post(
    "/rules:try",
    summary="试运行办理规则",
    response_model=TrialOut,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def post_trial(wanted: TrialIn, context: CurrentContext, account: MayRule) -> TrialOut:
    """用已有留言试运行一份规则，不作任何更改。"""
    draft = tuple(rule.as_rule() for rule in wanted.rules)
    shown = FirstChanges(MAX_SHOWN)
    trial = try_rules(context, draft, shown.note, wanted.since)
    return TrialOut(
        message_count=trial.message_count,
        changed_messages=trial.changed_messages,
        change_count=trial.change_count,
        changes=[RuleChangeOut.model_validate(change) for change in shown.changes],
        rules=[
            ReachedOut(name=name, reached=count, deciding=trial.deciding[name])
            for name, count in trial.reached.items()
        ],
        unreached=trial.unreached,
        unreached_topics=_about(trial.topics),
        unreached_places=_about(trial.places),
    )


def _about(counts: Counter[str]) -> list[AboutOut]:
    return [AboutOut(name=name, count=count) for name, count in counts.most_common(MAX_SHOWN)]


@router.get(
    "/rules", summary="办理规则", response_model=RulesOut, responses=problems(401, 403, 503)
)
def get_rules(context: CurrentContext, account: MayRule) -> RulesOut:
    """现行的办理规则；从未更改过的，是随附的规则。"""
    return _in_force(context)


@router.put(
    "/rules",
    summary="更改办理规则",
    response_model=RulesOut,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_rules(wanted: RulesIn, context: CurrentContext, account: MayRule) -> RulesOut:
    """整体替换办理规则，先整体检查；原来的规则留存。"""
    save_rules(context, tuple(rule.as_rule() for rule in wanted.rules), account.name)
    return _in_force(context)


def _in_force(context: Context) -> RulesOut:
    in_force = list_rules(context)
    last = next(iter(list_changes(context, ProvisionKind.RULES)), None)
    return RulesOut(
        rules=[_rule_out(rule) for rule in in_force],
        changed_at=last.at.astimezone(SHANGHAI) if last else None,
        changed_by=last.actor if last else "",
        warnings=list(idle_rules(in_force, context.triage.taxonomy)),
    )


def _rule_out(rule: StandingRule) -> RuleModel:
    return RuleModel(
        name=rule.name,
        words=list(rule.words),
        unless=list(rule.unless),
        places=list(rule.places),
        channels=list(rule.channels),
        sender=rule.sender,
        department=rule.department,
        needs_review=rule.needs_review,
        refusal=rule.refusal,
        is_urgent=rule.is_urgent,
        advice=rule.advice,
        topics=list(rule.topics),
        kinds=list(rule.kinds),
        studio=rule.studio,
        helping=list(rule.helping),
    )
