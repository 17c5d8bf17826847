"""The desk's log: a file of JSON lines a day, kept for more than six months."""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

from service.errors import SettingsError
from service.web.request_ids import ACCESS_LOG, current_request_id

_KEPT_DAYS = 200  # 网络安全法第二十三条: at least six months


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
    """A file a day that only its owner reads; where it cannot be written the desk goes on."""

    def _open(self) -> object:  # type: ignore[override]
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)


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
