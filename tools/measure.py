"""Runs every benchmark, one after the other, and keeps what it measured in ``docs/figures``.

Usage: ``python tools/measure.py [NAME …]``: the figures of these names, or all of them. A
benchmark prints one JSON object. What needs the shared labelled data is left out where there is
none (``MINQING_SHARED``, beside the clone by default).
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
SHARED = "../shared"
STREAM = f"{SHARED}/data/stream.csv"
PEERS = ("datasketch", "gaoya", "tantivy")

# What is published: the name of the figures, the benchmark and its arguments.
PLAN: dict[str, list[str]] = {
    "routing": ["routing.py"],
    "routing_stream": ["stream_places.py", STREAM],
    "pairs": ["pairs.py", f"{SHARED}/data", "--plot", "docs/figures/pairs.svg"],
    "matters_in_order": ["matters_in_order.py", f"{SHARED}/data"],
    "judge_speed": ["judge_speed.py"],
    "judge_speed_stream": ["judge_speed.py", STREAM],
    "pipeline_speed": ["pipeline_speed.py"],
    "pipeline_speed_stream": ["pipeline_speed.py", STREAM],
    "startup": ["startup.py"],
    "token_identity": ["token_identity.py"],
    "token_identity_shared": ["token_identity.py", f"{SHARED}/data"],
    "reading": ["reading.py"],
    "reading_stream": ["reading.py", "--texts", STREAM],
    "triage_speed": ["triage_speed.py"],
    "triage_speed_stream": ["triage_speed.py", STREAM],
    "import": ["import_stream.py"],
    "import_stream": ["import_stream.py", STREAM],
    "import_scale": ["import_scale.py", f"{SHARED}/data", "--messages", "100000"],
    "import_million": ["import_scale.py", f"{SHARED}/data", "--messages", "1000000"],
    "matter_scale": ["matter_scale.py", f"{SHARED}/data", "--messages", "1000000"],
    "matter_peers": ["matter_scale.py", f"{SHARED}/data", "--only-peers", "--peers", *PEERS],
    "search_speed": ["search_speed.py", f"{SHARED}/data", "--messages", "100000"],
    "search_million": ["search_speed.py", f"{SHARED}/data", "--messages", "1000000"],
    "bursts": ["bursts.py", f"{SHARED}/data"],
    "digest_speed": ["digest_speed.py"],
    "digest_speed_stream": ["digest_speed.py", STREAM, "2019-W28"],
    "digest_speed_million": ["digest_speed.py", "--history", "1000000"],
    "digest_weeks_stream": ["digest_speed.py", STREAM, "--weeks-of", "2019"],
    "hot_matters": ["hot_matters.py", STREAM],
    "new_words": ["new_words.py", STREAM],
    "claims": ["claims.py"],
    "intake_load": ["intake_load.py", f"{SHARED}/data"],
    "killed_intake": ["killed_intake.py"],
    "prefecture_day": ["prefecture_day.py"],
    "api_fuzz": ["api_fuzz.py"],
    "bundle_install": ["bundle_install.py"],
    "database_away": ["broken_storage.py", "database"],
    "full_disk": ["broken_storage.py", "full-disk"],
    "read_only_disk": ["broken_storage.py", "read-only-disk"],
    "queue_speed": ["queue_speed.py"],
    "contest_topics": ["contest_topics.py", f"{SHARED}/data"],
    "agency_functions": ["agency_functions.py", f"{SHARED}/data"],
    "accuracy": ["accuracy.py", f"{SHARED}/data"],
    "active_learning": ["active_learning.py", f"{SHARED}/data"],
    "learning": ["learning.py", f"{SHARED}/data"],
    "model_memory": ["model_memory.py"],
}


def main(names: Sequence[str]) -> int:
    """Measure these, or everything. Returns 1 when one failed, after running the others."""
    unknown = sorted(set(names) - PLAN.keys())
    if unknown:
        print(f"no such figures: {', '.join(unknown)}", file=sys.stderr)
        return 2
    shared = os.environ.get("MINQING_SHARED", str(ROOT / SHARED))
    FIGURES.mkdir(parents=True, exist_ok=True)
    failed = [name for name in names or PLAN if not measure(name, PLAN[name], shared)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def measure(name: str, words: list[str], shared: str) -> bool:
    """Run one benchmark and keep its figures; False when it failed and the old ones stay."""
    if any(SHARED in word for word in words) and not Path(shared).is_dir():
        print(f"{name}: skipped, it needs the shared data in {shared}")
        return True
    print(f"{name}: measuring …", flush=True)
    script, *arguments = (word.replace(SHARED, shared) for word in words)
    command = [sys.executable, str(ROOT / "benchmarks" / script), *arguments]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if result.returncode == 0:
        keep(name, words, json.loads(result.stdout))
    return result.returncode == 0


def keep(name: str, words: list[str], figures: dict[str, object]) -> None:
    """Write figures with the command, the place and the time (UTC) they were measured by."""
    measured = {
        "command": f"benchmarks/{' '.join(words)}",
        "processor": f"{os.cpu_count()} × {processor_name()}",
        "python": platform.python_version(),
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
    }
    text = json.dumps({"measured": measured, **figures}, ensure_ascii=False, indent=2)
    (FIGURES / f"{name}.json").write_text(f"{text}\n", "utf-8")


def processor_name() -> str:
    """What Linux calls the processor; the architecture where it does not say."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text("utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
