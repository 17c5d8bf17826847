"""What a running desk does beside answering: scheduled digests, deliveries, the mailbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from service.domain.deadline import SHANGHAI
from service.domain.delivery import DeliveryChannel
from service.errors import MinqingError
from service.usecases.context import Context
from service.usecases.delivery.delivering import deliver_due
from service.usecases.digests.digest_schedules import make_due_digests
from service.usecases.in_force.follow_organisation import follow_organisation
from service.usecases.mailing.mailbox import look_into_mailbox

logger = logging.getLogger(__name__)

DELIVER_SECONDS = 3
DIGEST_SECONDS = 30
MAILBOX_SECONDS = 60
Work = Callable[[Context, Callable[[], bool]], object]


class Background:
    """Looks again and again for what is due; of several desks on one database one does each.

    Parameters
    ----------
    deliver_seconds, digest_seconds, mailbox_seconds
        Between two looks at the outbox, at the schedules, and into the mailbox.
    """

    def __init__(
        self,
        context: Context,
        deliver_seconds: float = DELIVER_SECONDS,
        digest_seconds: float = DIGEST_SECONDS,
        mailbox_seconds: float = MAILBOX_SECONDS,
    ) -> None:
        self._context = context
        self._stopping = Event()
        # That a look is left out while the one before is still at work is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=SHANGHAI,
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        works: tuple[tuple[str, float, Work], ...] = (
            ("定时汇总", digest_seconds, make_due_digests),
            ("推送", deliver_seconds, partial(_deliver, DeliveryChannel.WEBHOOK)),
            ("邮件", deliver_seconds, partial(_deliver, DeliveryChannel.MAIL)),
            ("邮箱", mailbox_seconds, look_into_mailbox),
        )
        for name, seconds, work in works:
            self._scheduler.add_job(self._do, "interval", (name, work), seconds=seconds)

    def start(self) -> None:
        """Begin, in threads of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """End: what is being done is done, nothing else is begun."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _do(self, name: str, work: Work) -> None:
        """One look; a database that is away is tried again later."""
        if self._stopping.is_set():
            return
        try:
            self._context = follow_organisation(self._context)
            work(self._context, self._stopping.is_set)
        except MinqingError as error:
            logger.warning("%s没有完成：%s", name, error.message)


def _deliver(channel: DeliveryChannel, context: Context, is_stopping: Callable[[], bool]) -> object:
    return deliver_due(context, channel, is_stopping)
