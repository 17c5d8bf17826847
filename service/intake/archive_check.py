"""What a ZIP archive must be before anything of it is unpacked: small, honest and plain.

Sizes are the ones the archive declares; zipfile reads no more of an entry than it declares.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

from service.errors import FileUnreadableError

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200  # an office table packs 5 to 50 fold
DAMAGE = (BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
_SMALL_BYTES = 1 << 20  # below this a high ratio does no harm
_ENCRYPTED = 0x1


def check_entries(name: str, entries: Sequence[ZipInfo]) -> None:
    """Let the entries of an archive pass that can be unpacked safely.

    Raises
    ------
    FileUnreadableError
        There are too many, they are encrypted, packed in an unusual way, or too large unpacked.
    """
    if len(entries) > MAX_ENTRIES:
        raise FileUnreadableError(f"{name} 内含文件过多（{len(entries)} 个）")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise FileUnreadableError(
            f"{name} 解压后有 {unpacked >> 20} MB，上限 {MAX_UNPACKED_BYTES >> 20} MB，"
            "请分成几个文件或改用 CSV"
        )
    for entry in entries:
        _check_entry(name, entry)


def _check_entry(name: str, entry: ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise FileUnreadableError(f"{name} 已加密")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise FileUnreadableError(f"{name} 的压缩方式不受支持")
    if entry.file_size > max(_SMALL_BYTES, MAX_RATIO * entry.compress_size):
        raise FileUnreadableError(f"{name} 压缩率异常，疑为压缩炸弹")
