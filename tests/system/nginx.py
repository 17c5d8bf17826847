"""An nginx of the tests' own with the bundle's configuration: private folder, free port, gone
afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "tools" / "bundle" / "nginx.conf"
FIRST, FURTHER = "server 127.0.0.1:8000 ", "# server 127.0.0.1:8001 max_fails=0;"
_START_SECONDS = 30
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def find_nginx() -> str | None:
    """The program, or None."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def running_nginx(
    program: str, folder: Path, desks: Sequence[int], *, with_tls: bool = True
) -> Iterator[int]:
    """Serve as the bundle's configuration says, in front of desks on these ports; its own port.

    Parameters
    ----------
    folder
        Where its files lie; with TLS ``server.pem`` and ``server.key`` are there.
    with_tls
        False leaves out what is about TLS and nothing else.
    """
    port, plain_port = free_port(), free_port()
    text = _in_front_of(desks, CONFIGURATION.read_text("utf-8"))
    text = _on_ports(text, port, plain_port) if with_tls else _without_tls(text, port)
    path = write_configuration(folder, text)
    own = ("-p", str(folder), "-e", str(folder / "error.log"))
    command = [program, *own, "-c", str(path), "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(process, port, folder / "error.log")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_START_SECONDS)


def write_configuration(folder: Path, text: str) -> Path:
    """Write a whole configuration that includes the bundle's, with all its files in a folder.

    Where the text names the certificate, that of the folder is named; the path to give to nginx.
    """
    names = {"fullchain.pem": "server.pem", "privkey.pem": "server.key"}
    for theirs, ours in names.items():
        text = text.replace(f"/etc/minqing/tls/{theirs}", str(folder / ours))
    (folder / "minqing.conf").write_text(text, "utf-8")
    paths = [f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY]
    lines = [
        # Its workers write into a folder that is closed to other users.
        *(["user root;"] if os.geteuid() == 0 else []),
        f"pid {folder}/nginx.pid; error_log {folder}/error.log;",
        "events { worker_connections 4096; }",
        f"http {{ access_log off; {' '.join(paths)} include {folder}/minqing.conf; }}",
    ]
    path = folder / "nginx.conf"
    path.write_text("\n".join(lines), "utf-8")
    return path


def _in_front_of(desks: Sequence[int], text: str) -> str:
    """The first desk in the place of the only one, each further one as the remark tells."""
    first, *others = desks
    further = (FURTHER.removeprefix("# ").replace("8001", str(port)) for port in others)
    text = text.replace(FIRST, FIRST.replace("8000", str(first)))
    return text.replace(FURTHER, "\n".join(further))


def _on_ports(text: str, port: int, plain_port: int) -> str:
    text = _without(text, "listen [::]")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain_port};")
    return text.replace("listen 443 ", f"listen 127.0.0.1:{port} ")


def _without_tls(text: str, port: int) -> str:
    """Only the server that passes requests on, on a port without TLS."""
    head, _, served = text.rpartition("server {")
    upstream = head.partition("server {\n    listen 80;")[0]
    whole = f"{upstream}server {{{_without(served, 'ssl_', 'listen [::]', 'add_header Strict')}"
    return whole.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")


def _without(text: str, *beginnings: str) -> str:
    """The text without lines that begin so."""
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith(beginnings))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"nginx did not start: {log.read_text()}") from error
            time.sleep(0.02)
