"""What a call gives back, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

import httpx

Body = TypeVar("Body")
Files = Sequence[tuple[str, bytes]]  # each with its name


class Request(Protocol):
    """What sends a request: the method ``request`` of an ``httpx.Client``."""

    def __call__(self, method: str, url: str, /, **parts: Any) -> httpx.Response:
        """Send it; ``parts`` are ``params``, ``headers`` and what the body is made of."""
        ...


@dataclass(frozen=True, slots=True)
class Answer(Generic[Body]):
    """An answer of status 2xx: its body, and what its headers tell."""

    body: Body
    status: int
    headers: httpx.Headers

    @property
    def etag(self) -> str:
        """The version of what was read, for ``if_match``; "" where none is told."""
        return str(self.headers.get("etag", ""))


class ProblemError(Exception):
    """The service answered with a problem (RFC 9457).

    ``code`` is stable and meant for machines, ``detail`` is Chinese; ``errors`` names the fields
    at fault. ``retry_after`` is in seconds, None where nothing is told.
    """

    def __init__(self, response: httpx.Response) -> None:
        problem = _read_problem(response)
        self.status = response.status_code
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        self.errors: list[dict[str, str]] = problem.get("errors", [])
        wait = response.headers.get("retry-after", "")
        self.retry_after = int(wait) if wait.isdecimal() else None
        super().__init__(f"{self.status} {self.code} {self.detail}")


def _read_problem(response: httpx.Response) -> dict[str, Any]:
    """The problem; nothing where what stands before the service answered in its own words."""
    if not response.headers.get("content-type", "").startswith("application/problem+json"):
        return {}
    problem: dict[str, Any] = response.json()
    return problem


class Caller:
    """Makes the calls of the operations.

    Parameters
    ----------
    request
        What sends a request; it brings the service's address and a token.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    def _json(self, method: str, path: str, **parts: Any) -> Answer[Any]:
        response = self._send(method, path, **parts)
        return Answer(response.json(), response.status_code, response.headers)

    def _bytes(self, method: str, path: str, **parts: Any) -> Answer[bytes]:
        response = self._send(method, path, **parts)
        return Answer(response.content, response.status_code, response.headers)

    def _empty(self, method: str, path: str, **parts: Any) -> Answer[None]:
        response = self._send(method, path, **parts)
        return Answer(None, response.status_code, response.headers)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
        media_type: str | None = None,
        **body: Any,
    ) -> httpx.Response:
        """Send what is given: parameters and headers that are None are left out.

        Raises
        ------
        ProblemError
            The answer is not of status 2xx.
        """
        named = {**(headers or {}), "Content-Type": media_type}
        told = {name: value for name, value in named.items() if value is not None}
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        response = self._request(method, path, params=asked, headers=told, **body)
        if not response.is_success:
            raise ProblemError(response)
        return response


def in_path(value: str) -> str:
    """A value as one part of a path, whatever it contains; dots alone would lead upwards."""
    return quote(value, safe="").replace(".", "%2E")
