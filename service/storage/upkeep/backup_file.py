"""Backup files: a tar whose first member lists the others with sizes and SHA-256 digests."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from shutil import disk_usage
from typing import IO, Any

from service.errors import BackupError
from service.storage.schema import newest_version

FORMAT = 1
DATABASE = "database"
_MANIFEST = "manifest.json"
_MAX_MANIFEST = 10_000_000
_PIECE = 1 << 20
# Of the home only these come along: the key never does.
_NAME = re.compile(r"database|(models|rejects)/[A-Za-z0-9_.-]{1,200}|dictionary\.txt")


@dataclass(frozen=True, slots=True)
class Held:
    """What a backup holds of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    ``kind`` is the database's, ``key`` the fingerprint of the key that was current, and ``keys``
    those of all that its records may need. ``schema`` is the version of its tables, "" where an
    older program did not tell.
    """

    format: int
    made_at: datetime
    kind: str
    key: str
    files: Mapping[str, Held]
    keys: Sequence[str] = ()
    schema: str = ""


def may_hold(name: str) -> bool:
    """Whether a backup may hold a file of the home under this name."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def measure(path: Path) -> Held:
    """Size and digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return Held(path.stat().st_size, digest.hexdigest())


def write_backup(target: IO[bytes], manifest: Manifest, paths: Mapping[str, Path]) -> None:
    """Write a backup of these files (by their names in it), as the manifest measured them."""
    told = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    listing = json.dumps(told, ensure_ascii=False, indent=1).encode()
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1) as archive:
        _add(archive, _MANIFEST, len(listing), io.BytesIO(listing))
        for name, path in paths.items():
            with path.open("rb") as file:
                _add(archive, name, manifest.files[name].size, file)


def _add(archive: tarfile.TarFile, name: str, size: int, file: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, file)


def unpack(source: Path, folder: Path) -> Manifest:
    """Check a backup and lay its files into an empty folder under their names.

    Nothing in the file is trusted: a member must be listed, be a plain file of the size that
    the manifest tells, and have its digest.

    Raises
    ------
    BackupError
        It is no backup, a newer one, damaged, or larger than the disk.
    OSError
        It cannot be read, or its files cannot be written.
    """
    try:
        with source.open("rb") as file, tarfile.open(fileobj=file, mode="r|gz") as archive:
            first = archive.next()
            if first is None or first.name != _MANIFEST or first.size > _MAX_MANIFEST:
                raise BackupError("不是本系统的备份")
            manifest = _read_manifest(_open(archive, first).read())
            if sum(held.size for held in manifest.files.values()) > disk_usage(folder).free:
                raise BackupError("磁盘空间不足")
            missing = dict(manifest.files)
            while (member := archive.next()) is not None:
                held = missing.pop(member.name, None)
                if held is None or not member.isreg() or member.size != held.size:
                    raise BackupError(f"备份中的 {member.name[:100]} 与清单不符")
                _lay(_open(archive, member), folder / member.name, held)
    except (
        tarfile.TarError,
        zlib.error,
        EOFError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise BackupError("备份文件已损坏，或者不是本系统的备份") from error
    if missing:
        raise BackupError(f"备份不完整，缺少 {next(iter(missing))}")
    return manifest


def _open(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise BackupError(f"备份中的 {member.name[:100]} 与清单不符")
    return file


def _lay(file: IO[bytes], path: Path, held: Held) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as target:
        path.chmod(0o600)
        while piece := file.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != held.sha256:
        raise BackupError(f"备份中的 {path.name} 已损坏")


def _read_manifest(content: bytes) -> Manifest:
    told: Any = json.loads(content)
    try:
        schema = str(told.get("schema", ""))
        if told["format"] > FORMAT or schema > newest_version():
            raise BackupError("备份由更新版本的程序所作，请更新本程序")
        files = {name: Held(int(one["size"]), str(one["sha256"])) for name, one in _files(told)}
        made_at = datetime.fromisoformat(told["made_at"])
        # A version before rotation named the one key only.
        keys = tuple(map(str, told.get("keys", ())))
        manifest = Manifest(
            told["format"], made_at, str(told["kind"]), str(told["key"]), files, keys, schema
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BackupError("备份的清单不完整") from error
    if DATABASE not in files or not all(map(may_hold, files)):
        raise BackupError("备份的清单有误")
    return manifest


def _files(told: Any) -> Any:
    return told["files"].items()
