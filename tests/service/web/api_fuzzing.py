"""The whole OpenAPI document tried with drawn requests, and answers held against it.

Schemathesis draws the requests: for each operation the limits of every parameter and what lies
just outside, what is missing or of another type, methods that are not there, then requests at
random, and chains in which an answer's ids go into the next request.
"""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import schemathesis
from fastapi import FastAPI
from hypothesis import strategies as st
from openpyxl import Workbook
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.types import Message, Receive, Scope, Send

from service.domain.access import WHOLE, Account, Role, TokenScope
from service.errors import PasswordExpiredError
from service.usecases.accounts.api_tokens import add_token
from service.web.limits import MAIL
from service.web.throttle import throttle_of
from tests.service.web.access_world import OWN_TEXT, log_in_as, make_things

DOCUMENT = "/api/v1/openapi.json"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
PHASES = ("examples", "coverage", "fuzzing", "stateful")
_MUST_CHANGE = PasswordExpiredError.code.encode()
Credentials = Callable[[], dict[str, str]]


@dataclass
class Findings:
    """How many requests were answered with which status, and each answer that should not be."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def case_count(self) -> int:
        """Requests that were answered."""
        return self.statuses.total()


class Caller:
    """ASGI application that asks another one with fresh credentials.

    Some requests end the caller's own login, as resetting its password does. It then logs in
    anew, so that those that come after are answered by the routes again.
    """

    def __init__(self, app: FastAPI, credentials: Credentials) -> None:
        self.app = app
        self.credentials = credentials
        self.headers = credentials()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; there is no lifespan, and so no work in the background."""
        if scope["type"] != "http":
            raise NotImplementedError
        own = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        has_ended = False

        async def watched(message: Message) -> None:
            nonlocal has_ended
            is_over = message.get("status") == 401 or _MUST_CHANGE in message.get("body", b"")
            has_ended = has_ended or is_over
            await send(message)

        await self.app({**scope, "headers": [*scope["headers"], *own]}, receive, watched)
        if has_ended:
            self.headers = self.credentials()


def nobody(app: FastAPI) -> Credentials:
    """Not logged in."""
    return dict


def administrator(app: FastAPI) -> Credentials:
    """Logged in as a person who may do everything."""

    names = map("管理员{}".format, count())

    def log_in() -> dict[str, str]:
        cookies = log_in_as(app, Role.ADMINISTRATOR, name=next(names)).cookies
        return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    return log_in


def token_bearer(app: FastAPI) -> Credentials:
    """A program whose token has every scope."""
    names = map("对接{}".format, count())

    def log_in() -> dict[str, str]:
        owner = Account(next(names), Role.ADMINISTRATOR, WHOLE)
        log_in_as(app, Role.ADMINISTRATOR, name=owner.name)
        token = add_token(app.state.context, owner, "试", TokenScope, 30).token
        return {"authorization": f"Bearer {token}"}

    return log_in


CALLERS = {"administrator": administrator, "token": token_bearer, "nobody": nobody}


def prepare(app: FastAPI) -> None:
    """Give requests something to find, and let none be answered with 429 for being one of many."""
    never = throttle_of(0)
    app.state.throttle = app.state.receipt_throttle = never
    app.state.intake_throttle = app.state.system_throttle = never
    for text in (OWN_TEXT, "北山中学门口的小摊卖过期零食。", "出租屋的房东不退押金。"):
        make_things(app.state.context, text, "FP", "T1", "住建局")


def fuzz(
    app: FastAPI,
    credentials: Credentials,
    examples: int,
    seed: int,
    only: str = "",
    phases: Sequence[str] = PHASES,
) -> Findings:
    """Try every operation.

    Parameters
    ----------
    credentials
        Headers of a caller who is logged in, or of nobody.
    examples
        Requests drawn at random for each operation, and chains of them, beside those at limits.
    seed
        Of what is drawn.
    only
        Regular expression of the paths to try; all by default.
    phases
        Which of Schemathesis's phases; all by default.
    """
    schemathesis.openapi.media_type(WORKBOOK, _workbooks())
    schemathesis.openapi.media_type(MAIL, _mails())
    config = SchemathesisConfig.from_dict(_config(examples, seed, only, phases))
    schema = schemathesis.openapi.from_asgi(DOCUMENT, Caller(app, credentials), config=config)
    found = Findings()
    with _silent("minqing"):
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                _look_at(event, found)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                found.faults.append(f"not tried: {event}")
    return found


def _config(examples: int, seed: int, only: str, phases: Sequence[str]) -> dict[str, object]:
    return {
        "seed": seed,
        "continue-on-failure": True,
        "generation": {
            "max-examples": examples,
            "database": "none",
            "no-shrink": True,
            "with-security-parameters": False,
        },
        "phases": {name: {"enabled": name in phases} for name in PHASES},
        "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
        "operations": [{"exclude-path-regex": f"^(?!{only})", "enabled": False}] if only else [],
    }


def _mails() -> st.SearchStrategy[bytes]:
    """Mails: with headers, with bytes of any kind below them, and no such."""
    heads = st.sampled_from((b"", b"Subject: x\r\n", b"From: a@b\r\nContent-Type: text/html\r\n"))
    return st.builds(b"\r\n".join, st.tuples(heads, st.binary(max_size=200)))


def _workbooks() -> st.SearchStrategy[bytes]:
    """Workbooks of spreadsheets: true ones, ones cut off or with bytes changed, and no such."""
    stream = io.BytesIO()
    Workbook().save(stream)
    book = stream.getvalue()

    def changed(at: int, byte: int) -> bytes:
        return book[:at] + bytes([byte]) + book[at + 1 :]

    place = st.integers(0, len(book) - 1)
    return st.one_of(
        st.just(book),
        st.binary(),
        place.map(book.__getitem__).map(lambda byte: bytes([byte])),
        place.map(lambda end: book[:end]),
        st.builds(changed, place, st.integers(0, 255)),
    )


def _look_at(event: events.ScenarioFinished, found: Findings) -> None:
    recorder = event.recorder
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
        for check in recorder.checks.get(case_id, ()):
            if check.failure_info:
                request = interaction.request
                body = (request.body or b"")[:500]
                what = f"{request.method} {request.uri} {body!r}"
                found.faults.append(f"{check.name}: {what}: {check.failure_info.failure}")


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Thousands of refusals are no news."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)
