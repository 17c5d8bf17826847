"""What a clerk does in a day, as calls of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.usecases.context import Context
from tests.makers import Clock
from tests.service.web.visitor import Visitor

API = "/api/v1"
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples" / "messages"


@dataclass
class Desk:
    """A clerk who is logged in, a citizen who is not, and the clock of both."""

    context: Context
    clerk: Visitor
    citizen: Visitor
    clock: Clock
    password: str
    # What proves each receipt: the end of the phone, or the PIN.
    proofs: dict[str, str] = field(default_factory=dict)

    def log_in(self) -> None:
        """Begin a session."""
        answer = self.clerk.fill("/login", name="admin", password=self.password)
        assert answer.status_code == 303

    def wait(self, days: int) -> None:
        """Days pass; the session has ended, and the clerk logs in again."""
        self.clock.forward(days=days)
        self.clerk = Visitor(self.clerk.app)
        self.log_in()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """A call of the clerk's that succeeds; its answer."""
        answer = self.clerk.send(method, f"{API}{path}", json=body, **more)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json() if answer.content else None

    def write(self, place: str, count: int) -> list[dict[str, Any]]:
        """The first letters of a place's samples come in; the answers to them."""
        lines = (SAMPLES / f"{place}.jsonl").read_text("utf-8").splitlines()[:count]
        return [self.take_in(json.loads(line)) for line in lines]

    def take_in(self, sample: dict[str, str], path: str = "/messages") -> dict[str, Any]:
        """One letter comes in now."""
        body = {
            "title": sample["主题"],
            "text": sample["内容"],
            "external_id": sample["编号"],
            "sender": {"name": sample["来信人"], "phone": sample["电话"]},
        }
        received: dict[str, Any] = self.call("POST", path, body)
        self.proofs[received["receipt"]] = received["pin"] or sample["电话"][-4:]
        return received

    def present(self, receipt: str) -> dict[str, str]:
        """What a citizen shows."""
        return {"receipt": receipt, "proof": self.proofs[receipt]}

    def move(self, matter: int, move: str, **told: Any) -> str:
        """Make a move; the state after it."""
        note = {"note": "按程序办理", **told}
        moved = self.call("POST", f"/matters/{matter}/moves", {"move": move, **note})
        return str(moved["status"])

    def send_out(self, matter: int) -> None:
        """Let a matter that waits in review go out, after a person said who is to act."""
        file = self.file(matter)
        if file["matter"]["status"] == "review":
            self.move(matter, "dispatched")

    def answer(self, matter: int, text: str = "{来信人}：您反映的事情已经办妥。") -> int:
        """Draft, check and sign an answer."""
        reply = int(self.call("POST", f"/matters/{matter}/replies", {"text": text})["id"])
        self.call("POST", f"/replies/{reply}:approve")
        self.call("POST", f"/replies/{reply}:send")
        return reply

    def file(self, matter: int) -> dict[str, Any]:
        """The case file of a matter."""
        found: dict[str, Any] = self.call("GET", f"/matters/{matter}")
        return found

    def look_up(self, receipt: str) -> dict[str, Any]:
        """What a citizen sees under a receipt."""
        answer = self.citizen.post(f"{API}/receipts:look-up", json=self.present(receipt))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def rate(self, receipt: str, reply: int, satisfaction: str, reason: str = "") -> bool:
        """A citizen rates an answer; whether the matter was opened again."""
        body = {"reply": reply, "satisfaction": satisfaction, "reason": reason}
        answer = self.citizen.post(f"{API}/receipts:rate", json=body | self.present(receipt))
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["is_reopened"])
