"""Load over HTTP/1.1 on plain sockets, so that making it costs little beside what is measured."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter, sleep

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_START_SECONDS, _AT_MOST_OPEN = 60.0, 256
_REST_SECONDS = 3.0  # a server closes connections that rest for longer


@dataclass(slots=True)
class Load:
    """What came of a load: seconds of each answer in the order they came, and other statuses."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Right answers a second."""
        return (len(self.seconds) - len(self.wrong)) / self.lasted


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; ``head`` ends with an empty line."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The three digits."""
        return int(self.head[9:12])

    @property
    def is_last(self) -> bool:
        """Whether the connection ends with it."""
        return b"\r\nconnection: close\r\n" in self.head.lower()

    def cookies(self) -> Iterator[tuple[str, str]]:
        """Names and values of the cookies that are set."""
        for line in self.head.decode("latin-1").split("\r\n"):
            if line.lower().startswith("set-cookie:"):
                name, _, value = line[11:].strip().partition("=")
                yield name, value.partition(";")[0]


class Connection:
    """One kept open, for one request after the other; ``source`` is the address it comes from."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port, self._source = port, source
        self.used_at = perf_counter()

    async def open(self) -> Connection:
        """Connect; itself."""
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(self._source, 0)
        )
        return self

    async def ask(self, request: bytes) -> Answer:
        """Send a request and read its answer whole."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        answer = Answer(head, await self._reader.readexactly(int(length or 0)))
        self.used_at = perf_counter()
        return answer

    async def send(self, request: bytes) -> int:
        """The same; the status alone."""
        return (await self.ask(request)).status

    def close(self) -> None:
        """Let the connection go."""
        self._writer.close()


def as_request(path: str, body: bytes) -> bytes:
    """The bytes of a POST of JSON."""
    return make_request("POST", path, body, _JSON)


def make_request(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The bytes of a request."""
    told = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def wait_until_it_listens(port: int) -> None:
    """Return when a server takes connections."""
    limit = perf_counter() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if perf_counter() > limit:
                raise
            sleep(0.05)


def steady(port: int, requests: Sequence[bytes], per_second: float) -> Load:
    """Send requests at fixed times, whether or not the earlier ones were answered.

    An answer's seconds count from the time at which its request was due, so that a server that
    stands still is not spared the requests it held up.
    """
    return asyncio.run(_steady(port, requests, per_second))


async def _steady(port: int, requests: Sequence[bytes], per_second: float) -> Load:
    load, idle, opened = Load(), [], 0
    free = asyncio.Condition()

    async def one(request: bytes, due: float) -> None:
        nonlocal opened
        async with free:
            while not idle and opened >= _AT_MOST_OPEN:
                await free.wait()
            connection = idle.pop() if idle else None
            if connection is not None and perf_counter() - connection.used_at > _REST_SECONDS:
                connection.close()
                connection, opened = None, opened - 1
            opened += connection is None
        connection = connection or await Connection(port).open()
        status = await connection.send(request)
        load.seconds.append(perf_counter() - due)
        if status != 201:
            load.wrong.append(status)
        async with free:
            idle.append(connection)
            free.notify()

    began = perf_counter()
    sent = []
    for number, request in enumerate(requests):
        due = began + number / per_second
        await asyncio.sleep(max(0.0, due - perf_counter()))
        sent.append(asyncio.create_task(one(request, due)))
    await asyncio.gather(*sent)
    load.lasted = perf_counter() - began
    for connection in idle:
        connection.close()
    return load


def closed_loop(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Load:
    """Let clients send one request after the other, each when the one before was answered.

    It ends after so many seconds, or when there are no more requests.
    """
    return asyncio.run(_closed_loop(port, requests, clients, seconds))


async def _closed_loop(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Load:
    load = Load()
    began = perf_counter()

    async def client() -> None:
        connection = await Connection(port).open()
        for request in requests:
            sent = perf_counter()
            if sent - began >= seconds:
                break
            status = await connection.send(request)
            load.seconds.append(perf_counter() - sent)
            if status != 201:
                load.wrong.append(status)
        connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    load.lasted = perf_counter() - began
    return load
