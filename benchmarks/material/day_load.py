"""The load of one day: everything that is planned begins at its time."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from material.day_people import Citizen, Official, Program, Staff
from material.day_plan import (
    BACKUP,
    CLERK,
    DIGEST,
    DRAFTS_A_FORM,
    FORM,
    LIAISON,
    LOG_IN,
    LOOK_UP,
    PROGRAM,
    QUEUE,
    REPEATED,
    SEARCH,
    Event,
    plan_day,
)
from material.made_messages import Shape, made_messages

HOURS = 24
SAMPLES = Path(__file__).parents[2] / "data" / "samples" / "messages"
SEARCHED = (
    "路灯",
    "物业 收费",
    "水管",
    "学校 门口",
    "公交",
    "噪音",
    "占道",
    "补贴",
    "停电",
    "井盖",
)


class Day:
    """The load of one day.

    Parameters
    ----------
    port
        nginx's.
    seconds
        How long the day lasts.
    backup
        The command that makes a backup; its last word is the folder.
    """

    def __init__(
        self, port: int, staff: Staff, seconds: float, share: float, seed: int, backup: list[str]
    ) -> None:
        self._port, self._staff, self._backup = port, staff, backup
        self._hour_seconds = seconds / HOURS
        self._draw = Random(seed)
        self._people = staff.everyone()
        self._waiting_to_log_in = list(self._people)
        self.plan = plan_day(share, len(self._people), seed)
        count = sum(event.kind in (FORM, PROGRAM) for event in self.plan)
        self._texts = iter(list(make_texts(seed, count)))  # made before, not while time is measured
        self.seen = self._people[0].seen
        self.late: list[float] = []
        self.backups: list[int] = []
        self._numbers = 0
        self._looked_at: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Let everything happen at its time; return when all of it was answered."""
        began = perf_counter()
        running: set[asyncio.Task[None]] = set()
        for event in self.plan:
            due = began + event.hour * self._hour_seconds
            await asyncio.sleep(max(0.0, due - perf_counter()))
            self.late.append(perf_counter() - due)
            task = asyncio.create_task(self._begin(event, due))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    async def _begin(self, event: Event, due: float) -> None:
        try:
            await self._do(event.kind, due)
        except (OSError, EOFError) as error:
            self.seen.unexpected[f"{event.kind} {type(error).__name__}"] += 1

    async def _do(self, kind: str, due: float) -> None:
        staff, draw = self._staff, self._draw
        if kind == FORM:
            made = next(self._texts)
            await self._citizen().write(due, *made, self._phone(), DRAFTS_A_FORM)
        elif kind == PROGRAM:
            await self._hand_in(due)
        elif kind == LOOK_UP:
            await self._look_up(due)
        elif kind == LOG_IN:
            await alone(self._waiting_to_log_in.pop(), Official.log_in)
        elif kind == QUEUE:
            await alone(draw.choice(self._people), Official.look_at_queue)
        elif kind == SEARCH:
            await alone(draw.choice(staff.clerks), Official.search, draw.choice(SEARCHED))
        elif kind == LIAISON:
            await alone(draw.choice(staff.liaisons), Official.handle)
        elif kind == CLERK:
            await alone(draw.choice(staff.clerks), Official.review)
            await self._sign_what_waits()
        elif kind == DIGEST:
            await alone(staff.leader, Official.make_digest, "all")
        elif kind == BACKUP:
            await self._back_up()

    async def _look_up(self, due: float) -> None:
        """By somebody who wrote and does not look at the same moment already, if there is one."""
        receipt = self._draw.choice(self.seen.receipts) if self.seen.receipts else None
        if receipt is not None and receipt not in self._looked_at:
            self._looked_at.add(receipt)
            try:
                await self._citizen().look_up(due, receipt, self._draw)
            finally:
                self._looked_at.discard(receipt)

    async def _hand_in(self, due: float) -> None:
        title, text = next(self._texts)
        self._numbers += 1
        told = {
            "title": title,
            "text": text,
            "channel": "phone",
            "sender": {"name": "某人", "phone": self._phone()},
        }
        program = Program(self._port, self.seen)
        again = self._draw.random() < REPEATED
        await program.hand_in(due, f"R{self._numbers}", told, again)

    async def _sign_what_waits(self) -> None:
        if self.seen.approved:
            number, studio = self.seen.approved.popleft()
            await alone(self._staff.conveners[studio], Official.sign, number)

    async def _back_up(self) -> None:
        path = f"{self._backup[-1]}/{len(self.backups)}.backup"
        process = await asyncio.create_subprocess_exec(*self._backup[:-1], path, stdout=DEVNULL)
        self.backups.append(await process.wait())

    def _citizen(self) -> Citizen:
        parts = (self._draw.randrange(1, 255) for _ in range(3))
        return Citizen(self._port, self.seen, "127." + ".".join(map(str, parts)))

    def _phone(self) -> str:
        return f"199{self._draw.randrange(10**8):08}"


async def alone(who: Official, does: Callable[..., Awaitable[None]], *with_what: Any) -> None:
    """Let an official do something when what they did before is done."""
    async with who.turn:
        await does(who, *with_what)


def make_texts(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Titles and texts: two sentences of a sample, which give it a topic, and made ones, by which
    it is another matter than all but a few."""
    draw = Random(seed)
    files = sorted(SAMPLES.glob("*.jsonl"))
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    samples = [(row["主题"], row["内容"]) for row in rows]
    for made in made_messages(Shape.of(samples), count, seed):
        title, text = draw.choice(samples)
        said = "。".join(text.split("。")[:2])
        yield (title or made.title)[:80], f"{said}。{made.title}。{made.body}"
