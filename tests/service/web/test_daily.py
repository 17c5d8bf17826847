"""A running desk seals the histories by itself, and outlives a database that is away."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from service.storage import tables
from service.storage.database import Database
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.web.daily import work_daily
from tests.makers import Clock, a_message
from tests.service.usecases.books import rows


async def run_a_while(context: Context, clock: Clock | None = None) -> None:
    task = asyncio.create_task(work_daily(context, every=0.05))
    for _ in range(6):
        await asyncio.sleep(0.1)
        if clock is not None:
            clock.forward(days=1)
            receive_messages(context, [a_message(external_id=str(clock.at))])
    assert not task.done()
    task.cancel()


def test_each_day_is_sealed_once(context: Context, clock: Clock) -> None:
    receive_messages(context, [a_message()])
    asyncio.run(run_a_while(context))
    assert len(rows(context, tables.seal)) == 1
    asyncio.run(run_a_while(context, clock))
    sealed = [row["at"].date() for row in rows(context, tables.seal)]
    assert len(sealed) == len(set(sealed)) > 1


def test_a_database_that_is_away_is_told_and_tried_again(
    context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    away = replace(context, database=Database("postgresql://nobody@127.0.0.1:9/none"))
    asyncio.run(run_a_while(away))
    away.database.close()
    assert "没有完成" in caplog.text
