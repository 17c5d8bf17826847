"""The key file is made once, for its owner alone, and is only ever exchanged as a whole."""

from __future__ import annotations

import json
import os
import stat
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service import key_file as module
from service.domain.key_ring import KeyRing
from service.errors import SettingsError
from service.key_file import KeyFile
from tests.makers import NOW, Clock
from tests.service.usecases.intake.test_receive_at_once import together


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "new" / "home" / "secret.key")


def put(path: Path, content: bytes) -> KeyFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)
    return KeyFile(path)


def a_ring(**changes: Any) -> dict[str, Any]:
    keys = [
        {"id": number, "made_at": None, "secret": b64encode(bytes([number]) * 32).decode()}
        for number in (1, 2)
    ]
    ring = {"format": "minqing-keys-1", "current": 2, "keys": keys, "retired": []}
    return {**ring, "rotating": False, **changes}


def test_a_key_is_made_once_for_its_owner_only(key_file: KeyFile) -> None:
    (key,) = key_file.ring().keys
    assert len(key.secret) == 32
    assert key_file.ring() == KeyFile(key_file.path).ring()
    home = key_file.path.parent
    assert [path.name for path in home.iterdir()] == ["secret.key"]
    assert stat.S_IMODE(key_file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    one, other = (KeyFile(tmp_path / name / "secret.key").ring() for name in ("a", "b"))
    assert one != other


def test_a_loose_umask_does_not_loosen_the_key(key_file: KeyFile, clock: Clock) -> None:
    before = os.umask(0)
    try:
        key_file.ring()
        key_file.change(lambda ring: ring.with_new(clock()))
    finally:
        os.umask(before)
    assert stat.S_IMODE(key_file.path.stat().st_mode) == 0o600


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / str(attempt) / "secret.key"

        def ask(path: Path = path) -> bytes:
            return KeyFile(path).ring().newest.secret

        asked: list[Callable[[], bytes]] = [ask] * 4
        assert len(set(together(asked))) == 1
        assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_whoever_comes_second_takes_the_key_of_the_first(
    key_file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race exactly: the other's key appears between the look and the making."""
    real = module.secrets.token_bytes

    def other_is_quicker(size: int) -> bytes:
        put(key_file.path, b"first" * 8)
        return real(size)

    monkeypatch.setattr(module.secrets, "token_bytes", other_is_quicker)
    assert key_file.ring().newest.secret == b"first" * 8
    assert [path.name for path in key_file.path.parent.iterdir()] == ["secret.key"]


def test_changes_at_once_lose_none(key_file: KeyFile, clock: Clock) -> None:
    def add() -> KeyRing:
        return KeyFile(key_file.path).change(lambda ring: ring.with_new(clock()))

    key_file.ring()
    together([add] * 8)
    assert [each.id for each in key_file.ring().keys] == list(range(1, 10))
    assert [path.name for path in key_file.path.parent.iterdir()] == ["secret.key"]


def test_another_process_sees_a_change_at_its_next_look(key_file: KeyFile, clock: Clock) -> None:
    other = KeyFile(key_file.path)
    assert other.ring() == key_file.ring()
    key_file.change(lambda ring: ring.with_new(clock()).sealing_with_newest(clock()))
    assert other.ring().current_id == 2
    assert other.ring().keys[1].made_at == clock()
    assert other.ring() is other.ring()  # read once


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o611])
def test_a_key_that_others_may_read_is_refused_and_left_alone(tmp_path: Path, mode: int) -> None:
    key_file = put(tmp_path / "secret.key", b"k" * 32)
    key_file.path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        key_file.ring()
    assert stat.S_IMODE(key_file.path.stat().st_mode) == mode


RING = json.dumps(a_ring()).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "不完整"),
        (b"short", "不完整"),
        (b"x" * 31, "不完整"),
        (RING[:-1], "已损坏"),
        (RING[:40], "已损坏"),
        (RING.replace(b"AQEB", b"A!EB", 1), "已损坏"),
        (b'{"format":' + b"[" * 100_000, "已损坏"),
        (json.dumps(a_ring(format="minqing-keys-9")).encode(), "更新版本"),
        (json.dumps(a_ring(keys=[])).encode(), "没有在用"),
        (json.dumps(a_ring(keys=a_ring()["keys"] * 2)).encode(), "两把密钥的编号都是 1"),
        (json.dumps(a_ring(current=3)).encode(), "没有在用的 3 号"),
        (json.dumps(a_ring(current=None)).encode(), "已损坏"),
        (RING.replace(b'"id": 2', b'"id": 256'), "须在 1 与 255 之间"),
        (RING.replace(b'"id": 2', b'"id": -2'), "须在 1 与 255 之间"),
        (
            json.dumps(a_ring(keys=[{"id": 2, "made_at": None, "secret": "AAAA"}])).encode(),
            "不完整",
        ),
        (json.dumps(a_ring(retired=[{"id": 1}])).encode(), "已损坏"),
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(
    tmp_path: Path, content: bytes, told: str
) -> None:
    key_file = put(tmp_path / "secret.key", content)
    with pytest.raises(SettingsError, match=told):
        key_file.ring()
    with pytest.raises(SettingsError, match=told):
        key_file.change(lambda ring: ring.sealing_with_newest(NOW))
    assert key_file.path.read_bytes() == content


def test_a_key_that_vanishes_is_told_and_no_other_is_made(key_file: KeyFile) -> None:
    key_file.ring()
    key_file.path.unlink()
    with pytest.raises(SettingsError, match="无法使用"):
        key_file.ring()
    assert not key_file.path.exists()


def test_a_key_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir(mode=0o700)
    with pytest.raises(SettingsError, match="无法使用"):
        KeyFile(tmp_path / "secret.key").ring()


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(SettingsError, match="无法使用"):
        KeyFile(tmp_path / "home" / "secret.key").ring()


def test_no_more_than_255_keys_are_made(key_file: KeyFile, clock: Clock) -> None:
    ring = key_file.ring()
    for _ in range(254):
        ring = ring.with_new(clock())
    with pytest.raises(SettingsError, match="255"):
        ring.with_new(clock())
