"""Writes ``docs/performance.md`` from the figures in ``docs/figures``: nothing in it is by hand."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
PAGE = ROOT / "docs" / "performance.md"
HEAD = """# Performance

Made by `make proof` from the files in `docs/figures/`: each table is what the command above it
wrote. Lists (such as the ids of misses) stand in those files only.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), "utf-8")


def render() -> str:
    """The page as it must be now."""
    paths = sorted(FIGURES.glob("*.json"))
    return "\n".join([HEAD, *(section(path) for path in paths)])


def section(path: Path) -> str:
    """Heading, what is measured, the command, when and where, and the tables of one file."""
    figures = json.loads(path.read_text("utf-8"))
    measured = figures.pop("measured")
    script = ROOT / measured["command"].partition(" ")[0]
    where = f"{measured['processor']}, Python {measured['python']}, {measured['at']} UTC"
    parts = [f"## {path.stem.replace('_', ' ').capitalize()}", purpose(script)]
    parts += [f"`.venv/bin/python {measured['command']}` on {where}:", *tables(figures)]
    return "\n\n".join(parts) + "\n"


def purpose(script: Path) -> str:
    """The first paragraph of a benchmark's docstring."""
    docstring = ast.get_docstring(ast.parse(script.read_text("utf-8"))) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ").replace("``", "`")


def tables(figures: Mapping[str, object]) -> Iterator[str]:
    """Single values as one table, objects as the columns of another, lists of objects as rows."""
    single = [[key, value] for key, value in figures.items() if is_value(value)]
    if single:
        yield table(["figure", "value"], single)
    columns = {k: dict(flat(v)) for k, v in figures.items() if isinstance(v, Mapping)}
    if columns:
        keys = list(dict.fromkeys(key for column in columns.values() for key in column))
        rows = [[key, *(c.get(key, "") for c in columns.values())] for key in keys]
        yield table(["figure", *columns], rows)
    for key, value in figures.items():
        if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
            names = list(dict.fromkeys(name for row in value for name in row))
            yield f"{key}:\n\n" + table(names, [[row.get(n, "") for n in names] for row in value])


def flat(figures: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """The single values of nested objects, under their joined names."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{key} · ")
        elif is_value(value):
            yield f"{above}{key}", value


def is_value(value: object) -> bool:
    """Whether a value fits one cell."""
    return not isinstance(value, Mapping | list)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table, numbers to the right."""
    marks = ["---" if index == 0 else "--:" for index in range(len(head))]
    lines = [head, marks, *([cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: object) -> str:
    """A value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
