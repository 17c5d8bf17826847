"""The key file: where the key ring lies, outside the database, for its owner alone to read."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.domain.key_ring import SECRET_BYTES, KeyRing, read_ring, write_ring
from service.errors import SettingsError

Seen = tuple[int, int, int, int]


class KeyFile:
    """The file of an installation's keys, made with a random one when it is first asked for.

    Every process looks at the file again before it seals or opens anything (one ``stat``), so that
    a change counts in all of them with the next record. The file is only ever exchanged as a whole.

    Parameters
    ----------
    path
        Where it lies; its folder is made where it is missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[Seen, KeyRing] | None = None

    def ring(self) -> KeyRing:
        """The keys as they are now.

        Raises
        ------
        SettingsError
            The file cannot be read or made, others may read it, or it is damaged; also where it
            was there and is gone: a new one would open nothing.
        """
        with self._told():
            if self._read is None:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._create_once()
            seen = self._look()
            if self._read is None or self._read[0] != seen:
                self._read = seen, self._parse(self.path.read_bytes())
            return self._read[1]

    def change(self, make: Callable[[KeyRing], KeyRing]) -> KeyRing:
        """Put another ring in the place of the present one; of several changes each sees the last.

        Raises
        ------
        SettingsError
            As ``ring``, or the file cannot be written; it then stays as it was.
        """
        with self._told(), _locked(self.path.parent):
            changed = make(self.ring())
            draft = self._draft(write_ring(changed))
            draft.replace(self.path)
            _sync(self.path.parent)
            return self.ring()

    def _look(self) -> Seen:
        there = self.path.stat()
        if there.st_mode & (stat.S_IRWXG | stat.S_IRWXO) and stat.S_ISREG(there.st_mode):
            raise SettingsError(
                f"密钥文件 {self.path} 别人也能读写，请先执行 chmod 600 {self.path}"
            )
        return there.st_ino, there.st_mtime_ns, there.st_size, there.st_mode

    def _parse(self, content: bytes) -> KeyRing:
        try:
            return read_ring(content)
        except SettingsError as error:
            raise SettingsError(f"密钥文件 {self.path}：{error.detail}") from error

    def _create_once(self) -> None:
        """Make the file unless it is there; written aside and linked, so never half there."""
        if self.path.exists():
            return
        draft = self._draft(secrets.token_bytes(SECRET_BYTES))
        try:
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def _draft(self, content: bytes) -> Path:
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # without the key, what is sealed with it is lost
        return draft

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SettingsError(f"密钥文件 {self.path} 无法使用（{error.strerror}）") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change files in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    """Let what was renamed in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
