"""Gathering: what comes in at the same time is taken in together, in one transaction.

One transaction for many costs little more than for one: the wait for the disk, most statements and
the intake's lock are shared (group commit, DeWitt et al. 1984). While few come, nobody waits for
others: whenever the one thread that takes in is free, it takes what stands before it. Where many
were done together, their clients come again together. The first of them, taken alone, would hold up
all others for most of what it takes to do them all: then the thread waits while more of them come.

It is a thread of its own, so that those who wait need none: a request's coroutine waits for its
future, and what was taken in at once is not held up by as many threads that ask for the
interpreter's lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Generic, TypeVar

from service.errors import DatabaseUnavailableError

In = TypeVar("In")
Out = TypeVar("Out")

MOST = 32
_MANY = 8  # done together: so many wait only where more comes in than can be done one by one
# Without anybody new for so long, or after so many pauses, nobody is waited for any longer.
_PAUSE_SECONDS, _PAUSES = 0.004, 12


@dataclass(slots=True)
class _Turn(Generic[In, Out]):
    """One that waits: what it brings, how it is done, and where it hears what came of it."""

    item: In
    together: Callable[[Sequence[In]], Sequence[Out]]
    future: Future[Out] = field(default_factory=Future)


class Gathering(Generic[In, Out]):
    """Things to be done, each brought by itself, are done all together that wait."""

    def __init__(self) -> None:
        self._waiting: deque[_Turn[In, Out]] = deque()
        self._are_enough = Event()
        self._is_called = False
        self._worker = ThreadPoolExecutor(1, "gathering")
        self._last_count = 0

    def submit(self, item: In, together: Callable[[Sequence[In]], Sequence[Out]]) -> Future[Out]:
        """Have one thing done, with others that wait or alone.

        Parameters
        ----------
        item
            What is to be done.
        together
            Does several at once, all or none of them: one result each, in their order.

        Returns
        -------
        Future
            This item's result. Whatever ``together`` raises of this item alone is passed on: what
            it raises of several, each of them is tried alone for; but that the database is away
            is told to all. Where it was cancelled before its turn came, it is not done.
        """
        turn: _Turn[In, Out] = _Turn(item, together)
        self._waiting.append(turn)
        if len(self._waiting) >= MOST:
            self._are_enough.set()
        if not self._is_called:  # else the worker has yet to look who waits
            self._call()
        return turn.future

    def _call(self) -> None:
        self._is_called = True
        try:
            self._worker.submit(self._take)
        except RuntimeError:  # the process ends: nobody is to wait for what is never done
            self._is_called = False
            raise

    def do(self, item: In, together: Callable[[Sequence[In]], Sequence[Out]]) -> Out:
        """The same for a thread that waits: gives the result or raises what went wrong."""
        return self.submit(item, together).result()

    def _take(self) -> None:
        """Do what waits; nothing where it was done together with earlier ones."""
        self._is_called = False  # before it looks: who comes later calls anew
        while self._waiting:
            self._take_some()

    def _take_some(self) -> None:
        if self._last_count >= _MANY:
            self._let_others_come()
        self._last_count = min(len(self._waiting), MOST)
        turns = [self._waiting.popleft() for _ in range(self._last_count)]
        self._are_enough.clear()
        wanted = [turn for turn in turns if turn.future.set_running_or_notify_cancel()]
        if wanted:
            _do(wanted, wanted[-1].together)  # the last one knows the newest organisation

    def _let_others_come(self) -> None:
        """Wait while somebody comes at each moment, until there are enough or it takes too long."""
        before = 0
        for _ in range(_PAUSES):
            if not before < len(self._waiting) < MOST:
                break
            before = len(self._waiting)
            self._are_enough.wait(_PAUSE_SECONDS)


def _do(turns: Sequence[_Turn[In, Out]], together: Callable[[Sequence[In]], Sequence[Out]]) -> None:
    try:
        results = together([turn.item for turn in turns])
    except DatabaseUnavailableError as error:
        # It would be away for each of them, and each would wait for it anew.
        for turn in turns:
            turn.future.set_exception(error)
    except Exception as error:
        if len(turns) > 1:
            for turn in turns:
                _do([turn], together)
        else:
            turns[0].future.set_exception(error)
    else:
        for turn, result in zip(turns, results, strict=True):
            turn.future.set_result(result)
