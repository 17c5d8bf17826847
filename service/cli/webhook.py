"""``minqing webhook``."""

from __future__ import annotations

import click

from service.cli.context import ACTOR, begin_context, open_context
from service.cli.help import ChineseGroup
from service.domain.delivery import WEBHOOK_EVENTS, DeliveryState, EventType


@click.group("webhook", cls=ChineseGroup)
def webhook() -> None:
    """管理推送和投递。"""


@webhook.command("list")
def list_all() -> None:
    """列出推送地址，以及没有投递成功的。"""
    from service.usecases.delivery.delivering import list_deliveries
    from service.usecases.delivery.webhooks import list_webhooks

    context = open_context()
    for one in list_webhooks(context):
        events = "、".join(each.value for each in one.events)
        failed = f"  连续失败 {one.failure_count} 次" if one.failure_count else ""
        click.echo(f"{one.id}  {one.url}  {events}{failed}")
    for dead in list_deliveries(context, DeliveryState.DEAD):
        told = f"{dead.event_type.value}  {dead.recipient}  {dead.problem}"
        click.echo(f"投递失败 {dead.id}  {told}")


@webhook.command("add")
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    required=True,
    type=click.Choice([each.value for each in WEBHOOK_EVENTS]),
    help="、".join(f"{each.value} {each.label_zh}" for each in WEBHOOK_EVENTS),
)
def add(url: str, events: tuple[str, ...]) -> None:
    """添加推送地址，显示签名的密钥，只显示一次。"""
    from service.usecases.delivery.webhooks import add_webhook

    made = add_webhook(begin_context(), url, [EventType(each) for each in events], ACTOR)
    click.echo(f"推送 {made.webhook_id} 的密钥（只显示这一次，请记下）：{made.secret}")


@webhook.command("remove")
@click.argument("number", type=int)
def remove(number: int) -> None:
    """删除推送地址；还没有投递的不再投递。"""
    from service.usecases.delivery.webhooks import remove_webhook

    remove_webhook(open_context(), number)
    click.echo(f"推送 {number} 已删除。")


@webhook.command("retry")
@click.argument("number", type=int)
def retry(number: int) -> None:
    """再次投递一次（编号见 list）；由运行中的工作台投递。"""
    from service.usecases.delivery.delivering import deliver_again

    deliver_again(open_context(), number)
    click.echo(f"投递 {number} 将再次进行。")
