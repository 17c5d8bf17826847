"""The taxonomy: topics of two or three levels, each with a code of two digits a level."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from classifier.errors import TaxonomyError

COLUMNS = ("code", "level1", "level2", "level3")
_CODE = re.compile(r"(?:[0-9]{2}){1,3}")


def shipped_path() -> Path:
    """Where the taxonomy that comes with Minqing lies."""
    return Path(__file__).resolve().parents[2] / "data" / "taxonomy.csv"


@dataclass(frozen=True)
class Taxonomy:
    """Codes and the names they stand for.

    Parameters
    ----------
    names
        Map from code (2, 4 or 6 digits) to the names from level 1 down to its own level,
        in ascending order of codes.
    """

    names: Mapping[str, tuple[str, ...]] = field(repr=False)

    @classmethod
    def load(cls, path: Path | None = None) -> Taxonomy:
        """Read a CSV file with the columns ``COLUMNS`` in UTF-8.

        Parameters
        ----------
        path
            The file; the shipped taxonomy where none is given.

        Raises
        ------
        TaxonomyError
            The file is missing, is no such CSV, repeats a code or a name, or names a topic
            whose upper topic is missing or called otherwise.
        """
        path = shipped_path() if path is None else path
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return cls(MappingProxyType(dict(_checked(_rows(file)))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise TaxonomyError(path, "读不出内容") from error
        except ValueError as error:
            raise TaxonomyError(path, str(error)) from error

    def codes(self, level: int) -> tuple[str, ...]:
        """All codes of a level (1, 2 or 3), ascending."""
        return tuple(code for code in self.names if len(code) == 2 * level)

    def name(self, code: str) -> str:
        """The own name of a code. Raises KeyError for an unknown code."""
        return self.names[code][-1]

    def path(self, code: str) -> tuple[str, ...]:
        """The names from level 1 down to the code's own. Raises KeyError for an unknown code."""
        return self.names[code]

    def code(self, *names: str) -> str:
        """The code of the names from level 1 down. Raises KeyError where there is none."""
        return self._by_names[names]

    def children(self, code: str) -> tuple[str, ...]:
        """The codes one level below, ascending."""
        return tuple(c for c in self.names if len(c) == len(code) + 2 and c.startswith(code))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over codes and names (not over the file's form) in hexadecimal."""
        lines = (f"{code}\t{'/'.join(names)}\n" for code, names in self.names.items())
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @cached_property
    def _by_names(self) -> dict[tuple[str, ...], str]:
        return {names: code for code, names in self.names.items()}


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    reader = csv.reader(lines, strict=True)
    if tuple(next(reader, ())) != COLUMNS:
        raise ValueError(f"表头应为 {','.join(COLUMNS)}")
    for row in reader:
        if len(row) != len(COLUMNS):
            raise ValueError(f"第 {reader.line_num} 行应有 {len(COLUMNS)} 列")
        code, *names = (cell.strip() for cell in row)
        level = len(code) // 2
        if _CODE.fullmatch(code) is None or not all(names[:level]) or any(names[level:]):
            raise ValueError(f"第 {reader.line_num} 行的编码与名称不相符")
        yield code, tuple(names[:level])


def _checked(
    rows: Iterable[tuple[str, tuple[str, ...]]],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    by_code: dict[str, tuple[str, ...]] = {}
    for code, names in sorted(rows):
        if code in by_code:
            raise ValueError(f"编码 {code} 重复")
        if len(code) > 2 and by_code.get(code[:-2]) != names[:-1]:
            raise ValueError(f"编码 {code} 的上级不存在或名称不同")
        by_code[code] = names
        yield code, names
    if len(set(by_code.values())) != len(by_code):
        raise ValueError("同一上级下有重名")
    parents = {code[:2] for code in by_code if len(code) == 4}
    if not by_code or parents != {code[:2] for code in by_code}:
        raise ValueError("每个一级主题都应有二级主题")
