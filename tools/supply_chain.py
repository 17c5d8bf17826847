"""Looks for weaknesses in our own code (bandit) and in what it runs with (pip-audit, OSV or PyPI).

Prints what was looked at. Exits with 1 on a finding that is not explained in place, or on a known
weakness of a pinned release. A package of which the index told nothing counts as not looked at,
never as clean: where there is no network that is all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CODE = ("service", "classifier", "training")
_SECONDS = 300


def look_at_code() -> int:
    """Tell what bandit finds; how many findings there are."""
    words = ["-m", "bandit", "-q", "-c", "pyproject.toml", "-f", "json", "-r", *CODE]
    told = _answer(words)
    if told is None or told["errors"]:
        print("bandit: failed")
        return 1
    for each in told["results"]:
        print(f"  {each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}")
    lines = told["metrics"]["_totals"]["loc"]
    print(f"bandit: {lines:,} lines, {len(told['results'])} findings that are not explained")
    return len(told["results"])


def look_at_packages() -> int:
    """Tell what is known of the pinned releases; how many known weaknesses there are."""
    lock = ["--disable-pip", "-r", "requirements.lock"]
    told = _answer(["-m", "pip_audit", *lock, "-f", "json", "--timeout", "8"])
    if told is None:
        print("pip-audit: NOT CHECKED, the index did not answer")
        return 0
    packages = told["dependencies"]
    skipped = [each for each in packages if "skip_reason" in each]
    weak = [(each, one) for each in packages for one in each.get("vulns", ())]
    for each, one in weak:
        print(f"  {each['name']} {each['version']}: {one['id']}, mended in {one['fix_versions']}")
    checked = len(packages) - len(skipped)
    print(f"pip-audit: {checked} of {len(packages)} packages checked, {len(weak)} known weaknesses")
    if skipped:
        print(f"pip-audit: {len(skipped)} NOT CHECKED: {skipped[0]['skip_reason']} …")
    return len(weak)


def _answer(words: list[str]) -> Any:
    """The JSON that a program of this Python prints, None where it prints none or in time none."""
    command = [sys.executable, *words]
    try:
        result = subprocess.run(
            command, cwd=ROOT, capture_output=True, check=False, timeout=_SECONDS
        )
        return json.loads(result.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None


def main() -> int:
    """Look at both. Returns 1 where either found something."""
    return int(look_at_code() + look_at_packages() > 0)


if __name__ == "__main__":
    sys.exit(main())
