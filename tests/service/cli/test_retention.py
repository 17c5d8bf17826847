"""``minqing retention`` shows the periods and what is over them, and changes nothing."""

from __future__ import annotations

import pytest

from service.cli.context import open_context
from service.storage import tables
from service.usecases.intake.idempotency import replay_or_run
from tests.service.cli.conftest import Command
from tests.service.usecases.books import rows


@pytest.mark.usefixtures("begun")
def test_it_shows_and_tells_and_leaves_all_as_it_is(command: Command) -> None:
    shown = command("retention")
    assert "来信和来信人：办结后几年：一直保存" in shown.stdout
    assert "届满" not in shown.stdout
    context = open_context()
    replay_or_run(context, "k", bytes(32), lambda: (201, {}))
    with context.database.transaction() as connection:
        old = context.now().replace(year=context.now().year - 1, day=1)
        connection.execute(tables.idempotency.update().values(begun_at=old))
    assert "接口留存的应答 1 条" in command("retention", "--dry-run").stdout
    assert len(rows(context, tables.idempotency)) == 1
    context.database.close()
