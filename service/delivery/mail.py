"""Mails with a digest attached, handed to the house's mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import Literal

from service.delivery.time_limit import within
from service.errors import InvalidInputError, UndeliveredError

_SECONDS = 30.0  # for each step
WHOLE_SECONDS = 120.0  # a digest of some megabytes over a slow line
_ADDRESS = re.compile(r"[0-9A-Za-z.!#$%&'*+/=?^_`{|}~-]{1,64}@[0-9A-Za-z.-]{1,189}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in; ``user`` is "" where none is asked for."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a mail."""

    name: str
    media_type: str
    content: bytes


def check_recipient(address: str) -> None:
    """Let a mail address pass.

    Raises
    ------
    InvalidInputError
        It has not the form of one.
    """
    if not _ADDRESS.fullmatch(address):
        raise InvalidInputError(f"邮箱地址“{address[:40]}”无法识别")


def compose(
    headers: Mapping[str, str], text: str, at: datetime, attached: list[Attached]
) -> EmailMessage:
    """A mail. ``headers`` are From, To, Subject and what else it shall bear."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message["Date"] = format_datetime(at)
    message.set_content(text)
    for one in attached:
        main, _, sub = one.media_type.partition(";")[0].partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    return message


def hand_in(server: MailServer, message: EmailMessage, seconds: float = WHOLE_SECONDS) -> None:
    """Hand a mail to the server, all of it in so many seconds.

    Raises
    ------
    UndeliveredError
        The server cannot be reached, its certificate is not known, it says no, or it takes longer;
        then the mail may have arrived all the same.
    """
    within(seconds, partial(_hand_in, server, message), "递交邮件")


def _hand_in(server: MailServer, message: EmailMessage) -> None:
    try:
        with _connect(server) as client:
            if server.security == "starttls":
                client.starttls(context=ssl.create_default_context())
            if server.user:
                client.login(server.user, server.password)
            client.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise UndeliveredError("邮件服务器不接受用户名或密码") from error
    except smtplib.SMTPNotSupportedError as error:
        raise UndeliveredError("邮件服务器不支持所要的加密或登录方式") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise UndeliveredError("邮件服务器不接受收件人") from error
    except smtplib.SMTPException as error:
        raise UndeliveredError("邮件服务器没有接受邮件") from error
    except ssl.SSLError as error:
        raise UndeliveredError("邮件服务器的证书无法验证") from error
    except OSError as error:
        raise UndeliveredError("无法连接邮件服务器") from error
    except UnicodeError as error:  # the protocol's login is ASCII
        raise UndeliveredError("邮件服务器的用户名或密码含有不能发送的字符") from error


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
