"""``minqing serve`` told to stop (SIGTERM) under load: what runs ends, nothing is lost."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tests.service.cli.test_process import PROGRAM, ROOT

CLIENTS = 4


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def desk(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The desk as it is served, without a model so that it starts quickly."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MINQING_")}
    settings = {
        "PYTHONPATH": str(ROOT),
        "MINQING_HOME": str(tmp_path / "home"),
        "MINQING_MODEL": str(tmp_path / "none.mqm"),
        "MINQING_PORT": str(port),
        "MINQING_INTAKE_PER_MINUTE": "0",
    }
    process = subprocess.Popen(
        [*PROGRAM, "serve"],
        env=plain | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until(lambda: listens(port))
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.02)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def body(number: str) -> bytes:
    text = f"{number}号院门口的井盖松了，车一过就响。"
    return json.dumps({"text": text, "external_id": number}).encode()


def post_until_refused(port: int, name: int, stored: list[str]) -> None:
    """Send one message after the other and keep the numbers that were acknowledged."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        for number in count():
            key = f"{name}-{number}"
            try:
                headers = {"Content-Type": "application/json"}
                connection.request("POST", "/api/v1/messages", body(key), headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return
            assert answer.status == 201
            stored.append(key)


def test_what_was_acknowledged_is_stored_and_what_runs_ends(
    desk: subprocess.Popen[bytes], port: int, tmp_path: Path
) -> None:
    acknowledged: list[list[str]] = [[] for _ in range(CLIENTS)]
    clients = [
        threading.Thread(target=post_until_refused, args=(port, name, stored))
        for name, stored in enumerate(acknowledged)
    ]
    for client in clients:
        client.start()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as half_sent:
        told = body("half")
        half_sent.putrequest("POST", "/api/v1/messages")
        half_sent.putheader("Content-Type", "application/json")
        half_sent.putheader("Content-Length", str(len(told)))
        half_sent.endheaders(told[:10])
        wait_until(lambda: min(map(len, acknowledged)) > 5)
        desk.send_signal(signal.SIGTERM)
        wait_until(lambda: not listens(port))
        half_sent.send(told[10:])
        assert half_sent.getresponse().status == 201
    for client in clients:
        client.join(60)
    _, errors = desk.communicate(timeout=60)
    assert desk.returncode in (0, -signal.SIGTERM)
    assert b"Traceback" not in errors

    database = sqlite3.connect(tmp_path / "home" / "minqing.sqlite3")
    found = [number for (number,) in database.execute("SELECT external_id FROM message")]
    database.close()
    assert len(set(found)) == len(found)
    assert {"half"}.union(*acknowledged) <= set(found)
