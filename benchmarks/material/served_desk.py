"""A server in a process of its own, and on a core of its own where that is wanted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from material.http_load import wait_until_it_listens

ROOT = Path(__file__).parents[2]
SERVED_ON = 0
DESK = "from service.cli import main; main()"


@contextmanager
def served(
    command: Sequence[str], home: Path, port: int = 0, core: int | None = SERVED_ON
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A server, stopped afterwards; its port and process. ``core`` None lets it use any."""
    port = port or free_port()
    named = {"MINQING_HOME": str(home), "MINQING_PORT": str(port), "PYTHONPATH": str(ROOT)}
    # All load comes from one address.
    named |= {"MINQING_INTAKE_PER_MINUTE": "0", "OPENBLAS_NUM_THREADS": "1"}
    environment: Mapping[str, str] = {**os.environ, **named}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})
    try:
        wait_until_it_listens(port)
        yield port, process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
