"""One request to a webhook: to a pinned address, within a time, no redirect followed."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from http import HTTPStatus

from service.delivery.addresses import Target
from service.errors import UndeliveredError

_AGENT = "Minqing-Webhooks/1.0"


def post(
    target: Target, address: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> None:
    """Send a body and wait for a yes; of the answer only status and headers are read.

    Parameters
    ----------
    address
        What the target's host was resolved to: nothing is looked up again. TLS still checks the
        certificate of the host's name.
    seconds
        All of it, from connecting to the answer, may take so long.

    Raises
    ------
    UndeliveredError
        The receiver cannot be reached, does not answer in time, or says no.
    """
    connection = _PinnedConnection(target, address, seconds)
    watch = threading.Timer(seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        told = {"Host": target.host_header, "User-Agent": _AGENT, **headers}
        connection.request("POST", target.path, body, {"Content-Type": "application/json", **told})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise UndeliveredError(_reason(connection, error, seconds)) from error
    finally:
        watch.cancel()
        connection.close()
    _check(status)


class _PinnedConnection(http.client.HTTPConnection):
    """Connects to an address that was checked; its whole life can be cut short."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target, self._address = target, address
        self.was_cut = False

    def connect(self) -> None:
        """Connect, by TLS where the target wants it."""
        self.sock = socket.create_connection((self._address, self._target.port), self.timeout)
        if self.was_cut:
            raise TimeoutError
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """End what goes on, from another thread: each byte may be in time, the whole is not."""
        self.was_cut = True
        going_on = self.sock
        if going_on is not None:
            try:
                # Below TLS, which would wait for the other side to say goodbye.
                socket.socket.shutdown(going_on, socket.SHUT_RDWR)
            except OSError:
                return  # it ended by itself


def _reason(connection: _PinnedConnection, error: Exception, seconds: float) -> str:
    if connection.was_cut or isinstance(error, TimeoutError):
        return f"{seconds:g} 秒内没有答复"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "对方的证书无法验证"
    if isinstance(error, ssl.SSLError):
        return "加密连接没有建立"
    if isinstance(error, ConnectionRefusedError):
        return "对方拒绝连接"
    if isinstance(error, http.client.RemoteDisconnected | ConnectionError):
        return "对方中断了连接"
    return "对方的答复无法识别" if isinstance(error, http.client.HTTPException) else "无法连接"


def _check(status: int) -> None:
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise UndeliveredError(f"对方要求转到别处（{status}），不跟随")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise UndeliveredError(f"对方答复 {status}")
