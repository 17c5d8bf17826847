"""A time limit on what has none of its own: a look-up of a name, a whole talk with a server."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from service.errors import UndeliveredError

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T], problem: str) -> T:
    """What ``work`` gives or raises, if it does so in time.

    It runs in a thread of its own, which is left to itself when the time is over: the system's
    resolver cannot be broken off.

    Raises
    ------
    UndeliveredError
        It took longer; ``problem`` tells what did.
    """
    ended: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            ended.put((work(), None))
        except BaseException as error:  # passed on to whoever waits
            ended.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        result, error = ended.get(timeout=seconds)
    except Empty:
        raise UndeliveredError(f"{problem}：{seconds:g} 秒内没有结果") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
