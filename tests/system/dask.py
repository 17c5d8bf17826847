"""A Dask cluster of the tests' own: a scheduler and workers, each a process, on free ports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dask.config
import distributed.config  # noqa: F401 - loads its defaults, of which some are set below

_START_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running_cluster(folder: Path, worker_count: int) -> Iterator[str]:
    """The address of a scheduler; all its processes are gone afterwards."""
    told = folder / "scheduler.json"
    options = ["--scheduler-file", str(told), "--no-dashboard"]
    with ExitStack() as running:
        at = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0"]
        running.enter_context(_process("dask_scheduler", [*options, *at], folder))
        address = _wait_for_address(told)
        for _ in range(worker_count):
            alone = ["--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
            running.enter_context(_process("dask_worker", [*options, *alone], folder))
        yield address


@contextmanager
def impatience() -> Iterator[None]:
    """Within the block a scheduler that does not answer is given up after half a second."""
    with dask.config.set({"distributed.comm.timeouts.connect": "0.5s"}):
        yield


@contextmanager
def _process(program: str, options: list[str], folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", f"distributed.cli.{program}", *options]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with (folder / f"{program}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=_START_SECONDS)


def _wait_for_address(told: Path) -> str:
    limit = time.monotonic() + _START_SECONDS
    while time.monotonic() < limit:
        try:
            return str(json.loads(told.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.05)
    raise RuntimeError("the scheduler did not start")
