"""Settings come from ``MINQING_*`` only; each bad value names its key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("MINQING_"):
            monkeypatch.delenv(name)


def with_environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"MINQING_{name}", value)
    return read_settings()


def test_without_an_environment_there_is_a_default_for_all_but_secrets() -> None:
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.url == "sqlite:///var/minqing.sqlite3"
    assert settings.model_path == settings.data / "model" / "default.mqm"
    assert settings.organisation_path == settings.data / "samples" / "organisation"
    assert not [name for name in Settings.model_fields if "secret" in name or "password" in name]


def test_every_field_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_every_field_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = with_environment(
        monkeypatch,
        HOME=str(tmp_path),
        DATABASE_URL="postgresql://h/d",
        DATA="/data",
        ORGANISATION="/directory",
        MODEL="/model.mqm",
        HOST="0.0.0.0",
        PORT="9000",
        MAX_TEXT_CHARS="500",
        MAX_BODY_BYTES="20000",
        MAX_ATTACHMENT_BYTES="1000000",
        MAX_ATTACHMENTS_BYTES="3000000",
        MAX_ATTACHMENT_COUNT="3",
        INTAKE_PER_MINUTE="30",
        SYSTEM_INTAKE_PER_MINUTE="0",
        MAIL_RECEIPTS="false",
        IMAP_HOST="mail.example",
        IMAP_PORT="143",
        IMAP_SECURITY="starttls",
        IMAP_LOGIN="/etc/minqing/imap",
        IMAP_FOLDER="来信",
        IMAP_DONE_FOLDER="已办",
        IMAP_FAILED_FOLDER="未办",
        AUTO_JOIN_PROBABILITY="0.95",
        SUGGEST_PROBABILITY="0.5",
        SESSION_HOURS="1",
        SESSION_IDLE_MINUTES="10",
        CLAIM_MINUTES="5",
        ADMINISTRATORS_NEED_TOTP="true",
        RED_HEAD="富平县政协办公室文件",
        METRICS_ADDRESSES="10.0.0.0/8,::1",
        METRICS_TOKEN="x" * 20,
        WEBHOOK_ALLOW="10.1.0.0/16, ::1",
        SMTP_HOST="mail.example",
        SMTP_PORT="465",
        SMTP_SECURITY="tls",
        SMTP_SENDER="minqing@mail.example",
        SMTP_LOGIN="/etc/minqing/smtp",
    )
    assert settings.model_fields_set == set(Settings.model_fields)
    assert settings.url == "postgresql://h/d"
    assert settings.organisation_path == Path("/directory")
    assert settings.model_path == Path("/model.mqm")
    assert settings.rejects_path == tmp_path / "rejects"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_ADDRESSES", "10.0.0.0/99"),
        ("METRICS_ADDRESSES", "somewhere"),
        ("METRICS_ADDRESSES", "127.0.0.1,"),
        ("METRICS_TOKEN", "short"),
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80.5"),
        ("PORT", "-1"),
        ("MAX_TEXT_CHARS", "99"),
        ("MAX_TEXT_CHARS", "many"),
        ("MAX_BODY_BYTES", "1"),
        ("AUTO_JOIN_PROBABILITY", "0.49"),
        ("AUTO_JOIN_PROBABILITY", "1.01"),
        ("AUTO_JOIN_PROBABILITY", "nan"),
        ("AUTO_JOIN_PROBABILITY", "inf"),
        ("CLAIM_MINUTES", "0"),
        ("WEBHOOK_ALLOW", "inside"),
        ("WEBHOOK_ALLOW", "10.0.0.1/8"),
        ("SMTP_PORT", "0"),
        ("SMTP_SECURITY", "maybe"),
        ("CLAIM_MINUTES", "1441"),
        ("SESSION_IDLE_MINUTES", "4"),
        ("SESSION_IDLE_MINUTES", "721"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "169"),
        ("SESSION_HOURS", "十二"),
        ("RED_HEAD", "长" * 25),
    ],
)
def test_a_bad_value_names_its_key_and_not_itself(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        with_environment(monkeypatch, **{name: value})
    assert raised.value.message == f"配置有误：MINQING_{name} 的值不正确"


def test_a_mail_servers_password_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "smtp"
    assert Settings().read_smtp_login() == ("", "")
    path.write_text("minqing\n开门\n", "utf-8")
    assert Settings(smtp_login=path).read_smtp_login() == ("minqing", "开门")
    for wrong in (b"minqing", b"", b"\xff\n\xff"):
        path.write_bytes(wrong)
        with pytest.raises(SettingsError, match="两行"):
            Settings(smtp_login=path).read_smtp_login()
    with pytest.raises(SettingsError, match="两行"):
        Settings(smtp_login=tmp_path / "none").read_smtp_login()


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="MINQING_PORT、MINQING_SESSION_HOURS 的值"):
        with_environment(monkeypatch, PORT="x", SESSION_HOURS="y")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert with_environment(monkeypatch, **{name.upper(): ""}) == Settings()


def test_unknown_names_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert with_environment(monkeypatch, COLOUR="red") == Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]
