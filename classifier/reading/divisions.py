"""Divisions: provinces, cities, counties and towns by their codes, and what is above what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROVINCE, CITY, COUNTY, TOWN = 2, 4, 6, 9
_CODED_LEVELS = {"省": PROVINCE, "市": CITY}


@dataclass(frozen=True, slots=True)
class Division:
    """A division; ``code`` has 2, 4, 6 or 9 digits and begins with its parent's."""

    code: str
    name: str


def read_divisions(folder: Path, served: Iterable[str] | None = None) -> list[Division]:
    """Read provinces, cities, areas and streets from the CSV files of a folder, parents first.

    Of the streets, by far the most, only those of the ``served`` divisions are read; all of
    them when it is None.
    """
    divisions: list[Division] = []
    for stem in ("provinces", "cities", "areas", "streets"):
        wanted = tuple(served) if served is not None and stem == "streets" else ("",)
        _, *lines = (folder / f"{stem}.csv").read_text(encoding="utf-8").splitlines()
        rows = (line.partition(",") for line in lines if line.startswith(wanted))
        divisions += [Division(code, name) for code, _, name in rows]
    return divisions


def level(code: str) -> int:
    """How long the code of a division at this level is.

    A place without a code of digits stands where its name says (西地省, A市), else as a county;
    a city with a number (C5市) is one of the size of a county.
    """
    if code.isdecimal():
        return len(code)
    return COUNTY if code[-2:-1].isdecimal() else _CODED_LEVELS.get(code[-1], COUNTY)


def above(code: str) -> tuple[str, ...]:
    """The codes of all divisions that a division lies in, the widest first.

    The letter of a coded place is its city's: A3区 lies in A市, and all of them in 西地省.
    """
    if code.isdecimal():
        return tuple(code[:length] for length in (PROVINCE, CITY, COUNTY) if length < len(code))
    if code[0].isascii():
        return tuple(name for name in ("西地省", f"{code[0]}市") if name != code)
    return ()
