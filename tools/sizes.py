"""Reports, per package, how long files and functions are. It only tells; it forbids nothing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("classifier", "training", "service", "tests", "benchmarks", "tools")
FULL_FILE, FULL_FUNCTION = 300, 30


def main() -> None:
    """Print a line for each package, then the files and functions that are rather long."""
    long_ones: list[str] = []
    for package in PACKAGES:
        paths = [p for p in (ROOT / package).rglob("*.py") if "versions" not in p.parts]
        files = {str(p.relative_to(ROOT)): _line_count(p) for p in paths}
        functions = {name: size for p in paths for name, size in _functions(p)}
        print(f"{package:<11} files {_spread(files)}   functions {_spread(functions)}")
        long_ones += _above(files, FULL_FILE) + _above(functions, FULL_FUNCTION)
    print("\n".join(long_ones))


def _line_count(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def _functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text("utf-8"))
    return [
        (f"{path.relative_to(ROOT)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _spread(sizes: dict[str, int]) -> str:
    ranked = sorted(sizes.values()) or [0]
    median, p90 = ranked[len(ranked) // 2], ranked[len(ranked) * 9 // 10]
    return f"{len(sizes):>4}: median {median:>3}, p90 {p90:>3}, longest {ranked[-1]:>3}"


def _above(sizes: dict[str, int], limit: int) -> list[str]:
    ranked = sorted(sizes.items(), key=lambda item: -item[1])
    return [f"  {size:>4} {name}" for name, size in ranked if size > limit]


if __name__ == "__main__":
    sys.exit(main())
