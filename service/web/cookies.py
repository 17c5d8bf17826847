"""The two cookies: the signed session, and the random name of a browser for CSRF tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

SESSION = "minqing_session"
BROWSER = "minqing_browser"


class Seal:
    """Signs what a browser keeps for us.

    Parameters
    ----------
    secret_key
        The installation's secret, 32 bytes or more.
    """

    def __init__(self, secret_key: bytes) -> None:
        self._sessions = URLSafeSerializer(secret_key, salt="minqing.session")
        self._csrf_key = hmac.digest(secret_key, b"minqing.csrf", "sha256")

    def sign_session(self, token: str) -> str:
        """The value of the session cookie for a session's token."""
        signed = self._sessions.dumps(token)
        return signed if isinstance(signed, str) else signed.decode("ascii")

    def read_session(self, cookie: str) -> str:
        """The session's token, "" where the signature is not ours."""
        try:
            token = self._sessions.loads(cookie)
        except BadData:
            return ""
        return token if isinstance(token, str) else ""

    def csrf_token(self, browser: str, session: str) -> str:
        """What a form of this browser in this session must bring along."""
        bound = f"{browser}|{session}".encode("utf-8", "surrogatepass")
        return hmac.new(self._csrf_key, bound, hashlib.sha256).hexdigest()


def seal_of(request: Request) -> Seal:
    """The seal the application was created with."""
    seal: Seal = request.app.state.seal
    return seal


def session_token(request: Request) -> str:
    """The token of the session that a request belongs to, "" where there is none."""
    cookie = request.cookies.get(SESSION, "")
    return seal_of(request).read_session(cookie) if cookie else ""


def browser_name(request: Request) -> str:
    """The random name this browser was given, a new one where it has none."""
    known: str = getattr(request.state, "browser", "") or request.cookies.get(BROWSER, "")
    request.state.browser = known or secrets.token_urlsafe(16)
    return str(request.state.browser)


def set_session(request: Request, response: Response, token: str, hours: int) -> None:
    """Let the browser keep a session for some hours."""
    _set(request, response, SESSION, seal_of(request).sign_session(token), hours * 3600)


def set_browser(request: Request, response: Response) -> None:
    """Let the browser keep its name until it is closed."""
    _set(request, response, BROWSER, browser_name(request), None)


def clear_session(response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(SESSION, path="/", httponly=True, samesite="lax")


def _set(request: Request, response: Response, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
