"""``minqing erase``, which asks before what cannot be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.context import open_context
from service.storage import tables
from tests.service.cli.conftest import Command, told
from tests.service.usecases.books import rows, stored_texts

WHY = ("--ground", "withdrawn", "--reason", "来信人书面申请")


def test_it_asks_and_erases_by_the_receipt(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text("标题,内容,时间\n井盖,碧桐巷的窨井盖被车压翻,2026-03-01\n", encoding="utf-8")
    assert command("import", file).exit_code == 0
    context = open_context()
    receipt = rows(context, tables.message)[0]["receipt"]
    said_no = CliRunner().invoke(main, ["erase", receipt, *WHY], input="n\n")
    assert said_no.exit_code == 1
    assert stored_texts(context) == [("井盖", "碧桐巷的窨井盖被车压翻")]
    done = command("erase", receipt.lower(), *WHY, "--yes")
    assert "已删除：留言 1 条" in done.stdout
    assert stored_texts(context) == [("", "")]
    assert "已经依法删除" in told(command("erase", receipt, *WHY, "--yes"))
    # The same file once more brings nothing back, and keeps no row elsewhere.
    assert command("import", file).exit_code == 0
    assert stored_texts(context) == [("", "")]
    assert rows(context, tables.reject) == []
    context.database.close()


@pytest.mark.usefixtures("begun")
def test_what_is_wrong_is_told(command: Command) -> None:
    assert "没有这个回执码" in told(command("erase", "0000-0000", *WHY, "--yes"))
    assert told(command("erase", "0000-0000", "--ground", "whim", "--reason", "想删"))
    assert told(command("erase", "0000-0000", "--ground", "expired"))
