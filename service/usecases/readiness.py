"""Whether messages can be taken in: schema, disk, model, clock."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta

from service.errors import DatabaseUnavailableError, SettingsError
from service.storage.messages.messages import last_received_at
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.mailing.mailbox import mailbox_problem

_LEAST_FREE_BYTES = 100_000_000
_CLOCKS_DIFFER = timedelta(minutes=5)  # of several machines on one database
_REASONS_ZH = {
    ("schema", "outdated"): "数据库结构不是最新",
    ("schema", "unreachable"): "无法连接数据库",
    ("disk", "full"): "磁盘空间不足",
    ("model", "missing"): "模型文件缺失或未通过检查，留言照收，等待人工办理",
    ("model", "incomplete"): "模型文件不含可用的并案模型，留言不会自动并案",
    ("clock", "behind"): "系统时钟早于最近一件留言的登记时间，请校准时钟",
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each part is "ok" or says what is the matter, in one English word.

    ``schema``: "outdated" or "unreachable"; ``disk``: "full"; ``model``: "missing", with which
    messages are taken in and wait for a person, or "incomplete": it judges and cannot match, so
    that every message would open a matter of its own and nobody notice; ``clock``: "behind" the
    arrival of the last message, by more than five minutes, "unknown" without the database;
    ``mailbox``: "failing" where the last look into it failed, "unknown" without the database. A
    mailbox that fails keeps nothing else from being taken in.
    """

    schema: str
    disk: str
    model: str
    clock: str
    mailbox: str

    @property
    def is_ready(self) -> bool:
        """Whether a message would be taken in now, and judged, matched and routed."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """What keeps it from being ready, in Chinese."""
        parts = (
            ("schema", self.schema),
            ("disk", self.disk),
            ("model", self.model),
            ("clock", self.clock),
        )
        return tuple(_REASONS_ZH[part] for part in parts if part in _REASONS_ZH)


def check_readiness(context: Context) -> Readiness:
    """Look at the schema, the free disk space, the model and the clock."""
    free = shutil.disk_usage(context.settings.home).free
    schema = _schema(context)
    return Readiness(
        schema=schema,
        disk="ok" if free >= _LEAST_FREE_BYTES else "full",
        model=_model(context.triage),
        clock=_clock(context) if schema == "ok" else "unknown",
        mailbox=_mailbox(context) if schema == "ok" else "unknown",
    )


def _model(triage: Triage) -> str:
    if triage.model is None:
        return "missing"
    return "ok" if triage.pair_model is not None else "incomplete"


def _schema(context: Context) -> str:
    try:
        return "ok" if context.database.is_current() else "outdated"
    except DatabaseUnavailableError:
        return "unreachable"


def _mailbox(context: Context) -> str:
    try:
        return "failing" if mailbox_problem(context) else "ok"
    except DatabaseUnavailableError:
        return "unknown"
    except SettingsError:
        return "failing"


def _clock(context: Context) -> str:
    """Deadlines and histories go by the clock: one that was set back is told."""
    try:
        with context.database.reading() as connection:
            last = last_received_at(connection)
    except DatabaseUnavailableError:
        return "unknown"
    return "behind" if last is not None and last - context.now() > _CLOCKS_DIFFER else "ok"
