"""An import that is killed, and begun again: each message once, and no process left behind."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

PROGRAM = [sys.executable, "-W", "error", "-c", "from service.cli import main; main()"]
ROOT = Path(__file__).parents[3]
COUNT = 1500
THINGS = ("路灯坏了没有人修", "水管漏水流了一地", "学校门口总是堵车", "河边堆着一车一车的垃圾")
LENGTHY = "前后打了好几个电话，每次都说已经登记，叫我们再等一等，等到今天还是老样子。" * 6


def letters(path: Path) -> Path:
    """A file long enough for several processes; each third letter repeats an earlier one."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            told = number - 2 if number % 3 == 2 else number
            thing = THINGS[told % len(THINGS)]
            row = {
                "编号": str(number),
                "标题": f"{told}号楼前{thing}",
                "内容": f"我们{told}号楼前{thing}，{LENGTHY}{told}号楼的人都盼回复。",
                "时间": "2026-03-01",
                "来信人": f"住户{number % 97}",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def started(folder: Path, file: Path) -> subprocess.Popen[bytes]:
    settings = {"PYTHONPATH": str(ROOT), "MINQING_HOME": str(folder / "home")}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MINQING_")}
    return subprocess.Popen(
        [*PROGRAM, "import", str(file), "--processes", "2"],
        cwd=folder,
        env=plain | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    return [
        int(number)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for number in task.read_text().split()
    ]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def stored(folder: Path) -> dict[str, str]:
    """Receipts by the messages' numbers."""
    path = folder / "home" / "minqing.sqlite3"
    if not path.exists():
        return {}
    connection = sqlite3.connect(path, timeout=30)
    try:
        found = connection.execute("SELECT external_id, receipt FROM message").fetchall()
    except sqlite3.OperationalError:  # not yet made
        return {}
    finally:
        connection.close()
    assert len(dict(found)) == len(found)
    return dict(found)


def test_a_killed_import_begun_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    file = letters(tmp_path / "来信.jsonl")
    assert file.stat().st_size > 1_000_000
    killed = started(tmp_path, file)
    wait_until(lambda: len(stored(tmp_path)) > 0)
    workers = children_of(killed.pid)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    kept = stored(tmp_path)
    assert 0 < len(kept) < COUNT
    assert len(workers) >= 2
    wait_until(lambda: not any(map(is_alive, workers)))

    again = started(tmp_path, file)
    told, errors = again.communicate(timeout=120)
    assert again.returncode == 0, errors.decode()
    assert f"新登记 {COUNT - len(kept):,} 件" in told.decode()
    assert f"此前已有 {len(kept):,} 件" in told.decode()
    whole = stored(tmp_path)
    assert set(whole) == {str(number) for number in range(COUNT)}
    assert {number: whole[number] for number in kept} == kept
    check_counts(tmp_path / "home" / "minqing.sqlite3")


def check_counts(path: Path) -> None:
    connection = sqlite3.connect(path)
    held = Counter(matter for (matter,) in connection.execute("SELECT matter_id FROM demand"))
    counted = dict(connection.execute("SELECT id, message_count FROM matter"))
    connection.close()
    assert held == Counter(counted)
    assert held.total() == COUNT
