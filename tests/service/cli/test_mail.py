"""``minqing mail import``: files of mails, one by one; what cannot be taken in is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.service.usecases.mailing.test_mails import letter


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["mail", *map(str, arguments)])
    return done.exit_code, done.output


def test_files_and_folders_are_taken_in_once(tmp_path: Path) -> None:
    folder = tmp_path / "来信" / "三月"
    folder.mkdir(parents=True)
    for number in (1, 2):
        (folder / f"{number}.eml").write_bytes(letter(number))
    (folder / "3.EML").write_bytes(letter(3, Auto_Submitted="auto-replied"))
    (folder / "note.txt").write_text("no mail")
    (folder / "broken.eml").write_bytes(bytes(99))
    code, told = run("import", tmp_path / "来信")
    assert code == 0
    assert "登记 2 封，此前已有 0 封，未能登记 2 封" in told
    assert "自动发出的邮件" in told
    code, told = run("import", folder / "1.eml", tmp_path / "missing.eml")
    assert "登记 0 封，此前已有 1 封，未能登记 1 封" in told
    assert "无法读取" in told


def test_without_a_mailbox_there_is_nothing_to_fetch() -> None:
    code, told = run("fetch")
    assert code == 2
    assert "MINQING_IMAP_HOST" in told
