"""Senders, sealed: found again by a keyed digest, read only with the installation's key.

Details are sealed with AES-256-GCM (NIST SP 800-38D). Each record begins with the number of its
algorithm and of its key, so that both can change later. Both keys are derived from the
installation's secret by HKDF-SHA256 (RFC 5869).
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, bindparam, select

from service.domain.message import SenderDetails
from service.errors import SettingsError
from service.storage.rows import chunks, insert_rows
from service.storage.tables import sender

_AES_256_GCM = 1
_FIRST_KEY = 1
_HEADER = bytes((_AES_256_GCM, _FIRST_KEY))
_NONCE_BYTES = 12
_DIGEST_BYTES = 16
_FINGERPRINT_DIGITS = 16


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)


class Sealer:
    """Seals sender details and makes the digest by which a sender is found again.

    Parameters
    ----------
    secret
        The installation's secret, at least 32 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(_derive(secret, b"minqing sender seal"))
        self._secret_cipher = AESGCM(_derive(secret, b"minqing webhook secret seal"))
        self._digest_key = _derive(secret, b"minqing sender digest")
        # Tells whether two keys are the same, and nothing of either.
        self.fingerprint = _derive(secret, b"minqing key fingerprint").hex()[:_FINGERPRINT_DIGITS]
        self._attempt_key = _derive(secret, b"minqing attempt digest")
        self._token_key = _derive(secret, b"minqing token digest")
        self.seal_key = _derive(secret, b"minqing history seal")

    def digest(self, details: SenderDetails) -> bytes:
        """16 bytes that stand for the person: by phone where there is one, else by name."""
        identity = f"phone:{details.phone}" if details.phone else f"name:{details.name}"
        told = identity.encode("utf-8", "surrogatepass")
        return hmac.digest(self._digest_key, told, "sha256")[:_DIGEST_BYTES]

    def digest_attempt(self, name: str) -> bytes:
        """32 bytes that stand for what was tried."""
        return hmac.digest(self._attempt_key, _bound(name), "sha256")

    def digest_token(self, token: str) -> bytes:
        """32 bytes by which a token is found again."""
        return hmac.digest(self._token_key, _bound(token), "sha256")

    def seal(self, details: SenderDetails) -> bytes:
        """Encrypt the details."""
        return _encrypt(self._cipher, json.dumps([details.name, details.phone]).encode())

    def open(self, sealed: bytes) -> SenderDetails:
        """Decrypt what ``seal`` made.

        Raises
        ------
        SettingsError
            The record was sealed with another key, or changed since.
        """
        name, phone = json.loads(_decrypt(self._cipher, sealed, "来信人资料"))
        return SenderDetails(name, phone)

    def seal_bytes(self, plain: bytes, owner: str = "") -> bytes:
        """Encrypt something that belongs to ``owner``: with another's it cannot be opened."""
        return _encrypt(self._cipher, plain, _bound(owner))

    def open_bytes(self, sealed: bytes, owner: str = "") -> bytes:
        """Decrypt what ``seal_bytes`` made. Raises as ``open``."""
        return _decrypt(self._cipher, sealed, "密封的资料", _bound(owner))

    def seal_secret(self, secret: bytes) -> bytes:
        """Encrypt a webhook's secret, by a key of its own."""
        return _encrypt(self._secret_cipher, secret)

    def open_secret(self, sealed: bytes) -> bytes:
        """Decrypt what ``seal_secret`` made. Raises as ``open``."""
        return _decrypt(self._secret_cipher, sealed, "推送的签名密钥")


def _bound(owner: str) -> bytes:
    return owner.encode("utf-8", "surrogatepass")


def _encrypt(cipher: AESGCM, plain: bytes, owner: bytes = b"") -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _HEADER + nonce + cipher.encrypt(nonce, plain, _HEADER + owner)


def _decrypt(cipher: AESGCM, sealed: bytes, what: str, owner: bytes = b"") -> bytes:
    header, nonce = sealed[:2], sealed[2 : 2 + _NONCE_BYTES]
    try:
        return cipher.decrypt(nonce, sealed[2 + _NONCE_BYTES :], header + owner)
    except (InvalidTag, ValueError) as error:
        raise SettingsError(f"{what}无法用现有密钥打开，请放回原来的密钥文件 secret.key") from error


def find_or_add_senders(
    connection: Connection, sealer: Sealer, people: Iterable[SenderDetails]
) -> tuple[dict[bytes, int], set[int]]:
    """Ids of senders by digest; those not known yet are added. Anonymous ones are left out.

    Returns
    -------
    dict of bytes to int, set of int
        All of them, and the ids of those that were known before.
    """
    by_digest = {sealer.digest(p): p for p in people if not p.is_anonymous}
    known = _ids(connection, list(by_digest))
    missing = [digest for digest in by_digest if digest not in known]
    if not missing:
        return known, set(known.values())
    rows = [{"digest": digest, "sealed": sealer.seal(by_digest[digest])} for digest in missing]
    insert_rows(connection, sender, rows)
    return known | _ids(connection, missing), set(known.values())


_IDS = select(sender.c.digest, sender.c.id).where(
    sender.c.digest.in_(bindparam("asked", expanding=True))
)


def _ids(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for part in chunks(digests):
        rows = connection.execute(_IDS, {"asked": part})
        found.update({bytes(digest): identity for digest, identity in rows})
    return found


def read_senders(
    connection: Connection, sealer: Sealer, ids: Sequence[int]
) -> dict[int, SenderDetails]:
    """Who these senders are, by id."""
    found: dict[int, SenderDetails] = {}
    for part in chunks(list(ids)):
        rows = connection.execute(select(sender.c.id, sender.c.sealed).where(sender.c.id.in_(part)))
        found.update({identity: sealer.open(bytes(sealed)) for identity, sealed in rows})
    return found


def check_seal(connection: Connection, sealer: Sealer) -> None:
    """Let the installation's key pass if it opens what is stored, or nothing is stored yet.

    Raises
    ------
    SettingsError
        The senders stored were sealed with another key: sealing more with this one would make
        both unreadable together.
    """
    sealed = connection.execute(select(sender.c.sealed).limit(1)).scalar()
    if sealed is not None:
        sealer.open(bytes(sealed))
