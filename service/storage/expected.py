"""Versions that matters are expected to have when a transaction locks them.

They travel with the transaction's connection, so that what locks a matter's row also looks
whether it is the one that was thought of: nothing can come in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from service.errors import MatterChangedError, MatterVersionMissingError

EXPECTED = "minqing_expected"


@dataclass(slots=True)
class Expected:
    """By id of a matter how many entries its history may have; None where nobody told one.

    ``is_met`` once it was looked at: after that the matter changes by who expected it.
    """

    versions: Mapping[int, frozenset[int]] | None
    is_met: bool = False


def check_expected(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """Let rows of matters, just locked, pass if they are what the transaction expects.

    Raises
    ------
    MatterChangedError
        One has another version, or none of them is what was told of.
    MatterVersionMissingError
        A version must be told and was not.
    """
    expected: Expected | None = connection.get_execution_options().get(EXPECTED)
    if expected is None or expected.is_met or not rows:
        return
    if expected.versions is None:
        raise MatterVersionMissingError
    told = [row for row in rows if row.id in expected.versions]
    if not told or any(row.event_count not in expected.versions[row.id] for row in told):
        raise MatterChangedError
    expected.is_met = True
