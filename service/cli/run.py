"""``minqing run`` (the demo county) and ``minqing serve``."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.context import complete_and_tell
from service.domain.deadline import SHANGHAI
from service.errors import SettingsError

if TYPE_CHECKING:
    from service.settings import Settings
    from service.usecases.context import Context

_EXAMPLES = 3
_TIME = "时间"
_LEAVE_SECONDS = 30  # for running requests when the desk is stopped
# Statements leave garbage in circles, some 90 objects a look-up: a hundred megabytes of it for each
# worker if it were looked for as seldom as in an import.
_NEW_OBJECTS = 20_000
_PACE = 30  # days of the samples that are told as one


@click.command("run")
def run() -> None:
    """首次运行载入示例县并分办其留言，随后打开工作台，Ctrl-C 结束。"""
    from service.settings import read_settings

    settings = read_settings()
    _check_port(settings)
    context = _open_with_demo(settings)
    complete_and_tell(context)
    _show_summary(context)
    _serve(context)


@click.command("serve")
def serve() -> None:
    """打开工作台，不载入示例，Ctrl-C 结束。"""
    from service.composition import build_context, with_directory
    from service.settings import read_settings

    settings = read_settings()
    _check_port(settings)
    context = with_directory(build_context(settings))
    complete_and_tell(context)
    _show_address(context)
    _serve(context)


def _check_port(settings: Settings) -> None:
    """Say at once when the port is taken, before a minute's work."""
    try:
        places = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = places[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:  # a name of empty or overlong labels has no form
        raise SettingsError(f"{_address(settings)} 无法使用，可用 MINQING_PORT 另选端口") from error


def _address(settings: Settings) -> str:
    """Host and port as an address has them: IPv6 in brackets (RFC 3986)."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def _open_with_demo(settings: Settings) -> Context:
    """Everything opened; the demo county is loaded unless there is a directory.

    The directory is stored last: a first run that is broken off begins again, losing nothing.
    """
    from service.composition import build_context, build_triage, read_shipped_directory
    from service.usecases.administration.organisation import AT_START, save_book
    from service.usecases.in_force.follow_organisation import follow_organisation

    context = build_context(settings)
    if context.triage.organisation.committees:
        return context
    files = read_shipped_directory(settings)
    context = replace(context, triage=build_triage(settings, files.organisation))
    _load_samples(context, settings.data / "samples" / "messages")
    save_book(context, files.book, AT_START)
    return follow_organisation(context)


def _load_samples(context: Context, folder: Path) -> None:
    from service.intake.messages import ReadOptions
    from service.usecases.intake.import_file import ImportSummary, import_file

    files = sorted(folder.glob("*.jsonl"))
    total = sum(path.read_bytes().count(b"\n") for path in files)
    now = context.now()
    newest = _newest_time(files, now)
    options = ReadOptions(
        now=max(now, newest),
        max_text_chars=context.settings.max_text_chars,
        retime=_as_if_lately(newest, now),
    )
    with click.progressbar(length=total, label="分办示例留言") as bar:
        for path in files:
            done = 0

            def advance(summary: ImportSummary) -> None:
                nonlocal done
                bar.update(summary.row_count - done)
                done = summary.row_count

            rejects = context.settings.home / f"{path.stem}.rejects.csv"
            import_file(
                context,
                path,
                f"samples/{path.stem}",
                options,
                rejects_path=rejects,
                progress=advance,
            )


def _newest_time(files: Sequence[Path], now: datetime) -> datetime:
    """When the newest sample is said to be sent, perhaps after now; now where there is none."""
    lines = (line for path in files for line in path.read_text("utf-8").splitlines())
    told = (datetime.fromisoformat(json.loads(line)[_TIME]) for line in lines)
    return max((when.replace(tzinfo=SHANGHAI) for when in told), default=now)


def _as_if_lately(newest: datetime, now: datetime) -> Callable[[datetime], datetime]:
    """Tell the samples' two years as the three weeks before now, the newest of them today.

    As written all of them would be overdue, and no week would have more than a few.
    """

    def retimed(sent_at: datetime) -> datetime:
        age = (newest.astimezone(SHANGHAI).date() - sent_at.astimezone(SHANGHAI).date()).days
        day = now.astimezone(SHANGHAI).date() - timedelta(days=age // _PACE)
        moved = datetime.combine(day, sent_at.astimezone(SHANGHAI).time(), SHANGHAI)
        return min(moved, now)

    return retimed


def _show_summary(context: Context) -> None:
    from service.usecases.matters.queue import QueueFilter, count_queue_by_studio, list_queue
    from service.usecases.status import count_all

    counts = count_all(context)
    studios = context.triage.organisation.studio_by_code
    click.echo(
        f"留言 {counts['messages']:,} 件 · 事项 {counts['matters']:,} 个 · "
        f"待复核 {counts['review']:,} · 已交办 {counts['assigned']:,} · 紧急 {counts['urgent']:,}"
    )
    click.echo("待办最多的工作室：")
    for code, count in count_queue_by_studio(context)[:8]:
        name = studios[code].name if code in studios else "（未定）"
        click.echo(f"  {count:>4}  {name}")
    click.echo("分办示例：")
    for matter in list_queue(context, QueueFilter(), limit=_EXAMPLES).matters:
        _show_decision(context, matter.id)
    _show_address(context)


def _show_decision(context: Context, matter_id: int) -> None:
    from service.usecases.matters.matter_file import show_matter

    case = show_matter(context, matter_id)
    judged = case.classification
    click.echo(f"  {case.matter.number} {case.matter.title[:36]}")
    if judged is not None:
        topic = "／".join(context.triage.taxonomy.path(judged.topic.label))
        click.echo(
            f"    {topic}（{judged.topic.probability:.0%}）· {judged.department.label}"
            f"（{judged.department.probability:.0%}）· {judged.kind_zh}"
        )
    for reason in case.assignment.because[:2]:
        click.echo(f"    因为：{reason}")


def _show_address(context: Context) -> None:
    from service.usecases.accounts.accounts import ADMINISTRATOR, ensure_administrator

    password = ensure_administrator(context)
    if password is not None:
        click.echo(f"管理员 {ADMINISTRATOR} 的密码（只显示这一次，请记下）：{password}")
    click.echo(f"工作台地址：http://{_address(context.settings)}/  （Ctrl-C 结束）")


def _serve(context: Context) -> None:
    import uvicorn

    from service.app import create_app
    from service.usecases.matching.crew import look_seldom_for_garbage
    from service.web.logs import log_to

    settings = context.settings
    _tell_errors_on_screen()
    log_to(settings.logs_path, f"desk-{settings.port}")
    app = create_app(context)
    look_seldom_for_garbage(_NEW_OBJECTS)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_LEAVE_SECONDS,
    )


def _tell_errors_on_screen() -> None:
    """Warnings go to standard error, as before; the log takes more."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for handler in root.handlers:
        handler.setLevel(logging.WARNING)
