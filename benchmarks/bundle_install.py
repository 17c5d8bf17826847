"""Whether the bundle installs and runs on a machine without a network, and how long that takes.

Usage: ``python benchmarks/bundle_install.py [ARCHIVE]``, as root; without one ``make bundle`` makes
it. In a network namespace of its own, where there is nothing but the loopback, a user who owns
nothing else unpacks the archive, installs it with the system's Python and starts the desk: a
message is taken in, judged and routed, a page is opened in Chromium. Then another version is
installed over it, and one of which a wheel was changed; the data must outlive both.

Prints JSON: bytes, seconds of each step, and what was seen.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
PYTHON = "/usr/bin/python3"
PORT = 8000
START_SECONDS = 120
BROWSER = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
MESSAGE = {
    "title": "苏仙区和平小区路灯不亮",
    "text": "和平小区三号楼前的路灯坏了半个月，老人晚上出门看不见路，请派人来修。",
}


def main() -> None:
    """Make the bundle, and go on where there is no network."""
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(prove(Path(sys.argv[2]), Path(sys.argv[3])), ensure_ascii=False))
        return
    archive = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else make_bundle()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "own"
        own.mkdir()
        os.chown(folder, NOBODY, NOBODY)
        os.chown(own, NOBODY, NOBODY)
        shutil.copy(archive, folder)
        inside = [sys.executable, __file__, "--inside", str(own), f"{folder}/{archive.name}"]
        sys.exit(subprocess.run(["unshare", "--net", *inside], check=False).returncode)


def make_bundle() -> Path:
    """The archive of the sources as they are."""
    made = subprocess.run([ROOT / "tools" / "make-bundle"], stdout=subprocess.PIPE, check=True)
    return ROOT / made.stdout.decode().splitlines()[-1]


def prove(own: Path, archive: Path) -> dict[str, object]:
    """All steps; raises what goes wrong."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    found: dict[str, object] = {
        "archive_mb": round(archive.stat().st_size / 1e6, 1),
        "network": ", ".join(name for _, name in socket.if_nameindex()),
    }
    found["unpacked_seconds"] = timed(lambda: as_nobody(["tar", "-xzf", archive, "-C", own]))
    folder = next(own.iterdir())
    found["installed_seconds"] = timed(lambda: install(folder, own))
    found["installed_mb"] = round(size_of(own / "opt") / 1e6)
    with desk(own) as ready_seconds:
        found["first_start_seconds"] = ready_seconds
        receipt = post(MESSAGE)
        triage = receipt["triage"]
        found["routed_to"] = f"{triage['studio']['name']}, {triage['department']['name']}"
        found["page_seconds"] = timed(lambda: look_at("/submit", "提交", own))
    found["kept_after_an_update"] = update(folder, own)
    found["kept_after_a_refused_update"] = refuse(folder, own)
    return found


def timed(step: Callable[[], object]) -> float:
    """Seconds of a step."""
    began = time.perf_counter()
    step()
    return round(time.perf_counter() - began, 1)


def as_nobody(command: list[Any], own: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command as the user who owns nothing else; it must succeed."""
    return subprocess.run(
        list(map(str, command)),
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd=own or "/",
        env=environment(own),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )


def environment(own: Path | None) -> dict[str, str]:
    """What such a user's shell has."""
    told = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(own or "/")}
    return told | ({"MINQING_HOME": str(own / "home")} if own else {})


def install(folder: Path, own: Path) -> None:
    """Install what was unpacked in a folder."""
    options = ["--prefix", own / "opt", "--home", own / "home", "--python", PYTHON, "--no-service"]
    as_nobody([folder / "install.sh", *options], own)


@contextmanager
def desk(own: Path) -> Iterator[float]:
    """The installed desk, ready; how many seconds it took."""
    began = time.perf_counter()
    command = [str(own / "opt/current/bin/minqing"), "serve"]
    with subprocess.Popen(
        command,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd=own,
        env=environment(own),
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            wait_until_ready(process)
            yield round(time.perf_counter() - began, 1)
        finally:
            process.terminate()


def wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    """Return when /readyz says so."""
    limit = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz") as answer:
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > limit or process.poll() is not None:
                raise
        time.sleep(0.1)


def post(message: dict[str, str]) -> dict[str, Any]:
    """Hand a message in; what was answered."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/v1/messages",
        json.dumps(message).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def look_at(path: str, words: str, own: Path) -> None:
    """Open a page in Chromium; it must show some words."""
    profile = f"--user-data-dir={own / 'chromium'}"
    address = f"http://127.0.0.1:{PORT}{path}"
    shown = as_nobody(["chromium", *BROWSER, profile, "--dump-dom", address], own).stdout
    if words not in shown:
        sys.exit(f"{path} does not show {words}")


def update(folder: Path, own: Path) -> int:
    """Install the same as a newer version over the first; how many messages are there then."""
    newer = own / "newer"
    as_nobody(["cp", "-r", folder, newer], own)
    write_version(newer, "99.0")
    install(newer, own)
    with desk(own):
        return count_messages(own)


def refuse(folder: Path, own: Path) -> int:
    """Try to install one of which a wheel was changed; how many messages are there then."""
    changed = own / "changed"
    as_nobody(["cp", "-r", folder, changed], own)
    write_version(changed, "100.0")
    wheel = next((changed / "wheels").glob("minqing-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"0")
    try:
        install(changed, own)
    except subprocess.CalledProcessError:
        with desk(own):
            return count_messages(own)
    sys.exit("a changed wheel was installed")


def write_version(folder: Path, version: str) -> None:
    """Let a bundle be of another version."""
    (folder / "VERSION").write_text(f"{version}\n")
    told = subprocess.run(["sha256sum", "VERSION"], cwd=folder, stdout=subprocess.PIPE, check=True)
    sums = folder / "SHA256SUMS"
    kept = [line for line in sums.read_text().splitlines() if not line.endswith(" VERSION")]
    sums.write_text("\n".join([*kept, told.stdout.decode().strip()]) + "\n")


def count_messages(own: Path) -> int:
    """How many messages the installed command knows."""
    told = as_nobody([own / "opt/current/bin/minqing", "status", "--json"], own).stdout
    return int(json.loads(told)["messages"])


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
