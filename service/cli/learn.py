"""``minqing learn``, and ``minqing model``: what was learned, and which model judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from service.cli.context import open_context
from service.cli.help import ChineseGroup

if TYPE_CHECKING:
    from classifier.judging.taxonomy import Taxonomy
    from service.usecases.in_force.models import ModelList
    from service.usecases.learning.learn import LearnReport, RelearnReport
    from training.comparison import Question, Side

_QUESTIONS_ZH = {
    "topic_l1": "一级主题",
    "topic": "二级主题",
    "department": "承办单位",
    "kind": "诉求类型",
    "urgent": "紧急",
}
_URGENT_ZH = {"1": "紧急", "0": "不紧急"}
_RESTART = "正在运行的工作台重启后才改用它。"
_NAMED = "注意：MINQING_MODEL 指明了模型文件，取消它之前，判断仍用那个文件。"


@click.command("learn")
@click.option(
    "--margin",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="一个类别的准确率最多可降多少。",
)
@click.option(
    "--held-out",
    type=click.FloatRange(0.1, 0.5),
    default=0.3,
    show_default=True,
    help="留出多少更正用来检验。",
)
@click.option("--promote/--no-promote", default=True, help="更好时是否启用；默认启用。")
@click.option(
    "--anew",
    is_flag=True,
    help="不作比较，只用现有的更正重学并启用，此前学到的模型全部删除；删除个人信息之后用。",
)
def learn(margin: float, held_out: float, promote: bool, anew: bool) -> None:
    """从人工更正和确认中学习新模型，与现用的并列比较，更好才启用。"""
    from service.usecases.learning.learn import alone, relearn
    from service.usecases.learning.learn import learn as learn_from_decisions

    context = open_context()
    if anew:
        with alone(context.settings):
            relearned = relearn(context, _show_step)
        _show_relearned(relearned)
        return
    with alone(context.settings):
        report = learn_from_decisions(context, margin, held_out, promote, _show_step)
    _show_comparison(report, context.triage.taxonomy)
    _show_outcome(report, promote, margin, context.triage.taxonomy)


def _show_relearned(report: RelearnReport) -> None:
    click.echo(
        f"更正和确认现有 {report.lesson_count:,} 条；已删除此前的模型 {report.removed_count} 个"
    )
    if report.version:
        click.echo(f"新模型 {report.version} 已启用。{_RESTART}")
        _show_untried(report.untried)
    else:
        click.echo(f"更正和确认太少，不足以学习，改用随附的模型。{_RESTART}")
    if report.is_named:
        click.echo(_NAMED)


def _show_step(step: str, done: int, total: int) -> None:
    click.echo(f"{step} {done}/{total}")


def _show_comparison(report: LearnReport, taxonomy: Taxonomy) -> None:
    click.echo(
        f"更正和确认 {report.stated_count:,} 条，未改判断即交办的 {report.tacit_count:,} 条，"
        f"只知道退单单位不对的 {report.returned_count:,} 条；留出检验 {report.held_out_count:,} 条"
    )
    click.echo(f"准确率：现用 {report.champion}，新 {report.version}")
    for question in report.comparison.questions:
        _show_question(question, taxonomy)
    comparison = report.comparison
    click.echo(f"总计（各项平均）：现用 {comparison.champion:.1%}，新 {comparison.challenger:.1%}")


def _show_question(question: Question, taxonomy: Taxonomy) -> None:
    click.echo(_line(_QUESTIONS_ZH[question.name], question.whole))
    for label, side in question.classes:
        click.echo(_line(f"  {_label(question.name, label, taxonomy)}", side))


def _line(name: str, side: Side) -> str:
    return f"{name}（{side.support:,} 件）：现用 {side.champion:.1%}，新 {side.challenger:.1%}"


def _label(question: str, label: str, taxonomy: Taxonomy) -> str:
    if question in ("topic", "topic_l1"):
        return "／".join(taxonomy.path(label))
    return _URGENT_ZH[label] if question == "urgent" else label


def _show_outcome(report: LearnReport, promote: bool, margin: float, taxonomy: Taxonomy) -> None:
    names = [f"{_QUESTIONS_ZH[q]}“{_label(q, label, taxonomy)}”" for q, label in report.falls]
    if report.is_promoted:
        click.echo(f"新模型 {report.version} 已启用。{_RESTART}")
        if report.is_named:
            click.echo(_NAMED)
    elif not report.comparison.is_better:
        click.echo(f"新模型 {report.version} 总体不比现用的好，未启用。")
    elif names:
        click.echo(
            f"新模型 {report.version} 总体更好，但有类别下降超过 {margin:.0%}，"
            f"未启用：{'、'.join(names)}"
        )
    _show_untried(report.untried)
    if not report.is_promoted and not promote:
        click.echo("按 --no-promote 未启用。")
    if not report.is_promoted:
        click.echo(f"需要时可用 minqing model promote {report.version} 启用。")


def _show_untried(questions: Sequence[str]) -> None:
    if questions:
        names = "、".join(_QUESTIONS_ZH[question] for question in questions)
        click.echo(f"更正和确认还不够检验新模型的把握：复核要求中的{names}，启用后一律送复核。")


@click.group("model", cls=ChineseGroup)
def model() -> None:
    """查看学到的模型，启用或退回。"""


@model.command("list")
def list_command() -> None:
    """列出学到的模型，最新的在前。"""
    from service.domain.deadline import SHANGHAI
    from service.usecases.in_force.models import list_models

    listed = list_models(open_context())
    for one in listed.learned:
        made_at = one.made_at.astimezone(SHANGHAI)
        click.echo(
            f"{one.version}  {one.state.label_zh}  {made_at:%Y-%m-%d %H:%M}  "
            f"学自 {one.lesson_count:,} 条，以 {one.base} 为底；"
            f"{_tried(one.figures)}"
        )
    state = "待用" if listed.active and not listed.is_named else "使用中"
    click.echo(f"{listed.own_version or '（无法读取）'}  {state}  {listed.own_path}")
    if listed.is_named and listed.active:
        click.echo(_NAMED)


def _tried(figures: Mapping[str, float]) -> str:
    if not figures:
        return "未作检验"
    return f"检验 {figures['challenger']:.1%}，当时现用的 {figures['champion']:.1%}"


@model.command("promote")
@click.argument("version")
def promote_command(version: str) -> None:
    """启用一个模型；随附的模型也用它的版本号启用。"""
    from service.usecases.in_force.models import promote_model

    _show_active(promote_model(open_context(), version))


@model.command("rollback")
def rollback_command() -> None:
    """退回到此前使用的模型。"""
    from service.usecases.in_force.models import roll_back_model

    _show_active(roll_back_model(open_context()))


def _show_active(listed: ModelList) -> None:
    version = listed.active.version if listed.active else listed.own_version
    click.echo(f"已启用模型 {version}。{_RESTART}")
    if listed.is_named:
        click.echo(_NAMED)
