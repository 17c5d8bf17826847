"""One account of each role, what lies in its scope, and what lies outside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fastapi import FastAPI

from service.domain.access import Role, ScopeKind
from service.storage.accounts import accounts
from service.storage.casework.receptions import insert_reception
from service.storage.matters.matters import change_matter
from service.usecases.casework.answering import draft_reply
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import NOW, a_message, dispatch_matter
from tests.service.web.visitor import Visitor

ACCOUNTS: dict[Role, tuple[ScopeKind, tuple[str, ...]]] = {
    Role.ADMINISTRATOR: (ScopeKind.WHOLE, ()),
    Role.CLERK: (ScopeKind.COMMITTEE, ("FP",)),
    Role.CONVENER: (ScopeKind.STUDIO, ("T1",)),
    Role.MEMBER: (ScopeKind.STUDIO, ("T1",)),
    Role.LIAISON: (ScopeKind.DEPARTMENT, ("住建局",)),
    Role.LEADER: (ScopeKind.COMMITTEE, ("FP",)),
}
OWN_TEXT, FOREIGN_TEXT = "庄里镇三合村东巷的路灯全黑了。", "北山中学门口的小摊卖过期零食。"


@dataclass(frozen=True, slots=True)
class Things:
    """The ids of a matter and of what belongs to it."""

    matter_id: int
    message_id: int
    reply_id: int
    reception_id: int

    def of(self, name: str) -> int:
        """The id that stands for a parameter of an address."""
        return self.matter_id if name == "other" else int(getattr(self, name))


def make_things(
    context: Context, text: str, committee: str, studio: str, department: str
) -> Things:
    """A matter with an answer being drafted, and a reception of its studio."""
    (received,) = receive_messages(context, [a_message(text, title=text[:6])])
    with context.database.transaction() as connection:
        columns = {"committee": committee, "studio": studio, "department": department}
        change_matter(connection, received.matter_id, status="review", **columns)
        reception_id = insert_reception(
            connection,
            studio=studio,
            held_on=NOW.date(),
            place="",
            members=[],
            opened_by="甲",
            opened_at=NOW,
        )
    dispatch_matter(context, received.matter_id, "甲")
    reply_id = draft_reply(context, received.matter_id, "路灯已经修好。", "甲")
    return Things(received.matter_id, received.message_id, reply_id, reception_id)


def log_in_as(
    app: FastAPI,
    role: Role,
    scope: tuple[ScopeKind, tuple[str, ...]] | None = None,
    name: str = "",
) -> Visitor:
    """A program that is logged in with a new account of this role."""
    context: Context = app.state.context
    kind, codes = scope or ACCOUNTS[role]
    name = name or role.value
    token = f"token of {name}"
    digest = hashlib.sha256(token.encode()).digest()
    with context.database.transaction() as connection:
        accounts.insert_account(connection, name, "-", role, kind, codes)
        accounts.insert_login(connection, digest, name, NOW, NOW.replace(year=2027))
    visitor = Visitor(app, accept="application/json")
    visitor.cookies.set("minqing_session", app.state.seal.sign_session(token))
    return visitor
