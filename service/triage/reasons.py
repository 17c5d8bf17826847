"""The lines that tell a clerk why a matter goes where it goes."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.reading.places import Place
from service.domain.classification import Classification
from service.domain.organisation import Committee, CommitteeLevel, Member, Studio, StudioKind
from service.domain.standing_rule import Applied, StandingRule
from service.triage.proposal import Proposed
from service.triage.roster import Fit
from service.triage.steps import Rule, Step

NO_TOPIC = "工作室：主题未知，按专题分工的工作室无从判断，请人工决定"
NO_STUDIO = "工作室：本级和上级都没有能受理的工作室，请人工决定"
NO_MEMBER = "委员：工作室当日没有可派的委员，请人工决定"

_FIT = {
    Fit.LEVEL_2: "专长写明“{second}”",
    Fit.LEVEL_1: "专长含“{first}”",
    Fit.SIBLING: "专长属“{first}”的其他方面",
    Fit.SECTOR: "界别（{sector}）相近",
}


def place_line(place: Place, nearest: Committee | None, committees: Sequence[Committee]) -> str:
    """Whose the message is by its place."""
    if not place.code:
        if not committees:
            return "地点：来信没有写明地点，也没有可兜底的政协"
        return f"地点：来信没有写明地点，由{committees[0].name}兜底"
    if nearest is None:
        return f"地点：来信写到{place.name}，不在组织目录的范围内"
    if not committees:
        return f"地点：来信写到{place.name}，{nearest.name}及其上级都没有工作室"
    is_group = nearest.level is CommitteeLevel.LIAISON and nearest.parent == committees[0].code
    if committees[0] is nearest or is_group:
        return f"地点：来信写到{place.name}，归{nearest.name}"
    return f"地点：来信写到{place.name}，归{committees[0].name}（{nearest.name}没有自己的工作室）"


def step_line(step: Step, studio: Studio, topic: str, share: float) -> str:
    """Which rule chose the studio."""
    if step.rule is Rule.AREA:
        return f"工作室：{studio.name}的地域含{step.area}"
    if not topic:
        return f"工作室：{studio.name}受理全部主题（{step.rule.label_zh}）"
    if step.rule is Rule.TOPIC:
        by_sector = studio.kind is StudioKind.SECTOR and not studio.topics
        what = f"界别（{studio.sector}）" if by_sector else "专题"
        kind = studio.kind.label_zh
        return f"工作室：{kind}工作室{studio.name}的{what}含“{topic}”（符合度{share:.0%}）"
    where = step.committee.name
    return f"工作室：转{where}线上的{studio.name}，其专题含“{topic}”（符合度{share:.0%}）"


def tie_line(studio: Studio, rivals: Sequence[str], open_matters: int) -> str:
    """Workload decided between equals."""
    return f"工作室：与{'、'.join(rivals)}符合度相同，{studio.name}在办{open_matters}件，相对较少"


def wish_of_door_line(studio: Studio) -> str:
    """The door named the studio."""
    return f"工作室：来信由{studio.name}的入口提交"


def wish_of_writer_line(studio: Studio, member: Member | None) -> str:
    """The writer named the studio, or a member of it."""
    if member is None:
        return f"工作室：来信点名{studio.name}"
    return f"工作室：来信点名{member.name}委员，由其所在的{studio.name}承接"


def unknown_door_line(code: str) -> str:
    """The door named a studio that is not there."""
    return f"工作室：入口指定的“{code}”不在组织目录中，改按规则分派"


def wish_of_rule_line(applied: Applied, studio: Studio) -> str:
    """An administrator's rule named the studio."""
    return f"工作室：规则“{applied.rule.name}”（{applied.because}）指定{studio.name}"


def unknown_studio_of_rule_line(applied: Applied) -> str:
    """An administrator's rule named a studio that is not there."""
    rule = applied.rule
    return f"工作室：规则“{rule.name}”指定的“{rule.studio}”不在组织目录中，不按它分派"


def later_rules_line(rules: Sequence[StandingRule]) -> str:
    """Rules that would have named a studio, had none before them."""
    named = "、".join(f"规则“{rule.name}”（{rule.studio}）" for rule in rules)
    return f"次选：{named}也适用，次序在后"


def refused_wish_line(names: Sequence[str], committee: str) -> str:
    """A studio that was named belongs to another place."""
    return f"工作室：来信点名的{'、'.join(names)}不属{committee}及其上级，仍按地点分派"


def runners_up_line(scored: Sequence[tuple[str, float]]) -> str:
    """Who came next: names with their chance, 0 for one that a later rule would take."""
    return "次选：" + "、".join(f"{name}（{p:.0%}）" if p else name for name, p in scored)


def member_line(chosen: Proposed, fit: Fit, is_convener: bool, topic: str) -> str:
    """Why the first member."""
    meant = chosen.stands_in_for or chosen.member
    first, _, second = topic.partition("/")
    if fit in _FIT:
        why = _FIT[fit].format(first=first, second=f"{first}/{second}", sector=meant.sector)
    else:
        why = "召集人" if is_convener else "没有对口专长，按名册次序"
    if chosen.stands_in_for is None:
        return f"委员：{meant.name}，{why}"
    return f"委员：{meant.name}（{why}）当日缺席，由代理委员{chosen.member.name}接"


def on_duty_line(line: str) -> str:
    """The member that a line is about is on duty that day."""
    return f"{line}，当日值班"


def passed_over_line(studio: Studio) -> str:
    """A studio was meant whose members are all away or involved."""
    return f"工作室：{studio.name}当日没有可派的委员（缺席或须回避），顺延"


def avoided_line(member: Member, name: str) -> str:
    """Why a member is not proposed."""
    what = "是来信人或被来信提到" if name == member.name else f"的单位被来信提到（{name}）"
    return f"回避：{member.name}委员{what}"


def department_by_judgement(classification: Classification) -> str:
    """The classification names the department."""
    verdict = classification.department
    if classification.decided_by != "model":
        return f"承办单位：{verdict.label}，由人工确定"
    return f"承办单位：模型判断为{verdict.label}（{verdict.probability:.0%}）"


def department_by_text(department: str) -> str:
    """No classification: the text's own word, if it has one."""
    if not department:
        return "承办单位：没有分类结果，文中也没有写到承办单位，请人工决定"
    return f"承办单位：没有分类结果，按文中写到的定为{department}"


def departments_disagree(named: Sequence[str], department: str) -> str:
    """The text names others than the classification."""
    return f"承办单位：文中写到的是{'、'.join(named[:3])}，与{department}不一致，请核对"


def department_by_rule(department: str) -> str:
    """No classification: what the administrator's rules suggest."""
    return f"承办单位：没有分类结果，按办理规则定为{department}"
