"""Every error of the doors in one shape: ``application/problem+json`` (RFC 9457).

A browser that asks for HTML gets the same problem as a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from service.errors import (
    RETRY_SECONDS,
    FactorMissingError,
    MinqingError,
    NotLoggedInError,
    PasswordExpiredError,
)
from service.web.pages.rendering import PASSING, show_page
from service.web.validation_texts import FieldError, field_errors

MEDIA_TYPE = "application/problem+json"
_HTTP_TEXTS = {
    400: ("bad_request", "请求无法解析。"),
    404: ("not_found", "找不到所请求的内容。"),
    405: ("method_not_allowed", "这个地址不支持此种请求方法。"),
}
_INVALID = ("invalid_input", "提交的内容不符合要求。")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told of an error.

    ``title`` says what kind it is, ``detail`` what happened this time (both Chinese), ``code``
    is stable and meant for machines, ``errors`` names the fields at fault.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...] = ()


def make_problem(error: Exception) -> Problem:
    """The problem that an exception means; of an unforeseen one nothing is told."""
    if isinstance(error, MinqingError):
        return _problem(error.code, error.status, error.__doc__ or "", error.message)
    if isinstance(error, RequestValidationError):
        return _invalid(field_errors(error.errors()))
    if isinstance(error, ValidationError):
        within = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return _invalid(field_errors(within))
    if isinstance(error, HTTPException):
        code, title = _HTTP_TEXTS.get(error.status_code, _HTTP_TEXTS[400])
        return _problem(code, error.status_code, title, title)
    return make_problem(MinqingError())


def _invalid(errors: tuple[FieldError, ...]) -> Problem:
    code, title = _INVALID
    detail = "；".join(f"{e.field}：{e.message}" if e.field else e.message for e in errors[:5])
    return _problem(code, 422, title, detail or title, errors)


def _problem(
    code: str, status: int, title: str, detail: str, errors: tuple[FieldError, ...] = ()
) -> Problem:
    return Problem(
        f"urn:minqing:problem:{code}", title.strip(), status, _sayable(detail), code, errors
    )


def _sayable(text: str) -> str:
    """Text that can be sent: lone surrogates, which UTF-8 has no form for, become "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def as_json(problem: Problem) -> dict[str, object]:
    """The problem as the body of an answer."""
    return asdict(problem)


def problem_answer(request: Request, error: Exception) -> Response:
    """The one handler: an exception becomes the answer to a request."""
    problem = make_problem(error)
    if not _wants_page(request):
        response: Response = JSONResponse(as_json(problem), problem.status, media_type=MEDIA_TYPE)
    elif isinstance(error, NotLoggedInError) and request.method in ("GET", "HEAD"):
        return _to_login(request)
    elif isinstance(error, FactorMissingError | PasswordExpiredError):
        return RedirectResponse("/account", 303)
    else:
        response = show_page(request, "problem.html.j2", problem.status, problem=problem)
    response.headers.update(_headers(error, problem.status))
    return response


def _headers(error: Exception, status: int) -> Mapping[str, str]:
    own = error.headers if isinstance(error, HTTPException) else None
    seconds = getattr(error, "retry_seconds", RETRY_SECONDS)
    return {**(own or {}), **({"Retry-After": str(seconds)} if status in PASSING else {})}


def _wants_page(request: Request) -> bool:
    is_page = not request.url.path.startswith("/api/")
    return is_page and "text/html" in request.headers.get("accept", "")


def _to_login(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = quote(f"{request.url.path}{query}", safe="/")
    return RedirectResponse(f"/login?next={wanted}", status_code=303)


async def answer(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem from outside the routes (middleware)."""
    await problem_answer(Request(scope), error)(scope, receive, send)


async def _handle(request: Request, error: Exception) -> Response:
    return problem_answer(request, error)


def register_problems(app: FastAPI) -> None:
    """Let every foreseen exception of the routes be answered by the one handler."""
    for kind in (MinqingError, RequestValidationError, ValidationError, HTTPException):
        app.add_exception_handler(kind, _handle)
