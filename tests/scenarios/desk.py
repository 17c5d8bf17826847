"""What a clerk does in a day, as calls of the API by the client that programs use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from service.client import Answer, MinqingClient
from service.client.shapes import MatterFileOut, MessageIn, MoveIn, ReceiptOut, UnderReceiptOut
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.web.visitor import Visitor

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

    @property
    def api(self) -> MinqingClient:
        """The API as the clerk calls it."""
        return MinqingClient(self.clerk.send)

    @property
    def public_api(self) -> MinqingClient:
        """The API as citizens call it, without an account."""
        return MinqingClient(self.citizen.send)

    def write(self, place: str, count: int) -> list[ReceiptOut]:
        """The first letters of a place's samples come in; the answers to them."""
        lines = (SAMPLES / f"{place}.jsonl").read_text("utf-8").splitlines()[:count]
        return [self.take_in(json.loads(line), self.api.post_message) for line in lines]

    def take_in(
        self, sample: dict[str, str], hand_in: Callable[[MessageIn], Answer[ReceiptOut]]
    ) -> ReceiptOut:
        """One letter comes in now."""
        received = hand_in(
            {
                "title": sample["主题"],
                "text": sample["内容"],
                "external_id": sample["编号"],
                "sender": {"name": sample["来信人"], "phone": sample["电话"]},
            }
        ).body
        self.proofs[received["receipt"]] = received["pin"] or sample["电话"][-4:]
        return received

    def move(self, matter: int, move: str, **told: Any) -> str:
        """Make a move; the state after it."""
        body = cast("MoveIn", {"move": move, "note": "按程序办理", **told})
        return self.api.post_move(matter, body).body["status"]

    def send_out(self, matter: int) -> None:
        """Let a matter that waits in review go out, after a person said who is to act."""
        if self.file(matter)["matter"]["status"] == "review":
            self.move(matter, "dispatched")

    def answer(self, matter: int, text: str = "{来信人}：您反映的事情已经办妥。") -> int:
        """Draft, check and sign an answer."""
        reply = self.api.post_reply(matter, {"text": text}).body["id"]
        self.api.post_approval(reply)
        self.api.post_sending(reply)
        return reply

    def file(self, matter: int) -> MatterFileOut:
        """The case file of a matter."""
        return self.api.get_matter(matter).body

    def look_up(self, receipt: str) -> UnderReceiptOut:
        """What a citizen sees under a receipt."""
        shown = {"receipt": receipt, "proof": self.proofs[receipt]}
        return self.public_api.post_look_up(shown).body

    def rate(self, receipt: str, reply: int, satisfaction: str, reason: str = "") -> bool:
        """A citizen rates an answer; whether the matter was opened again."""
        return self.public_api.post_rating(
            {
                "receipt": receipt,
                "proof": self.proofs[receipt],
                "reply": reply,
                "satisfaction": satisfaction,
                "reason": reason,
            }
        ).body["is_reopened"]

    def supplement(self, receipt: str, matter: str, text: str) -> None:
        """A citizen tells more, as the desk asked for."""
        proof = self.proofs[receipt]
        self.public_api.post_supplement(
            {"receipt": receipt, "proof": proof, "matter": matter, "text": text}
        )
