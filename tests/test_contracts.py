"""The house's rules that a tool can check: who may import whom, where SQL and settings live."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("classifier", "training", "service")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))

SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s.+\sSET\s|DELETE\s+FROM\s|"
    r"(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW)\s|PRAGMA\s)",
    re.IGNORECASE | re.DOTALL,
)
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}
PROGRAMS = {
    "bandit",
    "pip-audit",
    "import-linter",
    "mypy",
    "pip-tools",
    "pytest-xdist",
    "ruff",
    "types-openpyxl",
}
# Imported by other packages: Starlette's test client, SQLAlchemy, FastAPI's forms.
BEHIND_OTHERS = {"httpx", "psycopg", "python-multipart"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and value of each string in a source file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def names_of(path: Path) -> Iterator[str]:
    """Each attribute, name and imported name in a source file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.name


def required(*groups: str) -> set[str]:
    """Names of the packages that pyproject.toml asks for: to run, and in these groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for group in groups for line in optional[group])]
    return {re.split(r"[\[<>=]", line)[0].lower() for line in lines}


def packages_imported(folders: Iterable[str]) -> set[str]:
    """Names of the packages, neither Python's nor ours, that the sources in folders import."""
    owners = packages_distributions()
    modules = {
        name.partition(".")[0]
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for name in modules_imported(path)
    }
    foreign = modules - sys.stdlib_module_names - set(PACKAGES) - {"tests", "material"}
    return {owners[module][0].lower() for module in foreign}


def modules_imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_what_runs_imports_only_what_is_required_to_run() -> None:
    # The client is for others' programs: only it imports what it needs (see pyproject.toml).
    assert packages_imported(["classifier", "service"]) - required("client") == set()


def test_what_trains_imports_only_what_is_required_to_train() -> None:
    assert packages_imported(["training"]) - required("training") == set()


def test_every_required_package_is_used() -> None:
    folders = [*PACKAGES, "tests", "benchmarks", "tools"]
    used = packages_imported(folders) | PROGRAMS | BEHIND_OTHERS
    assert required("training", "dev") - used == set()


def test_imports_run_the_allowed_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "select a from b",
        "\n  SELECT *\n FROM message",
        "update t set a = 1",
        "pragma wal_checkpoint",
        "drop table message",
    ],
)
def test_the_check_for_sql_knows_sql(statement: str) -> None:
    assert SQL.match(statement)


def test_only_the_storage_package_contains_sql() -> None:
    storage = ROOT / "service" / "storage"
    found = [
        f"{named(path)}:{line}"
        for path in SOURCES
        if storage not in path.parents
        for line, text in texts_of(path)
        if SQL.match(text)
    ]
    assert found == []


def test_only_the_settings_read_the_environment() -> None:
    settings = ROOT / "service" / "settings.py"
    readers = {path for path in SOURCES if ENVIRONMENT & set(names_of(path))}
    assert [named(path) for path in sorted(readers - {settings})] == []


def test_a_web_worker_loads_nothing_it_does_not_need() -> None:
    heavy = ("sklearn", "scipy", "joblib", "matplotlib", "training")
    program = f"import sys, service.app; print([m for m in {heavy} if m in sys.modules])"
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
