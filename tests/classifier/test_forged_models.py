"""Model files as a forger or a bad disk would leave them: each is refused in one clear line."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.errors import ModelFileError
from classifier.judging import scoring
from classifier.judging.model import Model
from classifier.judging.predictor import Predictor
from classifier.modelfile import FORMAT, MAGIC, Section, read_model_file, write_model_file
from tests.training.small import a_reading

PREAMBLE = struct.Struct("<8sII32s")


def parts(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and what stands behind it."""
    end = PREAMBLE.size + PREAMBLE.unpack_from(content)[2]
    return json.loads(content[PREAMBLE.size : end]), content[end:]


def signed(header: object, behind: bytes = b"") -> bytes:
    """A file of a header, as it is or in JSON, with a right digest."""
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    digest = hashlib.sha256(encoded).digest()
    return PREAMBLE.pack(MAGIC, FORMAT, len(encoded), digest) + encoded + behind


def flipped(content: bytes, place: int, bits: int = 1) -> bytes:
    return content[:place] + bytes([content[place] ^ bits]) + content[place + 1 :]


def truncated(content: bytes) -> Iterator[tuple[str, bytes]]:
    for place in (0, 1, 7, 8, 12, 16, 47, 48, 49):
        yield f"ends at {place}", content[:place]
    for share in range(1, 20):
        yield f"ends at {share}/20", content[: len(content) * share // 20]
    yield "one byte short", content[:-1]


def flips(content: bytes) -> Iterator[tuple[str, bytes]]:
    for place in range(0, PREAMBLE.size, 3):
        yield f"a bit of byte {place} of the preamble", flipped(content, place)
    header_end = PREAMBLE.size + PREAMBLE.unpack_from(content)[2]
    for share in range(12):
        place = PREAMBLE.size + (header_end - PREAMBLE.size) * share // 12
        yield f"a bit of the header at {share}/12", flipped(content, place, 4)
    for share in range(20):
        place = header_end + (len(content) - header_end) * share // 20
        yield f"a bit of the arrays at {share}/20", flipped(content, place, 128)


def foreign(content: bytes) -> Iterator[tuple[str, bytes]]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("model.mqm", content)
    array = io.BytesIO()
    np.save(array, np.arange(9))
    yield "a zip archive", archive.getvalue()
    yield "a pickle", pickle.dumps({"weights": list(range(99))})
    yield "a numpy array", array.getvalue()
    yield "a JSON text", json.dumps({"header": {}, "sections": {}}).encode()
    yield "a page", "<!DOCTYPE html><title>下载失败</title>".encode()
    yield "zeros", bytes(10_000)
    yield "the magic alone", MAGIC
    yield "twice the file", content * 2
    yield "something behind", content + b"\0"
    yield "something in front", b"\0" + content
    yield "a length beyond the end", content[:12] + b"\xff\xff\xff\x7f" + content[16:]
    yield "the greatest length", content[:12] + b"\xff\xff\xff\xff" + content[16:]
    yield "no length", content[:12] + bytes(4) + content[16:]


def headers(content: bytes) -> Iterator[tuple[str, bytes]]:
    _, behind = parts(content)
    for name, encoded in {
        "nested without end": b"[" * 500_000,
        "nested objects without end": b'{"a":' * 150_000,
        "of 4 MB": b'{"header":{"a":"' + b"x" * 4_000_000 + b'"},"sections":{}}',
        "of many empty lists": b"[" + b"[]," * 300_000 + b"[]]",
        "not a number": b'{"header":{"a":NaN},"sections":{}}',
        "infinite": b'{"header":{"a":-Infinity},"sections":{}}',
        "too great a number": b'{"header":{"a":1e999},"sections":{}}',
        "too long a number": b'{"header":{"a":' + b"9" * 9000 + b'},"sections":{}}',
        "a name twice": b'{"header":{},"sections":{},"sections":{}}',
        "not UTF-8": b'{"header":{"a":"\xff"},"sections":{}}',
        "UTF-16": '{"header":{},"sections":{}}'.encode("utf-16"),
        "empty": b"",
        "nothing": b"null",
        "a text": b'"model"',
        "no sections": b'{"header":{}}',
        "no header": b'{"sections":{}}',
    }.items():
        yield f"a header {name}", signed(encoded, behind)


def sections(content: bytes) -> Iterator[tuple[str, bytes]]:
    told, behind = parts(content)

    def forged(**changes: object) -> bytes:
        described = {**told["sections"], "rows": told["sections"]["rows"] | changes}
        return signed({**told, "sections": described}, behind)

    for dtype in ("|O", "<M8[s]", "<i8", "<c8", "|S9", ">u2", "", None, 7, ["<u2"], {"a": "<u2"}):
        yield f"an array of {dtype}", forged(dtype=dtype)
    for shape in (
        [], [1], [-1, 5], [1 << 40, 1 << 40], [1 << 80], [0, 1 << 80], [1.5], ["9"], [True], None,
        "99", {}, [1] * 100,
    ):  # fmt: skip
        yield f"an array shaped {str(shape)[:40]}", forged(shape=shape)
    for digest in ("", "0" * 64, None, 5, told["sections"]["table"]["sha256"]):
        yield f"an array of digest {digest!r}", forged(sha256=digest)
    for meta in (None, 5, "text", [1]):
        yield f"an array with meta {meta!r}", forged(meta=meta)
    names = dict(zip(told["sections"], reversed(told["sections"].values()), strict=True))
    yield "swapped sections", signed({**told, "sections": names}, behind)
    for name in told["sections"]:
        fewer = {key: value for key, value in told["sections"].items() if key != name}
        yield f"no section {name}", signed({**told, "sections": fewer}, behind)
    hostile = {"\n\ud800" * 9999: told["sections"]["rows"] | {"dtype": "|O"}}
    yield "a hostile name", signed({**told, "sections": hostile}, behind)
    yield "sections as a list", signed({**told, "sections": list(told["sections"])}, behind)


MUTATIONS = (truncated, flips, foreign, headers, sections)
Mutations = Callable[[bytes], Iterator[tuple[str, bytes]]]


def refuse(load: Callable[[Path], object], path: Path) -> None:
    """Refused in one short Chinese line; any other exception fails the test."""
    with pytest.raises(ModelFileError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"模型文件无法使用 {path}：")
    assert message.isprintable()
    assert len(message) < len(str(path)) + 100


@pytest.mark.hostile
@pytest.mark.parametrize("mutations", MUTATIONS, ids=lambda mutations: mutations.__name__)
@pytest.mark.parametrize("load", [Model.load, Predictor.load], ids=["Model", "Predictor"])
def test_a_damaged_or_forged_file_is_refused_in_one_line(
    mutations: Mutations, load: Callable[[Path], object], small_model_path: Path, tmp_path: Path
) -> None:
    content, path = small_model_path.read_bytes(), tmp_path / "changed.mqm"
    for name, changed in mutations(content):
        assert changed != content, name
        path.write_bytes(changed)
        try:
            refuse(load, path)
        except BaseException as error:
            raise AssertionError(name) from error


def test_there_are_far_more_than_a_hundred_mutations(small_model_path: Path) -> None:
    content = small_model_path.read_bytes()
    names = [name for mutations in MUTATIONS for name, _ in mutations(content)]
    assert len(names) == len(set(names)) > 130


def head(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda header: header["heads"][1].update(changes)


def features(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda header: header["features"].update(changes)


def limits(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda header: header["limits"].update(changes)


@pytest.mark.hostile
@pytest.mark.parametrize(
    "change",
    [
        head(labels=["甲", "甲"]),
        head(labels=[]),
        head(labels=None),
        head(name="topic"),
        head(name=["department"]),
        head(slope=0),
        head(slope=-1),
        head(slope="steep"),
        head(offset=None),
        features(bits=33),
        features(bits=15),
        features(bits="14"),
        features(character_orders=[], word_orders=[]),
        features(character_orders="12"),
        features(character_orders=[[1]]),
        features(character_orders=[1] * 1000),
        features(word_orders=[0]),
        features(head_length=0),
        features(tail_length=10**30),
        features(opening_share="0.4"),
        features(opening_share=-0.1),
        features(more=1),
        limits(topic_l1=-1),
        limits(topic_l1="0.5"),
        limits(margin=None),
        limits(more=1),
        lambda header: header.update(heads=header["heads"] * 2),
        lambda header: header.update(heads=header["heads"][::-1]),
        lambda header: header.update(heads="topic"),
        lambda header: header.update(features=[]),
        lambda header: header.update(taxonomy="another"),
        lambda header: header.update(first_level=[1]),
        lambda header: header.pop("limits"),
    ],
)
def test_a_well_signed_file_that_says_what_cannot_be_is_refused(
    change: Callable[[dict[str, Any]], object], small_model_path: Path, tmp_path: Path
) -> None:
    file = read_model_file(small_model_path)
    header = json.loads(json.dumps(dict(file.header)))
    change(header)
    if header == file.header:
        pytest.fail("nothing was changed")
    write_model_file(tmp_path / "forged.mqm", header, file.sections)
    refuse(Model.load, tmp_path / "forged.mqm")


def filled(place: int, value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        changed = array.copy()
        changed.flat[place] = value
        return changed

    return change


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("columns", filled(3, np.nan)),
        ("columns", filled(-1, np.inf)),
        ("columns", filled(0, -3e38)),
        ("columns", lambda array: array.T),
        ("columns", lambda array: array.astype(np.float64)),
        ("strengths", filled(5, -1)),
        ("strengths", filled(5, np.nan)),
        ("strengths", filled(0, 1)),
        ("strengths", lambda array: array[:-1]),
        ("rows", filled(0, 1)),
        ("rows", lambda array: array[:-1]),
        ("rows", lambda array: array[:, :-1]),
        ("rows", lambda array: array.view(np.uint8)),
        ("rows", lambda array: array.ravel()),
        ("table", filled(9, 65535)),
        ("table", lambda array: array[:-1]),
        ("table", lambda array: array.view(np.int16)),
        ("table", lambda array: array.reshape(2, -1)),
    ],
)
def test_a_well_signed_file_of_unsound_arrays_is_refused(
    name: str,
    change: Callable[[np.ndarray], np.ndarray],
    small_model_path: Path,
    tmp_path: Path,
) -> None:
    file = read_model_file(small_model_path)
    changed = {**file.sections, name: Section(change(file.sections[name].array))}
    write_model_file(tmp_path / "forged.mqm", file.header, changed)
    for load in (Model.load, Predictor.load):
        refuse(load, tmp_path / "forged.mqm")


@pytest.mark.hostile
@pytest.mark.parametrize("way", ["the fastest", "numpy"])
def test_the_wildest_sound_file_still_judges_any_text(
    way: str, small_model_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "numpy":
        monkeypatch.setattr(scoring, "compiled", None)
    file = read_model_file(small_model_path)
    rows = np.where(np.arange(file.sections["rows"].array.shape[1]) % 2, 127, -128)
    rows = np.repeat(rows[None], len(file.sections["rows"].array), 0).astype(np.int8)
    strengths = np.full(len(rows), 1e-45, np.float32)
    rows[0] = strengths[0] = 0
    wild = {
        "rows": Section(rows),
        "strengths": Section(strengths),
        "columns": Section(np.full((2, rows.shape[1]), 1e6, np.float32)),
    }
    write_model_file(tmp_path / "wild.mqm", file.header, {**file.sections, **wild})
    model = Model.load(tmp_path / "wild.mqm")
    for body in ("", "路灯坏了", "路灯坏了没人修。" * 3000):
        judgement = model.judge(a_reading("", body))
        assert 0 <= judgement.urgent_probability <= 1
        assert 0 <= judgement.department.probability <= 1


@pytest.mark.hostile
def test_refusing_takes_little_memory(small_model_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.mqm"
    for name, changed in headers(small_model_path.read_bytes()):
        path.write_bytes(changed)
        tracemalloc.start()
        refuse(read_model_file if "nothing" in name else Model.load, path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 64 << 20, name


HOLD = """
import sys
from pathlib import Path
from classifier.modelfile import read_model_file

def private_dirty():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))

path = Path(sys.argv[1])
before = private_dirty()
file = read_model_file(path)
total = int(file.sections["rows"].array.sum())
print(private_dirty() - before, flush=True)
sys.stdin.readline()
told, mine = {}, False
for line in Path("/proc/self/smaps").read_text().splitlines():
    if "-" in line.split()[0]:
        mine = line.endswith(str(path))
    elif mine and line.endswith(" kB"):
        told[line.split(":")[0]] = told.get(line.split(":")[0], 0) + int(line.split()[1])
print(told["Rss"], told["Pss"], told["Private_Dirty"], told["Shared_Clean"], flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux")
def test_two_processes_share_the_memory_of_one_file(tmp_path: Path) -> None:
    path, kilobytes = tmp_path / "large.mqm", 8 << 10
    rows = np.arange(kilobytes << 10, dtype=np.uint32).astype(np.int8)
    write_model_file(path, {}, {"rows": Section(rows)})
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    grown = [int(line_of(worker)) for worker in workers]
    shared = [[int(word) for word in ask(worker).split()] for worker in workers]
    for worker in workers:
        worker.communicate("\n")
    assert max(grown) < kilobytes // 4
    for resident, proportional, private_dirty, shared_clean in shared:
        assert resident >= kilobytes
        assert proportional <= resident * 0.6
        assert private_dirty == 0
        assert shared_clean >= kilobytes


def line_of(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline()


def ask(worker: subprocess.Popen[str]) -> str:
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()
    return line_of(worker)
