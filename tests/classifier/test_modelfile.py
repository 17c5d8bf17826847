"""Model files: the same input gives the same bytes, and nothing but those bytes is read."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.errors import ModelFileError
from classifier.modelfile import FORMAT, MAGIC, Section, read_model_file, write_model_file

HEADER = {"name": "小模型", "numbers": [1, 2.5]}
SECTIONS = {
    "rows": Section(np.arange(70, dtype=np.int8).reshape(7, 10)),
    "idf": Section(np.linspace(0, 1, 5, dtype=np.float32), {"scale": 0.5}),
    "empty": Section(np.zeros((0, 3), np.uint16)),
}


def write(folder: Path) -> Path:
    path = folder / "model.mqm"
    write_model_file(path, HEADER, SECTIONS)
    return path


def forged(path: Path, content: object) -> Path:
    """A file whose header is what a forger wants, with a right digest."""
    encoded = json.dumps(content).encode()
    digest = hashlib.sha256(encoded).digest()
    path.write_bytes(struct.pack("<8sII32s", MAGIC, FORMAT, len(encoded), digest) + encoded)
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = read_model_file(write(tmp_path))
    assert file.header == HEADER
    assert file.sections.keys() == SECTIONS.keys()
    for name, section in SECTIONS.items():
        found = file.sections[name]
        assert found.array.dtype == section.array.dtype
        assert np.array_equal(found.array, section.array)
        assert dict(found.meta) == dict(section.meta)


def test_the_same_content_gives_the_same_bytes_and_version(tmp_path: Path) -> None:
    first = write(tmp_path).read_bytes()
    backwards = dict(reversed(SECTIONS.items()))
    version = write_model_file(tmp_path / "again.mqm", HEADER, backwards)
    assert (tmp_path / "again.mqm").read_bytes() == first
    assert read_model_file(tmp_path / "model.mqm").version == version


def test_another_number_gives_another_version(tmp_path: Path) -> None:
    changed = SECTIONS | {"rows": Section(np.ones((7, 10), np.int8))}
    version = write_model_file(tmp_path / "other.mqm", HEADER, changed)
    assert read_model_file(write(tmp_path)).version != version


def test_arrays_are_read_only_and_aligned(tmp_path: Path) -> None:
    for section in read_model_file(write(tmp_path)).sections.values():
        assert not section.array.flags.writeable
        assert section.array.ctypes.data % 64 == 0 or not section.array.size


def test_no_half_written_file_stays(tmp_path: Path) -> None:
    write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.mqm"]


def test_objects_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="object"):
        write_model_file(tmp_path / "m.mqm", {}, {"a": Section(np.array([{}], object))})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.data())
def test_a_change_of_any_byte_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    original = write(tmp_path).read_bytes()
    place = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[place] ^= data.draw(st.integers(1, 255))
    (tmp_path / "changed.mqm").write_bytes(changed)
    with pytest.raises(ModelFileError):
        read_model_file(tmp_path / "changed.mqm")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    original = write(tmp_path).read_bytes()
    (tmp_path / "short.mqm").write_bytes(original[: int(share * len(original))])
    with pytest.raises(ModelFileError):
        read_model_file(tmp_path / "short.mqm")


def test_a_file_with_something_behind_it_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(ModelFileError, match="多余"):
        read_model_file(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"\x80\x04\x95pickle" * 20, MAGIC])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.mqm"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="模型文件无法使用") as caught:
        read_model_file(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="不存在"):
        read_model_file(tmp_path / "none.mqm")


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = bytearray(path.read_bytes())
    content[8] = 9
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="第 9 版"):
        read_model_file(path)


ENTRY = {"dtype": "|i1", "shape": [1], "sha256": "", "meta": {}}


@pytest.mark.parametrize(
    "content",
    [
        [],
        "text",
        {"header": {}},
        {"header": {}, "sections": []},
        {"header": {}, "sections": {"a": {}}},
        {"header": {}, "sections": {"a": ENTRY | {"dtype": "|O"}}},
        {"header": {}, "sections": {"a": ENTRY | {"dtype": ["a", "b"]}}},
        {"header": {}, "sections": {"a": ENTRY | {"shape": [-1]}}},
        {"header": {}, "sections": {"a": ENTRY | {"shape": [2**62, 2**62]}}},
        {"header": {}, "sections": {"a": ENTRY | {"shape": "1"}}},
        {"header": {}, "sections": {"a": ENTRY | {"shape": [True]}}},
        {"header": {}, "sections": {"a": ENTRY | {"shape": None}}},
        {"header": {}, "sections": {"a": ENTRY | {"meta": 3, "shape": [0]}}},
    ],
)
def test_a_forged_header_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(ModelFileError):
        read_model_file(forged(tmp_path / "forged.mqm", content))


def test_a_header_nested_without_end_is_refused(tmp_path: Path) -> None:
    encoded = b"[" * 200_000
    preamble = struct.pack(
        "<8sII32s", MAGIC, FORMAT, len(encoded), hashlib.sha256(encoded).digest()
    )
    (tmp_path / "deep.mqm").write_bytes(preamble + encoded)
    with pytest.raises(ModelFileError):
        read_model_file(tmp_path / "deep.mqm")
