"""Backup and restore: all that the installation holds, but for the key."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.errors import BackupError, FileUnreadableError, FileUnwritableError, SettingsError
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import newest_version
from service.storage.sealing.sealer import Sealer
from service.storage.sealing.senders import check_seal
from service.storage.upkeep.backup_file import (
    DATABASE,
    FORMAT,
    Manifest,
    may_hold,
    measure,
    unpack,
    write_backup,
)
from service.storage.upkeep.copies import copy_database, is_empty, kind_of, put_database
from service.usecases.context import Context
from service.usecases.files.output_files import check_is_new, resolve_output

_FOLDERS = ("models", "rejects")
_DICTIONARY = "dictionary.txt"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """How many files of the home a backup holds beside the database, and its size in bytes."""

    file_count: int
    size: int


def make_backup(context: Context, output: Path) -> BackedUp:
    """Write a backup while the service runs: the database as it is at one moment, the models
    learned, the rows that were rejected, the dictionary. It never holds the key.

    Raises
    ------
    DatabaseUnavailableError, SettingsError
        The database cannot be copied.
    FileUnwritableError
        The backup cannot be written, or a file of that name is there, which stays as it was.
    """
    target = resolve_output(output)
    check_is_new(target)
    try:
        with _folder_in(target.parent) as folder:
            paths = {DATABASE: folder / DATABASE, **_of_home(context.settings.home)}
            # Before the copy: what a rotation puts aside meanwhile may seal some of it still.
            keys = [each.fingerprint for each in context.sealer.readable]
            copy_database(context.database, paths[DATABASE])
            manifest = Manifest(
                format=FORMAT,
                made_at=context.now(),
                kind=kind_of(context.database),
                key=context.sealer.current.fingerprint,
                keys=keys,
                files={name: measure(path) for name, path in paths.items()},
                schema=newest_version(),
            )
            draft = folder / "backup"
            with draft.open("xb") as file:
                draft.chmod(0o600)
                write_backup(file, manifest, paths)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
            return BackedUp(len(paths) - 1, target.stat().st_size)
    except OSError as error:
        raise FileUnwritableError(f"{output}（{error.strerror}）") from error


def _of_home(home: Path) -> dict[str, Path]:
    """The files of the home that come along, by their names in a backup."""
    inside = [path for name in _FOLDERS for path in sorted((home / name).glob("*"))]
    found = {path.relative_to(home).as_posix(): path for path in [*inside, home / _DICTIONARY]}
    return {
        name: path
        for name, path in found.items()
        if may_hold(name) and path.is_file() and not path.is_symlink()
    }


def restore_backup(settings: Settings, source: Path) -> datetime:
    """Make a backup the content of an installation that is empty but for its key.

    Everything is checked before anything changes; the database comes last, so that a restore
    that is broken off can be begun again. One that fails leaves nothing behind.

    Returns
    -------
    datetime
        When the backup was made.

    Raises
    ------
    BackupError
        The backup is damaged, made by a newer program, of another kind of database or another
        key, there is something in the database, or in the home another file of a name in it.
    DatabaseUnavailableError, FileUnwritableError, SettingsError
        Database or home cannot be used, or there is no key.
    """
    if not (settings.home / "secret.key").is_file():
        raise SettingsError(f"请先把作备份时的密钥文件 secret.key 放回 {settings.home}")
    if not os.path.isfile(source):  # noqa: PTH113 - no name is too long for it
        raise FileUnreadableError(f"没有文件 {source}")
    sealer = Sealer(settings.secret_key)
    database = Database(settings.url)
    try:
        if not is_empty(database):
            raise BackupError("数据库中已有内容，只能恢复到空的数据库")
        with _folder_in(settings.home) as folder:
            manifest = unpack(source, folder)
            _check(manifest, database, sealer)
            with _put_files(folder, settings.home, manifest):
                put_database(database, folder / DATABASE)
        database.upgrade()
        with database.reading() as connection:
            check_seal(connection, sealer)
    except OSError as error:
        raise FileUnwritableError(f"{settings.home}（{error.strerror}）") from error
    finally:
        database.close()
    return manifest.made_at


def _check(manifest: Manifest, database: Database, sealer: Sealer) -> None:
    if manifest.kind != kind_of(database):
        raise BackupError(f"备份的数据库是 {manifest.kind}，现在设置的是 {kind_of(database)}")
    if not {manifest.key, *manifest.keys} <= {each.fingerprint for each in sealer.readable}:
        raise BackupError("备份时的密钥不在现在的 secret.key 中，请放回作备份时的密钥文件")


@contextmanager
def _put_files(folder: Path, home: Path, manifest: Manifest) -> Iterator[None]:
    """Lay what comes along beside the database; taken away again where what follows fails."""
    names = _new_names(home, manifest)
    with ExitStack() as undo:
        for place in _FOLDERS:
            if not (home / place).exists() and any(n.startswith(f"{place}/") for n in names):
                (home / place).mkdir(mode=0o700)
                undo.callback((home / place).rmdir)
        for name in names:
            (folder / name).replace(home / name)
            undo.callback((home / name).unlink)
        yield
        undo.pop_all()


def _new_names(home: Path, manifest: Manifest) -> list[str]:
    """The names of what is not in the home yet; what is, must be the same."""
    beside = {name: held for name, held in manifest.files.items() if name != DATABASE}
    new = [name for name in beside if not os.path.lexists(home / name)]
    for name in beside.keys() - new:
        path = home / name
        if not path.is_file() or measure(path) != beside[name]:
            raise BackupError(f"{path} 已经存在而与备份中的不同，请先移走")
    return new


@contextmanager
def _folder_in(place: Path) -> Iterator[Path]:
    """A folder for nobody else to read, on the same disk as what it is made for."""
    with tempfile.TemporaryDirectory(dir=place, prefix=".minqing-") as folder:
        yield Path(folder)
