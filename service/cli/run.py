"""``minqing run`` (the demo county) and ``minqing serve``."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.errors import SettingsError

if TYPE_CHECKING:
    from service.settings import Settings
    from service.usecases.context import Context

_EXAMPLES = 3


@click.command("run")
def run() -> None:
    """首次运行载入示例县并分办其留言，随后打开工作台，Ctrl-C 结束。"""
    from service.settings import read_settings

    settings = read_settings()
    _check_port(settings)
    context = _open_with_demo(settings)
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
    _show_address(context)
    _serve(context)


def _check_port(settings: Settings) -> None:
    """Say at once when the port is taken, before a minute's work."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"{settings.host}:{settings.port} 无法使用，可用 MINQING_PORT 另选端口"
            ) from error


def _open_with_demo(settings: Settings) -> Context:
    """Everything opened; the demo county is loaded unless there is a directory.

    The directory is stored last: a first run that is broken off begins again, losing nothing.
    """
    from service.composition import build_context, build_triage, read_shipped_directory
    from service.usecases.load_directory import save_directory

    context = build_context(settings)
    if context.triage.organisation.committees:
        return context
    files = read_shipped_directory(settings)
    context = replace(context, triage=build_triage(settings, files.organisation))
    _load_samples(context, settings.data / "samples" / "messages")
    save_directory(context.database, files.organisation, files.activities)
    return context


def _load_samples(context: Context, folder: Path) -> None:
    from service.intake.messages import ReadOptions
    from service.usecases.import_file import ImportSummary, import_file

    files = sorted(folder.glob("*.jsonl"))
    total = sum(path.read_bytes().count(b"\n") for path in files)
    options = ReadOptions(now=context.now(), max_text_chars=context.settings.max_text_chars)
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


def _show_summary(context: Context) -> None:
    from service.usecases.queue import QueueFilter, count_queue_by_studio, list_queue
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
    from service.usecases.matters import show_matter

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
    from service.usecases.accounts import ADMINISTRATOR, ensure_administrator

    settings = context.settings
    password = ensure_administrator(context)
    if password is not None:
        click.echo(f"管理员 {ADMINISTRATOR} 的密码（只显示这一次，请记下）：{password}")
    click.echo(f"工作台地址：http://{settings.host}:{settings.port}/  （Ctrl-C 结束）")


def _serve(context: Context) -> None:
    import uvicorn

    from service.app import create_app

    settings = context.settings
    logging.getLogger().setLevel(logging.WARNING)
    uvicorn.run(create_app(context), host=settings.host, port=settings.port, log_level="warning")
