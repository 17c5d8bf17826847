"""密钥: the installation's secrets, of which the newest seals and the others only open."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.errors import SettingsError

SECRET_BYTES = 32
MAX_KEY_ID = 255  # a sealed record names its key in one byte
_FORMAT = "minqing-keys-1"
_LONGEST_PLAIN = 64  # bytes; what is longer and begins like JSON is meant to be a ring


@dataclass(frozen=True, slots=True)
class Key:
    """A secret; ``made_at`` is None of the first one, which is as old as the installation.

    Of one that was prepared it is when it began to seal: what was under way counts from then.
    """

    id: int
    secret: bytes
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """What stays of a key that opens nothing any more: by what its seals on histories are checked.

    ``history_key`` is derived one way: the secret cannot be made from it.
    """

    id: int
    history_key: bytes
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys, ascending by id; what is sealed now is sealed with the one of ``current_id``.

    ``is_rotating`` until all that older keys sealed has been gone through.

    Raises
    ------
    SettingsError
        It is not there, two bear one id, an id cannot be, or a secret is too short.
    """

    keys: tuple[Key, ...]
    current_id: int = 1
    retired: tuple[RetiredKey, ...] = ()
    is_rotating: bool = False

    def __post_init__(self) -> None:
        ids = self._ids()
        for number in ids:
            if not 1 <= number <= MAX_KEY_ID:
                raise SettingsError(f"密钥编号 {number} 须在 1 与 {MAX_KEY_ID} 之间")
            if ids.count(number) > 1:
                raise SettingsError(f"有两把密钥的编号都是 {number}")
        if any(len(each.secret) < SECRET_BYTES for each in self.keys):
            raise SettingsError("密钥不完整")
        if all(each.id != self.current_id for each in self.keys):
            raise SettingsError(f"没有在用的 {self.current_id} 号密钥")

    def _ids(self) -> list[int]:
        return [key.id for key in self.keys] + [key.id for key in self.retired]

    @property
    def newest(self) -> Key:
        """The key that was made last; one prepared for all machines does not seal yet."""
        return self.keys[-1]

    def with_new(self, at: datetime) -> KeyRing:
        """The ring with one key more, drawn at random, that does not seal yet.

        Raises
        ------
        SettingsError
            No id is left.
        """
        number = max(self._ids()) + 1
        return replace(self, keys=(*self.keys, Key(number, secrets.token_bytes(SECRET_BYTES), at)))

    def sealing_with_newest(self, at: datetime) -> KeyRing:
        """The ring whose newest key seals from now on."""
        keys = (*self.keys[:-1], replace(self.newest, made_at=at))
        return replace(self, keys=keys, current_id=self.newest.id, is_rotating=True)

    def rotated(self) -> KeyRing:
        """The ring after all was gone through."""
        return replace(self, is_rotating=False)

    def without(self, retired: RetiredKey) -> KeyRing:
        """The ring without the secret of a key."""
        left = tuple(each for each in self.keys if each.id != retired.id)
        return replace(self, keys=left, retired=(*self.retired, retired))


def read_ring(content: bytes) -> KeyRing:
    """The ring that a key file holds; a file of random bytes alone is the first key itself.

    Raises
    ------
    SettingsError
        It is damaged, or as ``KeyRing``.
    """
    is_ring = content.startswith(b"{") and (len(content) > _LONGEST_PLAIN or b"format" in content)
    if not is_ring:
        return KeyRing((Key(1, content),))
    try:
        told: Any = json.loads(content)
        if told["format"] != _FORMAT:
            raise SettingsError("由更新版本的程序所写，请更新本程序")
        keys = sorted((_key(each) for each in told["keys"]), key=lambda each: each.id)
        retired = tuple(map(_retired, told["retired"]))
        current_id, is_rotating = int(told["current"]), bool(told["rotating"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingsError("内容已损坏，请放回另存的那一份") from error
    return KeyRing(tuple(keys), current_id, retired, is_rotating)


def write_ring(ring: KeyRing) -> bytes:
    """The content of a key file that holds the ring."""
    keys = [
        {
            "id": each.id,
            "made_at": each.made_at.isoformat() if each.made_at else None,
            "secret": b64encode(each.secret).decode("ascii"),
        }
        for each in ring.keys
    ]
    retired = [
        {
            "id": each.id,
            "retired_at": each.retired_at.isoformat(),
            "history_key": b64encode(each.history_key).decode("ascii"),
        }
        for each in ring.retired
    ]
    told = {
        "format": _FORMAT,
        "current": ring.current_id,
        "rotating": ring.is_rotating,
        "keys": keys,
        "retired": retired,
    }
    return json.dumps(told, indent=1).encode("ascii")


def _key(told: Any) -> Key:
    made_at = told["made_at"]
    secret = b64decode(told["secret"], validate=True)
    return Key(int(told["id"]), secret, datetime.fromisoformat(made_at) if made_at else None)


def _retired(told: Any) -> RetiredKey:
    history_key = b64decode(told["history_key"], validate=True)
    return RetiredKey(int(told["id"]), history_key, datetime.fromisoformat(told["retired_at"]))
