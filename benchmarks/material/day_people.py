"""Who writes, looks up and works on a prefecture's day, by requests as browsers make them."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import quote, urlencode

from material.day_plan import PAGE_FIRST, RATES
from material.http_load import Answer, Connection, make_request

JSON, HTML = "application/json", "text/html"
HIDDEN = re.compile(r'name="(csrf_token|form_id|consent)" value="([^"]+)"')
RECEIPT = re.compile(r'class="receipt mono">([^<]+)<')
MAX_REST_SECONDS = 60.0  # nginx closes a visitor's connection that rests for 75
ANSWER = "{来信人}：您反映的事项编号{事项编号}已由{承办单位}到现场看过，本周内处理完毕。"


@dataclass(slots=True)
class Seen:
    """What came of all requests: seconds by kind, what was not answered as it should be."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unexpected: Counter[str] = field(default_factory=Counter)
    receipts: list[tuple[str, str]] = field(default_factory=list)  # with their proofs
    told_twice: int = 0  # a message sent again that got another receipt
    dispatched: int = 0
    drafts: deque[tuple[int, str]] = field(default_factory=deque)  # answers and their studios
    approved: deque[tuple[int, str]] = field(default_factory=deque)
    answered: int = 0
    rated: int = 0

    def note(self, kind: str, answer: Answer, expected: Collection[int], seconds: float) -> None:
        """Keep one answer."""
        self.seconds[kind].append(seconds)
        if answer.status not in expected:
            told = answer.body[:120].decode("utf-8", "replace")
            self.unexpected[f"{kind} {answer.status} {told}"] += 1


class Person:
    """Somebody with a browser: an address, a connection and cookies.

    The seconds of a request count from the time given as ``due``, or from when it is sent.
    """

    def __init__(self, port: int, seen: Seen, source: str = "127.0.0.1") -> None:
        self._port, self._source, self.seen = port, source, seen
        self._cookies: dict[str, str] = {}
        self._connection: Connection | None = None

    async def get(
        self, kind: str, path: str, accept: str = HTML, due: float | None = None
    ) -> Answer:
        """Ask for a page."""
        return await self._ask(kind, "GET", path, b"", {"Accept": accept}, (200,), due)

    async def send(
        self,
        kind: str,
        path: str,
        told: object,
        expected: Collection[int],
        due: float | None = None,
        **headers: str,
    ) -> Answer:
        """Send JSON."""
        body = json.dumps(told, ensure_ascii=False).encode()
        named = {"Accept": JSON, "Content-Type": JSON, **headers}
        return await self._ask(kind, "POST", path, body, named, expected, due)

    async def fill(self, kind: str, page: Answer, path: str, **fields: str) -> Answer:
        """Send the form that stands on a page."""
        hidden = dict(HIDDEN.findall(page.body.decode()))
        body = urlencode(hidden | fields).encode()
        named = {"Accept": HTML, "Content-Type": "application/x-www-form-urlencoded"}
        return await self._ask(kind, "POST", path, body, named, (201, 303), None)

    def leave(self) -> None:
        """Close the browser."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _ask(
        self,
        kind: str,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        expected: Collection[int],
        due: float | None,
    ) -> Answer:
        began = perf_counter() if due is None else due
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        named = {**headers, "Cookie": cookie} if cookie else headers
        connection = await self._connected()
        answer = await connection.ask(make_request(method, path, body, named))
        if answer.is_last:
            self.leave()
        self._cookies.update(answer.cookies())
        self.seen.note(kind, answer, expected, perf_counter() - began)
        return answer

    async def _connected(self) -> Connection:
        rested = self._connection and perf_counter() - self._connection.used_at > MAX_REST_SECONDS
        if rested:
            self.leave()
        if self._connection is None:
            self._connection = await Connection(self._port, self._source).open()
        return self._connection


class Citizen(Person):
    """Who writes or looks up, from an address of their own, and then leaves."""

    async def write(self, due: float, title: str, text: str, phone: str, drafts: int) -> None:
        """Open the form, be told what is open already, send it."""
        page = await self.get("form", "/submit", due=due)
        for end in range(1, drafts + 1):
            draft = {"title": title, "text": text[: len(text) * end // drafts]}
            await self.send("already open", "/api/v1/messages:already-open", draft, (200,))
        fields = {"title": title, "text": text, "sender_name": "某人", "phone": phone}
        answer = await self.fill("message by form", page, "/submit", **fields)
        found = RECEIPT.search(answer.body.decode())
        if answer.status == 201 and found:
            self.seen.receipts.append((found[1].replace("-", ""), phone[-4:]))
        self.leave()

    async def look_up(self, due: float, receipt: tuple[str, str], draw: Random) -> None:
        """See how far it is; rate what was answered, sometimes after opening the page."""
        if draw.random() < PAGE_FIRST:
            await self.get("look-up page", "/look-up", due=due)
        told = {"receipt": receipt[0], "proof": receipt[1]}
        answer = await self.send("look-up", "/api/v1/receipts:look-up", told, (200,), due)
        if answer.status == 200:
            await self._rate(told, json.loads(answer.body), draw)
        self.leave()

    async def _rate(self, told: Mapping[str, str], under: Any, draw: Random) -> None:
        answers = [each for matter in under["matters"] for each in matter["answers"]]
        for each in answers:
            if not each["satisfaction"] and draw.random() < RATES:
                rating = {**told, "reply": each["id"], "satisfaction": "satisfied"}
                # Who looks twice at once may be told that it was rated already.
                rated = await self.send("rate", "/api/v1/receipts:rate", rating, (200, 409))
                self.seen.rated += rated.status == 200


class Program(Person):
    """Another system, which hands messages in under keys and sometimes sends one again."""

    async def hand_in(self, due: float, number: str, told: dict[str, object], again: bool) -> None:
        """Hand a message in; ``again`` sends it twice, as after an answer that got lost."""
        told = {**told, "external_id": number, "source": "热线"}
        receipts = []
        for _ in range(2 if again else 1):
            headers = {"Idempotency-Key": number}
            answer = await self.send(
                "message by program", "/api/v1/messages", told, (201,), due, **headers
            )
            if answer.status == 201:
                receipts.append(json.loads(answer.body)["receipt"])
        self.leave()
        if receipts:
            sender: Any = told["sender"]
            self.seen.receipts.append((receipts[0], sender["phone"][-4:]))
            self.seen.told_twice += len(set(receipts)) > 1


class Official(Person):
    """Who has an account, and does one thing after the other: ``turn`` is held meanwhile."""

    def __init__(self, port: int, seen: Seen, name: str, password: str, source: str) -> None:
        super().__init__(port, seen, source)
        self._name, self._password = name, password
        self.turn = asyncio.Lock()

    async def log_in(self) -> None:
        """Come to the desk."""
        page = await self.get("login page", "/login")
        await self.fill("login", page, "/login", name=self._name, password=self._password)

    async def look_at_queue(self) -> None:
        """The desk's front page, and a page of the queue by the API."""
        await self.get("queue", "/")
        await self.get("queue by API", "/api/v1/matters?limit=50", JSON)

    async def search(self, word: str) -> None:
        """Look for words."""
        await self.get("search", f"/search?q={quote(word)}")

    async def make_digest(self, period: str) -> None:
        """Have a period summed up and kept, and fetch it for Word."""
        made = await self.send("digest", f"/api/v1/digests?period={period}", {}, (201,))
        if made.status == 201:
            number = json.loads(made.body)["id"]
            await self.get("digest for Word", f"/api/v1/digests/{number}/docx", "*/*")

    async def review(self) -> None:
        """Dispatch the next matter that is to be reviewed; approve an answer that waits."""
        matter = await self._take_next("review")
        if matter is not None:
            await self._move(matter, "dispatched")
            self.seen.dispatched += 1
            await self._release(matter)
        if self.seen.drafts:
            number, studio = self.seen.drafts.popleft()
            await self.send("approve", f"/api/v1/replies/{number}:approve", {}, (204,))
            self.seen.approved.append((number, studio))

    async def handle(self) -> None:
        """Take the next matter of one's department, and draft its answer."""
        matter = await self._take_next("assigned")
        if matter is None:
            return
        for move in ("signed", "started"):
            await self._move(matter, move)
        told = {"text": ANSWER}
        path = f"/api/v1/matters/{matter}/replies"
        await self.send("check answer", f"{path}:check", told, (200,))
        drafted = await self.send("draft answer", path, told, (201,))
        case = await self.get("matter by API", f"/api/v1/matters/{matter}", JSON)
        await self._release(matter)
        if drafted.status == 201 and case.status == 200:
            studio = json.loads(case.body)["matter"]["studio"]
            self.seen.drafts.append((json.loads(drafted.body)["id"], studio))

    async def sign(self, reply: int) -> None:
        """Sign an answer: all who wrote can read it."""
        sent = await self.send("sign answer", f"/api/v1/replies/{reply}:send", {}, (204,))
        self.seen.answered += sent.status == 204

    async def _take_next(self, status: str) -> int | None:
        """Claim and open the next one in this state; None where there is none."""
        wanted = {"filter": {"status": [status]}}
        claimed = await self.send("claim next", "/api/v1/matters:claim-next", wanted, (200, 204))
        if claimed.status != 200:
            return None
        matter = int(json.loads(claimed.body)["matter"])
        await self.get("matter", f"/matters/{matter}")
        return matter

    async def _move(self, matter: int, move: str) -> None:
        await self.send("move", f"/api/v1/matters/{matter}/moves", {"move": move}, (200,))

    async def _release(self, matter: int) -> None:
        await self.send("release", f"/api/v1/matters/{matter}:release", {}, (204,))


@dataclass(frozen=True, slots=True)
class Staff:
    """All who have an account; conveners by their studio."""

    clerks: Sequence[Official]
    liaisons: Sequence[Official]
    conveners: Mapping[str, Official]
    leader: Official

    def everyone(self) -> list[Official]:
        """All of them."""
        return [*self.clerks, *self.liaisons, *self.conveners.values(), self.leader]
