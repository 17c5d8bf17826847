"""Prints what a folder of wheels pins, for ``pip install --require-hashes`` without an index.

Usage: ``python tools/bundle_requirements.py FOLDER``. A wheel made here of a source has another
digest than the source in ``requirements.lock``, so each wheel's own is told.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path


def main() -> None:
    """Print a line for each wheel."""
    print("\n".join(lines(Path(sys.argv[1]))))


def lines(folder: Path) -> Iterator[str]:
    """``name==version --hash=sha256:…`` of each wheel, by name."""
    for wheel in sorted(folder.glob("*.whl")):
        name, version, *_ = wheel.name.split("-")  # PEP 427: no other hyphen stands in them
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        yield f"{name}=={version} --hash=sha256:{digest}"


if __name__ == "__main__":
    main()
