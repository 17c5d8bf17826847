"""The cookies: the signed session, the random name of a browser for CSRF tokens, and the signed
proof that an account has logged in from this browser before.
"""

from __future__ import annotations

import hmac
import secrets

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from service.key_file import KeyFile

SESSION = "minqing_session"
BROWSER = "minqing_browser"
DEVICE = "minqing_device"
_DEVICE_SECONDS = 365 * 24 * 3600


class Seal:
    """Signs what a browser keeps for us: with the current key, and knows what any key signed.

    Parameters
    ----------
    key_file
        The file of the installation's keys.
    """

    def __init__(self, key_file: KeyFile) -> None:
        self._key_file = key_file
        key_file.ring()

    @property
    def _sessions(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secrets(), salt="minqing.session")

    @property
    def _devices(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secrets(), salt="minqing.device")

    def _secrets(self) -> list[bytes]:
        """The secrets of all keys, the current one last, as itsdangerous takes them."""
        ring = self._key_file.ring()
        return [key.secret for key in sorted(ring.keys, key=lambda key: key.id == ring.current_id)]

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

    def sign_device(self, account: str, device: str) -> str:
        """The value of the cookie of a browser, named ``device``, that an account logged in from.

        Of the account it holds a keyed digest: another who uses the browser reads no name.
        """
        signed = self._devices.dumps([self._digests_of(account)[0], device])
        return signed if isinstance(signed, str) else signed.decode("ascii")

    def read_device(self, cookie: str, account: str) -> str:
        """What names the browser, "" where the cookie is not ours or another account's."""
        try:
            digest, device = self._devices.loads(cookie)
        except (BadData, TypeError, ValueError):
            return ""
        return str(device) if digest in self._digests_of(account) else ""

    def _digests_of(self, account: str) -> list[str]:
        return self._digests(b"device " + account.encode("utf-8", "surrogatepass"))

    def csrf_token(self, browser: str, session: str) -> str:
        """What a form of this browser in this session must bring along."""
        return self._digests(_bound(browser, session))[0]

    def is_csrf_token(self, given: str, browser: str, session: str) -> bool:
        """Whether a form brings it along, also one that was shown under a former key."""
        known = self._digests(_bound(browser, session))
        told = given.encode("utf-8", "replace")
        return any(hmac.compare_digest(told, each.encode("ascii")) for each in known)

    def _digests(self, told: bytes) -> list[str]:
        """Keyed digests, in hexadecimal digits, under all keys, the current one first."""
        keys = (hmac.digest(each, b"minqing.csrf", "sha256") for each in reversed(self._secrets()))
        return [hmac.digest(key, told, "sha256").hex() for key in keys]


def _bound(browser: str, session: str) -> bytes:
    return f"{browser}|{session}".encode("utf-8", "surrogatepass")


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


def known_device(request: Request, account: str) -> str:
    """What names the browser, where this account has logged in from it before; else ""."""
    cookie = request.cookies.get(DEVICE, "")
    return seal_of(request).read_device(cookie, account) if cookie else ""


def set_device(request: Request, response: Response, account: str) -> None:
    """Let the browser keep for a year that this account has logged in from it."""
    device = known_device(request, account) or secrets.token_urlsafe(16)
    signed = seal_of(request).sign_device(account, device)
    _set(request, response, DEVICE, signed, _DEVICE_SECONDS)


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
