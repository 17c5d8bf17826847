"""``minqing mail``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from service.cli.context import begin_context
from service.cli.help import ChineseGroup
from service.errors import InvalidInputError


@click.group("mail", cls=ChineseGroup)
def mail() -> None:
    """邮件来信：导入邮件文件，查看邮箱。"""


@mail.command("import")
@click.argument(
    "paths", metavar="文件或文件夹...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def import_command(paths: tuple[Path, ...]) -> None:
    """登记邮件文件（.eml），文件夹连同其下各级；同一封只登记一次，不寄回执。"""
    from service.usecases.mailing.mails import set_aside, take_in_mail

    context = begin_context()
    counts = {"new": 0, "known": 0, "refused": 0}
    for path in _files(paths):
        raw = b""
        try:
            raw = _read(path)
            taken = take_in_mail(context, raw, context.now(), is_answered=False)
        except InvalidInputError as error:
            counts["refused"] += 1
            set_aside(context, str(path), raw, error)
            click.echo(f"{path}：{error.message}", err=True)
        else:
            counts["new" if taken.received.is_new else "known"] += 1
    click.echo(
        f"登记 {counts['new']:,} 封，此前已有 {counts['known']:,} 封，"
        f"未能登记 {counts['refused']:,} 封"
    )


@mail.command("fetch")
def fetch() -> None:
    """现在就查看邮箱；运行中的工作台每分钟自己查看一次。"""
    from service.usecases.mailing.mailbox import look_into_mailbox

    context = begin_context()
    if not context.settings.imap_host:
        raise InvalidInputError("没有设置邮箱（MINQING_IMAP_HOST）")
    look = look_into_mailbox(context)
    if look is None:
        click.echo("别的进程正在查看，或者上次没有完成、还不到再试的时间")
        return
    click.echo(
        f"登记 {look.new_count:,} 封，此前已有 {look.known_count:,} 封，"
        f"未能登记 {look.refused_count:,} 封"
    )


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*.[eE][mM][lL]") if each.is_file())
        else:
            yield path


def _read(path: Path) -> bytes:
    from service.intake.email_message import MAX_MAIL_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_MAIL_BYTES + 1)
    except OSError as error:
        raise InvalidInputError(f"无法读取（{error.strerror}）") from error
