"""What a running desk does by itself, day by day."""

from __future__ import annotations

import asyncio
import logging

from service.errors import MinqingError
from service.usecases.audit import seal_histories
from service.usecases.context import Context

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 3600.0


async def seal_daily(context: Context, every: float = _EVERY_SECONDS) -> None:
    """Seal the histories once a day, for as long as the desk runs.

    Of several desks on one database the first of the day does it. A database that is away is
    tried again later.

    Parameters
    ----------
    every
        Seconds between two looks at the day.
    """
    while True:
        try:
            await asyncio.to_thread(seal_histories, context)
        except MinqingError as error:
            logger.warning("办理经过没有封存：%s", error.message)
        await asyncio.sleep(every)
