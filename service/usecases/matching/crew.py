"""Crews: who reads and judges many messages, this process or several beside it.

What triage makes of one message by itself needs no other message and no database, so that any
process can do it. Messages go out and what was understood of them comes back in the same order,
whoever did it, and with the same result to the byte.
"""

from __future__ import annotations

import copyreg
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from multiprocessing import get_context, parent_process
from typing import Any, Protocol
from uuid import uuid4

from classifier.reading.places import Place
from service.domain.assignment import Assignment
from service.domain.classification import Classification, Verdict
from service.domain.message import IncomingMessage, SenderDetails
from service.errors import WorkersUnavailableError
from service.storage.messages.classifications import as_details
from service.triage.parts import offer_spans
from service.triage.pipeline import Triage, Understood
from service.usecases.in_force.provisions import Provisions

# How many tasks a process has before it, so that none waits while results are written.
_AHEAD = 2
_GIVE_WAY = 5
# From so many objects more than before on Python looks for garbage; some 50,000 are usual.
_NEW_OBJECTS = 500_000


def _fields_alone(sent: Any) -> tuple[type, tuple[object, ...]]:
    """How an object goes to another process: its fields, from which the class makes it there."""
    return type(sent), tuple([getattr(sent, name) for name in sent.__match_args__])


# What goes with every message: a dataclass with slots takes twice as long in its own way.
for _each in (
    Assignment,
    Classification,
    IncomingMessage,
    Place,
    SenderDetails,
    Understood,
    Verdict,
):
    copyreg.pickle(_each, _fields_alone)


@dataclass(frozen=True, slots=True)
class Task:
    """Messages to understand, each with its sender's number, under what was laid down.

    A number stands for the sender because the key that makes it stays in one process.
    ``seeks_parts``: whether to look for several demands in each; ``is_to_be_found``: whether to
    make the terms by which full-text search finds it; ``routes``: whether each is new and likely to
    open a matter, and to be routed and written as far as possible beforehand.
    """

    provisions: Provisions
    messages: tuple[tuple[IncomingMessage, int], ...]
    seeks_parts: bool = False
    is_to_be_found: bool = False
    routes: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How another process makes the same triage: it costs less to make than to send.

    ``build`` is picklable; ``key`` tells recipes apart without looking into them.
    """

    build: Callable[[], Triage] = field(compare=False)
    key: str = field(default_factory=lambda: uuid4().hex)


class Crew(Protocol):
    """Understands messages."""

    def understand(self, tasks: Iterable[Task]) -> Iterator[list[Understood]]:
        """What was understood of each task's messages, in the order of the tasks.

        Raises
        ------
        WorkersUnavailableError
            A process ended before its work was done.
        """
        ...


@dataclass(frozen=True, slots=True)
class Alone:
    """This process by itself, one task after the other, each when it is asked for."""

    triage: Triage

    def understand(self, tasks: Iterable[Task]) -> Iterator[list[Understood]]:
        """See ``Crew``."""
        return (understand_task(self.triage, task) for task in tasks)


class Processes:
    """Processes of this machine, which work ahead while their results are used."""

    def __init__(self, pool: ProcessPoolExecutor, recipe: Recipe, ahead: int) -> None:
        self._pool = pool
        self._recipe = recipe
        self._ahead = ahead

    def understand(self, tasks: Iterable[Task]) -> Iterator[list[Understood]]:
        """See ``Crew``. No more than some tasks are out at a time: memory stays bounded."""
        out: deque[Future[list[Understood]]] = deque()
        for task in tasks:
            out.append(self._given(task))
            if len(out) >= self._ahead:
                yield _result(out.popleft())
        while out:
            yield _result(out.popleft())

    def _given(self, task: Task) -> Future[list[Understood]]:
        with _told():
            return self._pool.submit(understand_by, self._recipe, task)


@contextmanager
def open_processes(recipe: Recipe, count: int) -> Iterator[Processes]:
    """``count`` processes, which end with the block, and with this process however it ends."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), _follow_parent)
    try:
        yield Processes(pool, recipe, count * _AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def look_seldom_for_garbage(new_objects: int = _NEW_OBJECTS) -> None:
    """Let this process, which has long work before it, look for garbage in circles but seldom.

    What was made so far stays, and messages at work leave hardly any such garbage: looking
    through both took a fifth of the time.

    Parameters
    ----------
    new_objects
        How many are made, and not let go of, before it looks: 100,000 take some 20 MB.
    """
    gc.freeze()
    gc.set_threshold(new_objects)


def processor_count() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def understand_by(recipe: Recipe, task: Task) -> list[Understood]:
    """What a process of a crew does: it makes its triage once and keeps it."""
    return understand_task(_made(recipe), task)


def understand_task(triage: Triage, task: Task) -> list[Understood]:
    """What triage makes of each message by itself."""
    triage = task.provisions.in_force(triage)
    understood = triage.understand_many(task.messages, is_to_be_found=task.is_to_be_found)
    if not (task.seeks_parts or task.routes):
        return understood
    return [_completed(one, task, triage) for one in understood]


def _completed(one: Understood, task: Task, triage: Triage) -> Understood:
    """With what else can be made of a message by itself, for whoever stores it."""
    parts = offer_spans(one.incoming.text, triage) if task.seeks_parts else ()
    if not task.routes:
        return replace(one, parts=parts)
    details = as_details(one.classification) if one.classification else ""
    assignment = triage.route_uncounted(one)
    return replace(one, parts=parts, assignment=assignment, details=details)


@lru_cache(maxsize=1)
def _made(recipe: Recipe) -> Triage:
    triage = recipe.build()
    look_seldom_for_garbage()
    return triage


def _result(given: Future[list[Understood]]) -> list[Understood]:
    with _told():
        return given.result()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkersUnavailableError("有进程中途结束，可能是内存不足") from error


def _follow_parent() -> None:
    """End when the parent does, even killed; what the keyboard says is the parent's to hear.

    The parent, which matches and writes, goes first where there are not enough processors.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_GIVE_WAY)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(wait: Callable[[], object]) -> None:
    wait()
    os._exit(1)
