"""Gathering: what comes in at the same time is taken in together, in one transaction.

One transaction for many costs little more than for one: the wait for the disk, most statements and
the intake's lock are shared (group commit, DeWitt et al. 1984). Nobody waits for others to come:
whoever finds the door free takes in what stands before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from service.errors import DatabaseUnavailableError

In = TypeVar("In")
Out = TypeVar("Out")

MOST = 32


@dataclass(slots=True)
class _Turn(Generic[In, Out]):
    """One that waits: what it brings; then what came of it, or what went wrong."""

    item: In
    results: tuple[Out, ...] = ()
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        return bool(self.results) or self.error is not None


class Gathering(Generic[In, Out]):
    """Threads meet here, each with one thing to be done, and one at a time does all that wait."""

    def __init__(self) -> None:
        self._waiting: deque[_Turn[In, Out]] = deque()
        self._door = Lock()

    def do(self, item: In, together: Callable[[Sequence[In]], Sequence[Out]]) -> Out:
        """Have one thing done, with others that wait or alone.

        Parameters
        ----------
        item
            What is to be done.
        together
            Does several at once, all or none of them: one result each, in their order.

        Returns
        -------
        object
            This item's result. Whatever ``together`` raises of this item alone is passed on: what
            it raises of several, each of them is tried alone for; but that the database is away
            is told to all.
        """
        turn: _Turn[In, Out] = _Turn(item)
        self._waiting.append(turn)
        while not turn.is_over:
            with self._door:
                if not turn.is_over:
                    count = min(len(self._waiting), MOST)
                    _do([self._waiting.popleft() for _ in range(count)], together)
        if turn.error is not None:
            raise turn.error
        return turn.results[0]


def _do(turns: Sequence[_Turn[In, Out]], together: Callable[[Sequence[In]], Sequence[Out]]) -> None:
    try:
        results = together([turn.item for turn in turns])
    except DatabaseUnavailableError as error:
        # It would be away for each of them, and each would wait for it anew.
        for turn in turns:
            turn.error = error
    except Exception as error:
        if len(turns) > 1:
            for turn in turns:
                _do([turn], together)
        else:
            turns[0].error = error
    else:
        for turn, result in zip(turns, results, strict=True):
            turn.results = (result,)
