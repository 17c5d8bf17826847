"""Sealing: what only the installation's keys open, and keyed digests by which things are found.

Records are sealed with AES-256-GCM (NIST SP 800-38D). Each begins with the number of its algorithm
and of its key, so that both can change. What each purpose takes is derived from a key's secret by
HKDF-SHA256 (RFC 5869).
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.domain.key_ring import Key, KeyRing
from service.domain.message import SenderDetails
from service.errors import SettingsError
from service.key_file import KeyFile

_AES_256_GCM = 1
_NONCE_BYTES = 12
_HEADER_BYTES = 2
_DIGEST_BYTES = 16
_FINGERPRINT_DIGITS = 16
_EMAIL = "sender email"  # to what a sealed mail address is bound


class KeyedDigest(NamedTuple):
    """32 bytes by which something is found again, and the id of the key that they are made with."""

    key_id: int
    digest: bytes


class DerivedKeys:
    """What one key of the ring seals, opens and digests with."""

    def __init__(self, key: Key) -> None:
        self.id = key.id
        self.cipher = AESGCM(_derive(key.secret, b"minqing sender seal"))
        self.secret_cipher = AESGCM(_derive(key.secret, b"minqing webhook secret seal"))
        self.history_key = _derive(key.secret, b"minqing history seal")
        # Tells whether two keys are the same, and nothing of either.
        fingerprint = _derive(key.secret, b"minqing key fingerprint")
        self.fingerprint = fingerprint.hex()[:_FINGERPRINT_DIGITS]
        self._digest_key = _derive(key.secret, b"minqing sender digest")
        self._attempt_key = _derive(key.secret, b"minqing attempt digest")
        self._token_key = _derive(key.secret, b"minqing token digest")
        self._file_key = _derive(key.secret, b"minqing attachment digest")

    def digest(self, details: SenderDetails) -> bytes:
        """16 bytes that stand for the person: by phone, else by mail address, else by name."""
        identity = f"email:{details.email}" if details.email else f"name:{details.name}"
        identity = f"phone:{details.phone}" if details.phone else identity
        told = identity.encode("utf-8", "surrogatepass")
        return hmac.digest(self._digest_key, told, "sha256")[:_DIGEST_BYTES]

    def seal(self, details: SenderDetails) -> bytes:
        """Encrypt name and phone; see ``seal_email``."""
        return _encrypt(self, json.dumps([details.name, details.phone]).encode())

    def seal_email(self, details: SenderDetails) -> bytes | None:
        """Encrypt the mail address; None where there is none."""
        return self.seal_bytes(details.email.encode(), _EMAIL) if details.email else None

    def seal_bytes(self, plain: bytes, owner: str = "") -> bytes:
        """Encrypt something that belongs to ``owner``: with another's it cannot be opened."""
        return _encrypt(self, plain, _bound(owner))

    def digest_attempt(self, name: str) -> bytes:
        """32 bytes that stand for what was tried."""
        return hmac.digest(self._attempt_key, _bound(name), "sha256")

    def digest_token(self, token: str) -> KeyedDigest:
        """By which a token is found again."""
        return KeyedDigest(self.id, hmac.digest(self._token_key, _bound(token), "sha256"))

    def digest_file(self, content: bytes) -> bytes:
        """32 bytes by which a file is known again."""
        return hmac.digest(self._file_key, content, "sha256")


class Sealer:
    """Seals what is personal or secret, and makes the digests by which it is found again.

    The key that is current seals, every key of the ring opens. The ring is asked for anew with
    each record: see ``KeyFile``.

    Parameters
    ----------
    keys
        The file of the installation's keys; or one secret alone, at least 32 bytes.

    Raises
    ------
    SettingsError
        As ``KeyFile.ring``; every use may raise it too.
    """

    def __init__(self, keys: KeyFile | bytes) -> None:
        self._keys = keys if isinstance(keys, KeyFile) else KeyRing((Key(1, keys),))
        self._derived: tuple[KeyRing, Mapping[int, DerivedKeys]] | None = None
        self._of_ring()  # a key that cannot be used is told at once

    @property
    def current(self) -> DerivedKeys:
        """The key that seals; take it once for what must be of one key."""
        ring, derived = self._of_ring()
        return derived[ring.current_id]

    @property
    def readable(self) -> tuple[DerivedKeys, ...]:
        """All keys that open, the current one first."""
        ring, derived = self._of_ring()
        others = (each for each in derived.values() if each.id != ring.current_id)
        return derived[ring.current_id], *others

    def history_key(self, key_id: int) -> bytes | None:
        """By what seals on histories under this key are checked, also a retired one's, or None."""
        ring, derived = self._of_ring()
        if key_id in derived:
            return derived[key_id].history_key
        return next((each.history_key for each in ring.retired if each.id == key_id), None)

    def digest(self, details: SenderDetails) -> bytes:
        """The current key's ``DerivedKeys.digest``."""
        return self.current.digest(details)

    def digest_attempt(self, name: str) -> bytes:
        """The current key's ``DerivedKeys.digest_attempt``."""
        return self.current.digest_attempt(name)

    def token_digests(self, token: str) -> list[bytes]:
        """By which a token is found again, whichever key it was kept under."""
        return [each.digest_token(token).digest for each in self.readable]

    def file_digests(self, content: bytes) -> tuple[bytes, ...]:
        """By which a file is known again, the current key's first, whichever it was kept under."""
        return tuple(each.digest_file(content) for each in self.readable)

    def seal(self, details: SenderDetails) -> bytes:
        """The current key's ``DerivedKeys.seal``."""
        return self.current.seal(details)

    def open(self, sealed: bytes) -> SenderDetails:
        """Decrypt what ``seal`` made.

        Raises
        ------
        SettingsError
            The record was sealed with a key that is not there, or changed since.
        """
        name, phone = json.loads(self._decrypt(sealed, "来信人资料"))
        return SenderDetails(name, phone)

    def open_email(self, sealed: bytes | None) -> str:
        """Decrypt what ``DerivedKeys.seal_email`` made. Raises as ``open``."""
        return self.open_bytes(bytes(sealed), _EMAIL).decode() if sealed else ""

    def seal_bytes(self, plain: bytes, owner: str = "") -> bytes:
        """The current key's ``DerivedKeys.seal_bytes``."""
        return self.current.seal_bytes(plain, owner)

    def open_bytes(self, sealed: bytes, owner: str = "") -> bytes:
        """Decrypt what ``seal_bytes`` made. Raises as ``open``."""
        return self._decrypt(sealed, "密封的资料", _bound(owner))

    def seal_secret(self, secret: bytes) -> bytes:
        """Encrypt a webhook's secret, by a key of its own."""
        keys = self.current
        return _encrypt(keys, secret, cipher=keys.secret_cipher)

    def open_secret(self, sealed: bytes) -> bytes:
        """Decrypt what ``seal_secret`` made. Raises as ``open``."""
        what = "推送的签名密钥"
        return _decrypt(self._key_of(sealed, what).secret_cipher, sealed, what)

    def is_current(self, sealed: bytes) -> bool:
        """Whether a record was sealed with the current key."""
        return key_id_of(sealed) == self.current.id

    def _decrypt(self, sealed: bytes, what: str, owner: bytes = b"") -> bytes:
        return _decrypt(self._key_of(sealed, what).cipher, sealed, what, owner)

    def _key_of(self, sealed: bytes, what: str) -> DerivedKeys:
        keys = self._of_ring()[1].get(key_id_of(sealed))
        if keys is None:
            raise _closed(what)
        return keys

    def _of_ring(self) -> tuple[KeyRing, Mapping[int, DerivedKeys]]:
        ring = self._keys.ring() if isinstance(self._keys, KeyFile) else self._keys
        derived = self._derived
        if derived is None or derived[0] is not ring:
            derived = self._derived = ring, {each.id: DerivedKeys(each) for each in ring.keys}
        return derived


def key_id_of(sealed: bytes) -> int:
    """The id of the key that a record says it was sealed with, 0 where it is no record."""
    return sealed[1] if len(sealed) > _HEADER_BYTES and sealed[0] == _AES_256_GCM else 0


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)


def _bound(owner: str) -> bytes:
    return owner.encode("utf-8", "surrogatepass")


def _encrypt(
    keys: DerivedKeys, plain: bytes, owner: bytes = b"", cipher: AESGCM | None = None
) -> bytes:
    header, nonce = bytes((_AES_256_GCM, keys.id)), secrets.token_bytes(_NONCE_BYTES)
    return header + nonce + (cipher or keys.cipher).encrypt(nonce, plain, header + owner)


def _decrypt(cipher: AESGCM, sealed: bytes, what: str, owner: bytes = b"") -> bytes:
    header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
    try:
        return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + owner)
    except (InvalidTag, ValueError) as error:
        raise _closed(what) from error


def _closed(what: str) -> SettingsError:
    return SettingsError(f"{what}无法用现有密钥打开，请放回原来的密钥文件 secret.key")
