"""Settings: one frozen object, read once from ``MINQING_*``.

No other module reads the environment. Each bad value fails with its key's name.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import SettingsError
from service.key_file import KeyFile

_LEAST_TOKEN = 20  # characters
Network = IPv4Network | IPv6Network

_PACKAGE_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an installation may choose. Every field is set by ``MINQING_`` + its name."""

    model_config = SettingsConfigDict(
        env_prefix="MINQING_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    home: Path = Field(default=Path("var"), description="Folder of database, key and rejects")
    database_url: str = Field(default="", description="SQLAlchemy URL; SQLite in home if empty")
    data: Path = Field(default=_PACKAGE_ROOT / "data", description="Taxonomy, divisions, model")
    organisation: Path | None = Field(default=None, description="Folder of the county's directory")
    model: Path | None = Field(default=None, description="Model file; the shipped one if unset")
    host: str = Field(default="127.0.0.1", description="Address the desk listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the desk listens on")
    max_text_chars: int = Field(default=100_000, ge=100, description="Longest text of a message")
    max_body_bytes: int = Field(default=2_000_000, ge=10_000, description="Largest request body")
    max_attachment_bytes: int = Field(
        default=10_000_000, ge=10_000, le=50_000_000, description="Largest attachment"
    )
    max_attachments_bytes: int = Field(
        default=20_000_000,
        ge=10_000,
        le=200_000_000,
        description="All attachments of a message together",
    )
    max_attachment_count: int = Field(
        default=9, ge=0, le=50, description="Attachments of a message; 0 takes none"
    )
    intake_per_minute: int = Field(
        default=60,
        ge=0,
        description="Messages a minute that one address may hand in without a token; 0: no limit",
    )
    system_intake_per_minute: int = Field(
        default=6_000,
        ge=0,
        description="Messages a minute that one account may hand in by tokens; 0: no limit",
    )
    auto_join_probability: float = Field(
        default=0.7, ge=0.5, le=1.0, description="A message joins a matter from this on"
    )
    suggest_probability: float = Field(
        default=0.3, ge=0.0, le=1.0, description="From this on a person is asked whether to join"
    )
    session_hours: int = Field(default=12, ge=1, le=168, description="A login lasts this long")
    session_idle_minutes: int = Field(
        default=30, ge=5, le=720, description="A login ends after so long without a request"
    )
    administrators_need_totp: bool = Field(
        default=False, description="Administrators may do nothing without a second factor"
    )
    claim_minutes: int = Field(default=30, ge=1, le=1440, description="A claim lasts this long")
    red_head: str = Field(
        default="", max_length=24, description="Authority named in red over the county's digests"
    )
    metrics_addresses: str = Field(
        default="127.0.0.1,::1", description="Addresses and networks that may read /metrics"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="Whoever sends it may read /metrics too; none if empty"
    )

    @field_validator("metrics_addresses")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        for one in given.split(","):
            ip_network(one.strip())
        return given

    @field_validator("metrics_token")
    @classmethod
    def _is_long(cls, given: SecretStr) -> SecretStr:
        if 0 < len(given.get_secret_value()) < _LEAST_TOKEN:
            raise ValueError("too short to be a secret")
        return given

    webhook_allow: str = Field(
        default="", description="Networks inside the house that webhooks may go to, by commas"
    )
    smtp_host: str = Field(default="", description="Mail server; no mail is sent if empty")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the way to the mail server is encrypted"
    )
    smtp_sender: str = Field(default="", description="Address that mails come from")
    smtp_login: Path | None = Field(
        default=None, description="File with the mail server's user and password, a line each"
    )

    mail_receipts: bool = Field(
        default=True,
        description="Whoever wrote by mail gets receipt and PIN, where mails are sent",
    )
    imap_host: str = Field(default="", description="Server of the mailbox; none is read if empty")
    imap_port: int = Field(default=993, ge=1, le=65535, description="Port of the mailbox's server")
    imap_security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="How the way to the mailbox is encrypted"
    )
    imap_login: Path | None = Field(
        default=None, description="File with the mailbox's user and password, a line each"
    )
    imap_folder: str = Field(default="INBOX", min_length=1, description="Folder that is read")
    imap_done_folder: str = Field(
        default="已登记", min_length=1, description="Folder that mails are moved to once stored"
    )
    imap_failed_folder: str = Field(
        default="未登记", min_length=1, description="Folder for mails that could not be taken in"
    )

    @field_validator("webhook_allow")
    @classmethod
    def _check_networks(cls, given: str) -> str:
        _read_networks(given)
        return given

    @property
    def webhook_networks(self) -> tuple[Network, ...]:
        """The networks inside the house that webhooks may go to."""
        return _read_networks(self.webhook_allow)

    @property
    def max_upload_bytes(self) -> int:
        """Largest body of a request that hands attachments in, beside its words."""
        return self.max_body_bytes + self.max_attachments_bytes

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{quote(str(self.home / 'minqing.sqlite3'))}"

    @property
    def model_path(self) -> Path:
        """The model file to judge with."""
        return self.model or self.data / "model" / "default.mqm"

    @property
    def organisation_path(self) -> Path:
        """The folder of the county's directory; the demo county where none is set."""
        return self.organisation or self.data / "samples" / "organisation"

    @property
    def rejects_path(self) -> Path:
        """Where rows that could not be taken in are kept."""
        return self.home / "rejects"

    def read_smtp_login(self) -> tuple[str, str]:
        """User and password for the mail server; both "" where none is asked for.

        Raises
        ------
        SettingsError
            The file cannot be read, or lacks one of the two.
        """
        return ("", "") if self.smtp_login is None else _read_login(self.smtp_login)

    def read_imap_login(self) -> tuple[str, str]:
        """User and password for the mailbox.

        Raises
        ------
        SettingsError
            No file is named, it cannot be read, or lacks one of the two.
        """
        if self.imap_login is None:
            raise SettingsError("没有设置邮箱的用户名和密码（MINQING_IMAP_LOGIN）")
        return _read_login(self.imap_login)

    @property
    def sends_receipts(self) -> bool:
        """Whether receipts go out by mail."""
        return bool(self.mail_receipts and self.smtp_host and self.smtp_sender)

    @property
    def logs_path(self) -> Path:
        """Where the desk's log is kept."""
        return self.home / "logs"

    @property
    def secret_key(self) -> KeyFile:
        """The file of the installation's keys, outside the database."""
        return KeyFile(self.home / "secret.key")


def _read_login(path: Path) -> tuple[str, str]:
    try:
        user, password, *_ = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} 须有两行：用户名和密码") from error
    return user.strip(), password.strip()


def _read_networks(given: str) -> tuple[Network, ...]:
    parts = (part.strip() for part in given.split(","))
    return tuple(ip_network(part) for part in parts if part)


def read_settings() -> Settings:
    """Read the environment.

    Raises
    ------
    SettingsError
        A value is not of its kind; the message names the key.
    """
    try:
        return Settings()
    except ValidationError as error:
        keys = [f"MINQING_{str(item['loc'][0]).upper()}" for item in error.errors()]
        raise SettingsError(f"{'、'.join(keys)} 的值不正确") from error
