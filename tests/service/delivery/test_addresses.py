"""Where a webhook may go."""

from __future__ import annotations

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from service.delivery.addresses import Target, may_go_to, read_url, resolve
from service.errors import AddressRefusedError, HostNotFoundError

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "100.64.0.1", "100.100.100.200", "169.254.169.254", "168.63.129.16", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.hostile
@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not may_go_to(address, ())


@pytest.mark.parametrize("address", ["1.2.4.8", "::ffff:1.2.4.8", "2400:3200::1"])
def test_what_is_public_is_not(address: str) -> None:
    assert may_go_to(address, ())


def test_a_network_that_is_allowed_is_allowed_alone() -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("::1/128")]
    assert may_go_to("10.1.2.3", allowed)
    assert may_go_to("::ffff:10.1.2.3", allowed)
    assert may_go_to("::1", allowed)
    assert not may_go_to("10.2.0.1", allowed)


@pytest.mark.hostile
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "0", "[::1]",
     "[::ffff:127.0.0.1]", "169.254.169.254", "LOCALHOST", "localhost."],
)  # fmt: skip
def test_an_inner_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises((AddressRefusedError, HostNotFoundError)):
        resolve(read_url(f"http://{host}/"), ())


@pytest.mark.hostile
@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:1",
     "//example.com/", "http://", "http:///x", "http://a b/", "http://example.com/\r\nX: 1",
     "http://user@example.com/", "http://user:word@example.com/", "http://example.com#x",
     "http://example.com\\@127.0.0.1/", "http://example.com:0/", "http://example.com:65536/",
     "http://example.com:x/", "http://[::1/", "http://[fe80::1%25eth0]/", "http://例子.cn/",
     "http://example.com/" + "a" * 500, "http://exa_mple$.com/", "http://\x00/"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        read_url(url)


def test_an_address_is_taken_apart() -> None:
    assert read_url("https://Hook.Example.cn/a?b=1") == Target(
        "https", "hook.example.cn", 443, "/a?b=1"
    )
    assert read_url("http://example.cn:8080").host_header == "example.cn:8080"
    assert read_url("https://[2400:3200::1]:443/").host_header == "[2400:3200::1]"


@pytest.mark.hostile
def test_one_inner_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(host: str, port: int, **_: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in ("1.2.4.8", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with pytest.raises(AddressRefusedError, match="指向内部"):
        resolve(read_url("http://mixed.example/"), ())


def test_a_name_that_leads_nowhere_is_told() -> None:
    with pytest.raises(HostNotFoundError, match="找不到主机"):
        resolve(read_url("http://nowhere.invalid/"), ())
