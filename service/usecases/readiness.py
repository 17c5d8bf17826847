"""Whether messages can be taken in: schema, disk, model."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from service.errors import DatabaseUnavailableError
from service.triage.pipeline import Triage
from service.usecases.context import Context

_LEAST_FREE_BYTES = 100_000_000
_REASONS_ZH = {
    ("schema", "outdated"): "数据库结构不是最新",
    ("schema", "unreachable"): "无法连接数据库",
    ("disk", "full"): "磁盘空间不足",
    ("model", "missing"): "模型文件缺失或未通过检查，留言照收，等待人工办理",
    ("model", "incomplete"): "模型文件不含可用的并案模型，留言不会自动并案",
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each part is "ok" or says what is the matter, in one English word.

    ``schema``: "outdated" or "unreachable"; ``disk``: "full"; ``model``: "missing", with which
    messages are taken in and wait for a person, or "incomplete": it judges and cannot match, so
    that every message would open a matter of its own and nobody notice.
    """

    schema: str
    disk: str
    model: str

    @property
    def is_ready(self) -> bool:
        """Whether a message would be taken in now, and judged, matched and routed."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """What keeps it from being ready, in Chinese."""
        parts = (("schema", self.schema), ("disk", self.disk), ("model", self.model))
        return tuple(_REASONS_ZH[part] for part in parts if part in _REASONS_ZH)


def check_readiness(context: Context) -> Readiness:
    """Look at the schema, the free disk space and the model."""
    free = shutil.disk_usage(context.settings.home).free
    return Readiness(
        schema=_schema(context),
        disk="ok" if free >= _LEAST_FREE_BYTES else "full",
        model=_model(context.triage),
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
