"""Writes ``docs/licences.md``: every package that runs with Minqing, and what its licence asks.

What is told is what each package's own metadata says (PEP 639's expression, else its field, else
its classifiers). A licence that is not known here is an error: somebody must look at it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
_BETWEEN = re.compile(r"\s+(?:AND|OR|and)\s+|, ")
_NOTICE = "may be used and passed on with its notice"
_WEAK = "used unchanged, and can be exchanged: any program may"
# By what metadata calls them.
KNOWN = {
    **dict.fromkeys(("MIT", "MIT License", "MIT-CMU", "BSD License", "PSF-2.0", "Zlib"), _NOTICE),
    **dict.fromkeys(("BSD-2-Clause", "BSD-3-Clause"), _NOTICE),
    **dict.fromkeys(("Apache-2.0", "Apache License 2.0", "Apache Software License"), _NOTICE),
    **dict.fromkeys(("MIT-0", "0BSD", "CC0-1.0", "Public-Domain"), "asks for nothing"),
    **dict.fromkeys(("LGPL-3.0-only", "MPL-2.0"), _WEAK),
}
# Whose metadata tells nothing: by the licence that comes with the package.
_BY_FILE = {"imapclient": "BSD-3-Clause"}
_SEVERITY = (_WEAK, _NOTICE, "asks for nothing")
_HEAD = """# Licences of what runs with Minqing

Written by `tools/licences.py` from the metadata of the packages that `requirements.lock` pins.
The packages of tests and training are not passed on.

| package | licence by its own metadata | what it asks |
|---|---|---|
"""


def licence_of(name: str) -> str:
    """What a package's metadata calls its licence, "" where nothing does."""
    told = metadata(name)
    classifiers = [
        each.rsplit(" :: ", 1)[-1]
        for each in told.get_all("Classifier", [])
        if each.startswith("License ::")
    ]
    field = (told.get("License") or "").strip()
    is_name = field and len(field.splitlines()) == 1
    by_metadata = told.get("License-Expression") or (field if is_name else "")
    return by_metadata or ", ".join(classifiers) or _BY_FILE.get(name, "")


def what_it_asks(licence: str) -> str:
    """The most that a licence asks of who passes the package on.

    Raises
    ------
    KeyError
        A part of it is not known here.
    """
    parts = [KNOWN[part] for part in _BETWEEN.split(licence)]
    return next(each for each in _SEVERITY if each in parts)


def render() -> str:
    """The page."""
    pinned = _PINNED.findall((ROOT / "requirements.lock").read_text("utf-8"))
    return _HEAD + "".join(_lines([name for name, _ in pinned]))


def _lines(names: list[str]) -> Iterator[str]:
    for name in names:
        licence = licence_of(name)
        yield f"| `{name}` | {licence} | {what_it_asks(licence)} |\n"


def main() -> int:
    """Write the page. Returns 1 where a package is not installed or its licence not known."""
    try:
        PAGE.write_text(render(), "utf-8")
    except (KeyError, PackageNotFoundError) as error:
        print(f"licence not known, or package not installed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
