"""Where a webhook may go: checked by the addresses that its name resolves to."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from service.delivery.time_limit import within
from service.errors import AddressRefusedError, HostNotFoundError, UndeliveredError
from service.settings import Network

MAX_URL_CHARS = 500
LOOK_UP_SECONDS = 10.0
_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"[!-~]+")  # printable ASCII: nothing that ends a line of a request
_HOST = re.compile(r"[0-9A-Za-z.\-]{1,253}|[0-9A-Fa-f:.]{2,45}")
# Global by their number, yet another network's inside: tunnels, and a cloud's own service.
_DISGUISED = tuple(
    map(
        ip_network,
        (
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/32",
            "::/96",
            "fec0::/10",
            "168.63.129.16/32",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's address, taken apart; ``path`` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """As the header ``Host`` names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_url(url: str) -> Target:
    """Take a webhook's address apart.

    Raises
    ------
    AddressRefusedError
        It is no plain address by http or https.
    """
    if len(url) > MAX_URL_CHARS or not _PLAIN.fullmatch(url):
        raise AddressRefusedError(f"须为不超过 {MAX_URL_CHARS} 个字符的英文网址，不含空格")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError("网址无法识别") from error
    host = parts.hostname or ""
    if parts.scheme not in _PORTS:
        raise AddressRefusedError("须以 http:// 或 https:// 开头")
    if "@" in parts.netloc or "#" in url or "\\" in url:
        raise AddressRefusedError("网址不能含有用户名、密码、# 或反斜线")
    if not _HOST.fullmatch(host) or port == 0:
        raise AddressRefusedError("主机名或端口无法识别")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def resolve(target: Target, allowed: Sequence[Network]) -> str:
    """The one address to connect to: looked up once, all that was found being allowed.

    Parameters
    ----------
    allowed
        Networks inside the house that may be gone to all the same.

    Raises
    ------
    AddressRefusedError
        The name leads, also, to a private, local or otherwise not public address.
    HostNotFoundError
        The name leads nowhere, or looking it up takes longer than ``LOOK_UP_SECONDS``.
    """
    look_up = partial(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        found = within(LOOK_UP_SECONDS, look_up, f"查找主机 {target.host}")
    except UndeliveredError as error:
        raise HostNotFoundError(error.detail) from error
    except (OSError, UnicodeError) as error:
        raise HostNotFoundError(f"找不到主机 {target.host}") from error
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not may_go_to(address, allowed):
            raise AddressRefusedError(
                f"{target.host} 指向内部或保留的地址，须先由 MINQING_WEBHOOK_ALLOW 允许"
            )
    return addresses[0]


def may_go_to(address: str, allowed: Sequence[Network]) -> bool:
    """Whether an address is public, or in a network that is allowed."""
    try:
        number = _unwrapped(ip_address(address))
    except ValueError:  # with a zone that only this machine knows
        return False
    if any(number in network for network in allowed if network.version == number.version):
        return True
    is_disguised = any(number in each for each in _DISGUISED if each.version == number.version)
    return number.is_global and not (number.is_multicast or number.is_reserved or is_disguised)


def _unwrapped(number: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as IPv6, as what it is."""
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    return mapped or number
