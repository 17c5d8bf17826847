"""The model file: a JSON header and raw arrays, checked before use, mapped into memory.

Layout: ``MAGIC``, the format number and the header's length (little-endian uint32 each), the
header's SHA-256, the header (UTF-8 JSON with sorted keys), then each section's array at an offset
of a multiple of 64 bytes, in C order, zeros between. Reading interprets numbers and JSON only,
so a file can never run code; every byte is checked before use. The operating system shares the
mapped pages between processes.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelFileError

MAGIC = b"\x89MINQING"
FORMAT = 1
_ALIGNMENT = 64
_PREAMBLE = struct.Struct("<8sII32s")
_LONGEST_HEADER = 1 << 20
_SHOWN = 40
_DTYPES = frozenset({"|u1", "|i1", "<u2", "<i2", "<u4", "<u8", "<i4", "<f2", "<f4", "<f8"})


class Section(NamedTuple):
    """A named array and what its reader must know about it (JSON types)."""

    array: NDArray[Any]
    meta: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A checked model file.

    ``header`` is what the writer gave; ``version`` the first 12 hexadecimal digits of the
    header's SHA-256, which covers the digests of all arrays; the arrays are read-only.
    """

    header: Mapping[str, Any]
    sections: Mapping[str, Section]
    version: str


def write_model_file(path: Path, header: Mapping[str, Any], sections: Mapping[str, Section]) -> str:
    """Write a model file whole or not at all; the same input gives the same bytes.

    Parameters
    ----------
    path
        Where to write; an old file is replaced.
    header
        JSON types only.
    sections
        Arrays by name, of fixed-size integers or floats.

    Returns
    -------
    str
        The version.
    """
    arrays = {name: _little_endian(section.array) for name, section in sections.items()}
    encoded = _encode_header(header, sections, arrays)
    digest = hashlib.sha256(encoded)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(_PREAMBLE.pack(MAGIC, FORMAT, len(encoded), digest.digest()))
            file.write(encoded)
            for name in sorted(arrays):
                file.write(bytes(-file.tell() % _ALIGNMENT))
                file.write(arrays[name].tobytes())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest()[:12]


def _little_endian(array: NDArray[Any]) -> NDArray[Any]:
    ordered = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    if ordered.dtype.str not in _DTYPES:
        raise ValueError(f"a model file holds no {array.dtype}")
    return ordered


def _encode_header(
    header: Mapping[str, Any], sections: Mapping[str, Section], arrays: Mapping[str, NDArray[Any]]
) -> bytes:
    described = {
        name: {
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "sha256": hashlib.sha256(array.tobytes()).hexdigest(),
            "meta": dict(sections[name].meta),
        }
        for name, array in arrays.items()
    }
    content = {"header": dict(header), "sections": described}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()


def read_model_file(path: Path) -> ModelFile:
    """Map a model file into memory after checking all of it.

    Raises
    ------
    ModelFileError
        The file is missing, truncated, of another kind or format, or not what was written.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            content, digest, end = _read_header(path, data)
    except (OSError, ValueError) as error:
        raise ModelFileError(path, "文件不存在、为空或无法读取") from error
    try:
        whole = np.memmap(path, np.uint8, "r").view(np.ndarray)
        sections = dict(_read_sections(path, dict(content["sections"].items()), whole, end))
        header = dict(content["header"].items())
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise ModelFileError(path, "文件头残缺") from error
    return ModelFile(MappingProxyType(header), MappingProxyType(sections), digest[:12])


def _read_header(path: Path, data: mmap.mmap) -> tuple[Any, str, int]:
    if len(data) < _PREAMBLE.size or data[: len(MAGIC)] != MAGIC:
        raise ModelFileError(path, "不是民情的模型文件")
    _, format_number, length, digest = _PREAMBLE.unpack_from(data)
    if format_number != FORMAT:
        raise ModelFileError(path, f"文件格式为第 {format_number} 版，本程序只读第 {FORMAT} 版")
    end = _PREAMBLE.size + length
    if length > _LONGEST_HEADER:
        raise ModelFileError(path, "文件头过长")
    if end > len(data):
        raise ModelFileError(path, "文件被截断")
    encoded = data[_PREAMBLE.size : end]
    if hashlib.sha256(encoded).digest() != digest:
        raise ModelFileError(path, "文件头与校验值不符")
    try:
        return _parse(encoded.decode()), digest.hex(), end
    except (ValueError, RecursionError) as error:
        raise ModelFileError(path, "文件头不是 JSON，或有重复的名称、无效的数") from error


def _parse(encoded: str) -> Any:
    """JSON with finite numbers, no name twice in an object."""
    return json.loads(encoded, object_pairs_hook=_once, parse_float=_finite, parse_constant=_finite)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _finite(number: str) -> float:
    found = float(number)
    if not math.isfinite(found):
        raise ValueError(number)
    return found


def _read_sections(
    path: Path, described: Mapping[str, Any], whole: NDArray[np.uint8], end: int
) -> Iterator[tuple[str, Section]]:
    for name in sorted(described):
        # A forger's name may be long, or hold line breaks: what is told stays one short line.
        entry, shown = described[name], ascii(name)[:_SHOWN]
        if entry["dtype"] not in _DTYPES:
            raise ModelFileError(path, f"数组 {shown} 的类型无法识别")
        before, start = end, end + -end % _ALIGNMENT
        end = start + _byte_count(entry)
        if end > len(whole):
            raise ModelFileError(path, "文件被截断")
        raw = whole[start:end]
        if hashlib.sha256(raw.data).hexdigest() != entry["sha256"]:
            raise ModelFileError(path, f"数组 {shown} 与校验值不符")
        if whole[before:start].any():
            raise ModelFileError(path, f"数组 {shown} 之前有多余内容")
        array = raw.view(entry["dtype"]).reshape(entry["shape"])
        yield name, Section(array, MappingProxyType(dict(entry["meta"])))
    if end != len(whole):
        raise ModelFileError(path, "文件末尾有多余内容")


def _byte_count(entry: Mapping[str, Any]) -> int:
    size: int = np.dtype(entry["dtype"]).itemsize
    for length in entry["shape"]:
        if not isinstance(length, int) or isinstance(length, bool) or length < 0:
            raise ValueError(length)
        size *= length
    return size
