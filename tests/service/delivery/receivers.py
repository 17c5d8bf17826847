"""Real receivers on this machine: an HTTP server that behaves as told, and what it was sent."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


@dataclass
class Receiver:
    """A server of one behaviour; ``requests`` are head and body of what it was sent."""

    port: int
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"http://{host}:{self.port}{path}"


def answer_with(content: bytes) -> Behaviour:
    return lambda sock: sock.sendall(content)


def redirect_to(url: str) -> Behaviour:
    return answer_with(f"HTTP/1.1 307 Away\r\nLocation: {url}\r\n\r\n".encode())


def say_nothing(sock: socket.socket) -> None:
    time.sleep(3)


def drip(sock: socket.socket) -> None:
    """Each byte in time, the whole never."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100:
        sock.sendall(bytes((byte,)))
        time.sleep(0.1)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def flood_head(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(200):
        sock.sendall(b"a" * 10_000)


def flood_body(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n")
    while True:
        sock.sendall(b"a" * 100_000)


say_yes = answer_with(b"HTTP/1.1 204 No Content\r\n\r\n")


@contextmanager
def receiving(behave: Behaviour = say_yes, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of 127.0.0.1, as long as it is asked for; by TLS where told so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        receiver = Receiver(listening.getsockname()[1])
        thread = threading.Thread(
            target=_serve, args=(listening, receiver, behave, tls), daemon=True
        )
        thread.start()
        yield receiver
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _serve(
    listening: socket.socket, receiver: Receiver, behave: Behaviour, tls: ssl.SSLContext | None
) -> None:
    while True:
        try:
            sock, _ = listening.accept()
        except OSError:
            return
        try:
            with tls.wrap_socket(sock, server_side=True) if tls else sock as spoken:
                receiver.requests.append(_read(spoken))
                behave(spoken)
        except OSError:
            continue


def _read(sock: socket.socket) -> tuple[dict[str, str], bytes]:
    told = b""
    while b"\r\n\r\n" not in told and (piece := sock.recv(65536)):
        told += piece
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
    headers["request"] = lines[0]
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    return headers, body
