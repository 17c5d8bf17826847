"""What a running desk does by itself, day by day."""

from __future__ import annotations

import asyncio
import logging

from service.errors import MinqingError
from service.usecases.casework.reminding import remind
from service.usecases.context import Context
from service.usecases.upkeep.audit import seal_histories
from service.usecases.upkeep.retention import apply_retention

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 3600.0


async def work_daily(context: Context, every: float = _EVERY_SECONDS) -> None:
    """Seal the histories, remind of what will be late, and let go what was kept for its period.

    As long as the desk runs. Of several desks on one database the first does it. A database that
    is away is tried again later.

    Parameters
    ----------
    every
        Seconds between two looks at the day.
    """
    while True:
        try:
            await asyncio.to_thread(seal_histories, context)
            await asyncio.to_thread(remind, context)
            await asyncio.to_thread(apply_retention, context)
        except MinqingError as error:
            logger.warning("每天的封存、提醒和到期删除没有完成：%s", error.message)
        await asyncio.sleep(every)
