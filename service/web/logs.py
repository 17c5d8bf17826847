"""The desk's log: a file of JSON lines a day, kept for more than six months."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import TextIO

from service.errors import SettingsError
from service.web.request_ids import ACCESS_LOG, current_request_id

_KEPT_DAYS = 200  # 网络安全法第二十三条: at least six months
_TOLD_AGAIN_SECONDS = 60.0  # of a disk that is full again and again


class JsonLines(logging.Formatter):
    """One JSON object a line.

    Of an exception the kind and the places in the code are told, not its words: these can hold
    what a citizen wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": current_request_id.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            told["exception"] = kind.__name__
            told["trace"] = [f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(trace)]
        return json.dumps(told, ensure_ascii=False)


class _Daily(TimedRotatingFileHandler):
    """A file a day that only its owner reads; where it cannot be written the desk goes on.

    What cannot be written is counted. That is told once on the standard error when it begins,
    without the line's words, and in the log itself when it is over.
    """

    _lost_count = 0
    _is_told = False
    _told_at = -_TOLD_AGAIN_SECONDS

    def _open(self) -> TextIO:  # type: ignore[override]
        is_cut = _ends_within_a_line(Path(self.baseFilename))
        path = self.baseFilename
        file = open(path, "a", encoding="utf-8", opener=_private)  # noqa: SIM115 - the handler's
        if is_cut:
            file.write("\n")
        return file

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; after lines that were lost, also how many they were."""
        lost = self._lost_count
        super().emit(record)
        if lost and self._lost_count == lost:
            self._lost_count, self._is_told = 0, False
            told = f"此前有 {lost:,} 行日志没有写下"
            super().emit(logging.makeLogRecord(_as_warning(told)))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base's name
        """Count a line that was not written; what was half written is not tried again."""
        error = sys.exc_info()[1]
        self._lost_count += 1
        broken, self.stream = self.stream, None
        if broken is not None:
            with suppress(OSError, ValueError):
                broken.close()
        now = time.monotonic()
        if self._is_told or now - self._told_at < _TOLD_AGAIN_SECONDS:
            return
        self._is_told, self._told_at = True, now
        why = getattr(error, "strerror", None) or type(error).__name__
        with suppress(OSError, ValueError):  # it may be closed, or lie on the same disk
            sys.stderr.write(f"日志 {self.baseFilename} 写不进去（{why}），恢复之后再记\n")


def _as_warning(message: str) -> dict[str, object]:
    return {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING", "msg": message}


def _ends_within_a_line(path: Path) -> bool:
    """Whether the last line of a file was cut off, by a full disk or a power cut."""
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:  # not there, or empty
        return False


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def log_to(folder: Path, name: str) -> logging.Handler:
    """Let all that is logged from now on go to ``folder/name.jsonl`` too.

    At midnight (UTC) the file gets the day behind its name, and the oldest of more than 200 is
    deleted. Each process needs a name of its own.

    Raises
    ------
    SettingsError
        The file cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _Daily(
            folder / f"{name}.jsonl", when="midnight", backupCount=_KEPT_DAYS, utc=True
        )
    except OSError as error:
        raise SettingsError(f"日志 {folder} 无法写入（{error.strerror}）") from error
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger(ACCESS_LOG).setLevel(logging.INFO)
    return handler
