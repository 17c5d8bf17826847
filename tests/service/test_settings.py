"""Settings come from ``MINQING_*`` only; each bad value names its key."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from service import settings as module
from service.errors import SettingsError
from service.settings import Settings, read_settings
from tests.service.usecases.test_receive_at_once import together


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


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new" / "home")
    key = settings.secret_key
    assert len(key) == 32
    assert settings.secret_key == Settings(home=settings.home).secret_key == key
    (path,) = settings.home.iterdir()
    assert path.name == "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    one, other = (Settings(home=tmp_path / name).secret_key for name in ("a", "b"))
    assert one != other


def test_a_loose_umask_does_not_loosen_the_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert Settings(home=tmp_path).secret_key
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    for attempt in range(20):
        home = tmp_path / str(attempt)

        def ask(folder: Path = home) -> bytes:
            return Settings(home=folder).secret_key

        asked: list[Callable[[], bytes]] = [ask] * 4
        assert len(set(together(asked))) == 1
        assert [path.name for path in home.iterdir()] == ["secret.key"]


def test_whoever_comes_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race exactly: the other's key appears between the look and the making."""
    real = module.secrets.token_bytes

    def other_is_quicker(size: int) -> bytes:
        (tmp_path / "secret.key").write_bytes(b"first" * 8)
        return real(size)

    monkeypatch.setattr(module.secrets, "token_bytes", other_is_quicker)
    assert Settings(home=tmp_path).secret_key == b"first" * 8
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 31])
def test_half_a_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="不完整"):
        _ = Settings(home=tmp_path).secret_key
    assert path.read_bytes() == content


def test_a_key_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(SettingsError, match="无法使用"):
        _ = Settings(home=tmp_path).secret_key


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(SettingsError, match="无法使用"):
        _ = Settings(home=tmp_path / "home").secret_key
