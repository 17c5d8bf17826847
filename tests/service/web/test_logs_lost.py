"""A log that cannot be written: told once in plain words, counted, and gone on with."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.web import logs
from service.web.logs import log_to

logger = logging.getLogger("tests.lost")


class FullDisk:
    """A stream on a disk without room."""

    def __init__(self) -> None:
        self.is_closed = False

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        self.is_closed = True
        self.flush()


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[logging.Handler]:
    made = log_to(tmp_path / "logs", "desk")
    yield made
    logging.getLogger().removeHandler(made)
    made.close()


def put(handler: logging.Handler, disk: FullDisk) -> None:
    """Let the file that is open turn out to lie on such a disk."""
    assert isinstance(handler, logging.FileHandler)
    handler.close()
    vars(handler).update(stream=disk, _closed=False)


def lines(path: Path) -> list[str]:
    return [json.loads(each)["message"] for each in path.read_text("utf-8").splitlines()]


def test_an_outage_is_one_plain_line_and_its_end_is_told_in_the_log(
    handler: logging.Handler,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "logs" / "desk.jsonl"
    logger.warning("前")
    with monkeypatch.context() as full:
        disk = FullDisk()
        full.setattr(type(handler), "_open", lambda self: disk)
        put(handler, disk)
        for number in range(50):
            logger.warning("居民陈某的来信 %d", number)
        assert disk.is_closed
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert f"日志 {path} 写不进去（{os.strerror(errno.ENOSPC)}）" in told
    assert "陈某" not in told
    logger.warning("后")
    assert lines(path) == ["前", "后", "此前有 50 行日志没有写下"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("seconds", "told_count"), [(0.0, 3), (60.0, 1)])
def test_a_disk_that_is_full_again_and_again_is_told_once_a_minute(
    *,
    handler: logging.Handler,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    seconds: float,
    told_count: int,
) -> None:
    monkeypatch.setattr(logs, "_TOLD_AGAIN_SECONDS", seconds)
    for _ in range(3):
        put(handler, FullDisk())
        logger.warning("失")
        logger.warning("得")
    assert capfd.readouterr().err.count("\n") == told_count


def test_a_line_that_cannot_be_made_costs_no_other(
    handler: logging.Handler, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    handler.handle(logging.makeLogRecord({"msg": "%d", "args": ("不是数",)}))
    logger.warning("后")
    assert capfd.readouterr().err.count("\n") == 1
    assert lines(tmp_path / "logs" / "desk.jsonl") == ["后", "此前有 1 行日志没有写下"]


def test_after_a_cut_line_a_new_one_begins(tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl"
    path.write_text('{"message": "前"}\n{"mess', "utf-8")
    made = log_to(tmp_path, "desk")
    logger.warning("后")
    logging.getLogger().removeHandler(made)
    made.close()
    assert json.loads(path.read_text("utf-8").splitlines()[-1])["message"] == "后"


def test_a_disk_that_is_really_full(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """On a small disk of its own, where one may be made."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount")
    try:
        made = log_to(folder, "desk")
        for _ in range(100):
            logger.warning("长" * 1_000)
        lost = capfd.readouterr().err
        (folder / "desk.jsonl").write_bytes(b"")
        logger.warning("后")
        logging.getLogger().removeHandler(made)
        made.close()
        assert lost.count("\n") == 1
        assert "后" in lines(folder / "desk.jsonl")
    finally:
        subprocess.run(["umount", str(folder)], check=True)
