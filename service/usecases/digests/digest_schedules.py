"""定时汇总: digests that are made by themselves, each by one worker and once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.delivery.mail import check_recipient
from service.digest.form import FORMS
from service.digest.outline.overview_section import compared, handled, most_named, received
from service.digest.periods import Period, PeriodKind
from service.digest.report import Digest
from service.digest.schedule import Timing, check_timing
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.errors import InvalidInputError, MinqingError, NotFoundError
from service.storage.delivery.deliveries import insert_mails
from service.storage.digests import digest_schedules as store
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from service.usecases.digests.kept_digests import render_digest, store_digest

logger = logging.getLogger(__name__)

MONDAY_MORNING = Timing()  # of the week before
SCHEDULER = "定时"  # who made a digest that nobody asked for
MAX_RECIPIENTS = 50
MAX_SCHEDULES = 100
_HELD = timedelta(minutes=10)  # far longer than any digest takes


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest of which share is made, to whom it is mailed, and in which forms."""

    timing: Timing = MONDAY_MORNING
    scope: DigestScope = WHOLE_COUNTY
    recipients: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("docx",)
    id: int = 0
    made_by: str = ""


class _TakenOverError(Exception):
    """Another worker made the digest meanwhile."""


def add_schedule(context: Context, schedule: Schedule, actor: str) -> int:
    """Let digests be made from now on; the id of the schedule.

    Raises
    ------
    InvalidInputError
        There is no such moment, address or form, or there are too many of something.
    """
    check_timing(schedule.timing)
    _check_mail(schedule)
    with context.database.transaction() as connection:
        if len(store.read_schedules(connection)) >= MAX_SCHEDULES:
            raise InvalidInputError(f"定时汇总不能超过 {MAX_SCHEDULES} 项")
        return store.insert_schedule(
            connection,
            period_kind=schedule.timing.kind.value,
            on_day=schedule.timing.on_day,
            at_minute=schedule.timing.at_minute,
            scope_kind=schedule.scope.kind.value,
            scope_key=schedule.scope.key,
            recipients=list(schedule.recipients),
            forms=list(schedule.forms),
            made_by=actor,
            made_at=context.now(),
        )


def _check_mail(schedule: Schedule) -> None:
    for address in schedule.recipients:
        check_recipient(address)
    if len(schedule.recipients) > MAX_RECIPIENTS:
        raise InvalidInputError(f"收件人不能超过 {MAX_RECIPIENTS} 个")
    unknown = [form for form in schedule.forms if f".{form}" not in FORMS]
    if unknown or not schedule.forms:
        raise InvalidInputError("附件的形式须为 docx、html、xlsx 或 json")


def list_schedules(context: Context) -> list[Schedule]:
    """All schedules, by id; one whose share is no longer there bears no name of it."""
    with context.database.reading() as connection:
        rows = store.read_schedules(connection)
    return [_as_schedule(context, row) for row in rows]


def remove_schedule(context: Context, schedule_id: int) -> None:
    """Let a schedule make nothing more; what it made stays.

    Raises
    ------
    NotFoundError
        There is no such schedule.
    """
    with context.database.transaction() as connection:
        if not store.remove_schedule(connection, schedule_id, context.now()):
            raise NotFoundError(f"定时汇总 {schedule_id}")


def make_due_digests(context: Context, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Make what fell due since the schedules were laid down and is not made; how many were.

    Also what fell due while no desk ran (the newest ``MOST_MADE_UP`` periods of a schedule).
    One that fails is told in the log and tried again later.
    """
    with context.database.reading() as connection:
        rows = store.read_schedules(connection)
        made = {row.id: store.made_periods(connection, row.id) for row in rows}
    count = 0
    for row in rows:
        schedule = _as_schedule(context, row)
        for period in schedule.timing.due_periods(row.made_at, context.now()):
            if period.code not in made[row.id] and not is_stopping():
                count += _make_logged(context, schedule, period)
    return count


def _make_logged(context: Context, schedule: Schedule, period: Period) -> bool:
    try:
        return _make_once(context, schedule, period)
    except MinqingError as error:
        logger.warning("定时汇总 %s（%s）没有生成：%s", schedule.id, period.code, error.message)
        return False


def _make_once(context: Context, schedule: Schedule, period: Period) -> bool:
    """Whether this worker made it: the row of schedule and period is held by one alone."""
    now = context.now()
    until = now + _HELD
    with context.database.transaction() as connection:
        if not store.claim_run(connection, schedule.id, period.code, now, until):
            return False
    wanted = find_scope(context, **_asked(schedule.scope))
    rendered = render_digest(make_digest(context, period, wanted))
    try:
        with context.database.transaction() as connection:
            kept_id = store_digest(connection, rendered, SCHEDULER)
            if not store.finish_run(connection, schedule.id, period.code, until, kept_id):
                raise _TakenOverError
            told = {
                "digest_id": kept_id,
                "title": rendered.digest.title,
                "text": _overview_lines(rendered.digest),
                "forms": list(schedule.forms),
            }
            insert_mails(connection, schedule.recipients, told, context.now())
    except _TakenOverError:
        return False
    return True


def _asked(scope: DigestScope) -> dict[str, str]:
    return {} if scope.kind is DigestScopeKind.WHOLE else {scope.kind.value: scope.key}


def _overview_lines(digest: Digest) -> str:
    """What the mail itself says: counts only, no word of any message."""
    told = (received(digest), handled(digest), compared(digest), most_named(digest))
    return "\n\n".join((digest.title, *filter(None, told), "全文见附件。")) + "\n"


def _as_schedule(context: Context, row: Any) -> Schedule:
    told = row._asdict()
    scope = DigestScope(DigestScopeKind(told["scope_kind"]), told["scope_key"])
    with suppress(NotFoundError):  # told when its digest falls due
        scope = find_scope(context, **_asked(scope))
    timing = Timing(PeriodKind(told["period_kind"]), told["on_day"], told["at_minute"])
    recipients, forms = tuple(told["recipients"]), tuple(told["forms"])
    return Schedule(timing, scope, recipients, forms, told["id"], told["made_by"])
