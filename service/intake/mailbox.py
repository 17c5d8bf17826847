"""邮箱: mails on a server (IMAP4rev1, RFC 3501), read one by one and moved to other folders."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from service.errors import MailboxError, MailUnreadableError
from service.intake.email_message import MAX_MAIL_BYTES

_SECONDS = SocketTimeout(connect=10, read=30)


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """Where the mailbox lies, and what its folders are called."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str
    password: str
    folder: str
    done_folder: str
    failed_folder: str

    @property
    def name(self) -> str:
        """What tells it from other mailboxes."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"[:400]


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """The bytes of a mail, and when the server took it in (aware)."""

    raw: bytes
    arrived_at: datetime


class Mailbox:
    """A folder that was opened; see ``open_mailbox``."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def waiting(self, limit: int) -> list[int]:
        """The UIDs of at most ``limit`` mails that are in the folder, oldest first."""
        return sorted(self._client.search(["NOT", "DELETED"]))[:limit]

    def fetch(self, uid: int) -> FetchedMail | None:
        """Read a mail, which stays as it is; None where somebody else moved it meanwhile.

        Raises
        ------
        MailUnreadableError
            It is too large; it was not read.
        """
        told = self._client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
        if told is None:
            return None
        if told[b"RFC822.SIZE"] > MAX_MAIL_BYTES:
            raise MailUnreadableError(f"超过 {MAX_MAIL_BYTES // 1_000_000} MB")
        found = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid)
        if found is None:
            return None
        return FetchedMail(found[b"BODY[]"], told[b"INTERNALDATE"].astimezone(UTC))

    def move(self, uid: int, folder: str) -> None:
        """Move a mail to another folder; one that is gone already stays gone."""
        if self._client.has_capability("MOVE"):
            self._client.move([uid], folder)
            return
        self._client.copy([uid], folder)
        self._client.delete_messages([uid], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])


@contextmanager
def open_mailbox(server: MailboxServer) -> Iterator[Mailbox]:
    """Log in and open the folder; folders to move to are made where they are missing.

    Raises
    ------
    MailboxError
        The server is away, its certificate is not known, or it says no; also in what is done with
        the mailbox.
    """
    try:
        with _connect(server) as client:
            _prepare(client, server)
            yield Mailbox(client)
    except LoginError as error:
        raise MailboxError("服务器不接受用户名或密码") from error
    except ssl.SSLError as error:
        raise MailboxError("服务器的证书无法验证") from error
    except OSError as error:
        raise MailboxError("无法连接服务器") from error
    except IMAPClientError as error:
        raise MailboxError("服务器没有完成所要的操作") from error


def _connect(server: MailboxServer) -> Any:
    context = ssl.create_default_context()
    is_tls = server.security == "tls"
    client = IMAPClient(
        server.host,
        server.port,
        ssl=is_tls,
        ssl_context=context if is_tls else None,
        timeout=_SECONDS,
    )
    client.normalise_times = False  # aware times
    return client


def _prepare(client: Any, server: MailboxServer) -> None:
    if server.security == "starttls":
        client.starttls(ssl.create_default_context())
    try:
        client.login(server.user, server.password)
    except UnicodeError as error:  # the protocol's login is ASCII
        raise MailboxError("用户名或密码含有不能发送的字符") from error
    if client.has_capability("ID"):
        client.id_({"name": "minqing"})  # NetEase lets no program in that does not tell its name
    for folder in (server.done_folder, server.failed_folder):
        if not client.folder_exists(folder):
            client.create_folder(folder)
    client.select_folder(server.folder)
