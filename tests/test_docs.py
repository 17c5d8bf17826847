"""The documents tell of everything there is, and of nothing that is not there."""

from __future__ import annotations

import inspect
import re
import runpy
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service.cli import main
from service.errors import MinqingError
from service.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
NOT_SETTINGS = {"MINQING_SHARED"}


def read(path: Path) -> str:
    return path.read_text("utf-8")


def rows(page: Path) -> Iterator[list[str]]:
    """The cells of each line of a page's tables."""
    for line in read(page).splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("| ").split(" | ")]


def errors(root: type[MinqingError] = MinqingError) -> Iterator[type[MinqingError]]:
    yield root
    for child in root.__subclasses__():
        yield from errors(child)


def requirements() -> set[str]:
    """Names of all packages that pyproject.toml asks for."""
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {re.split(r"[\[<>=]", line)[0] for group in groups for line in group}


def built_with() -> set[str]:
    """Names of the packages that building asks for."""
    system = tomllib.loads(read(ROOT / "pyproject.toml"))["build-system"]
    return {re.split(r"[\[<>=]", line)[0] for line in system["requires"]}


def settings_keys() -> set[str]:
    return {f"MINQING_{name.upper()}" for name in Settings.model_fields}


def test_the_licences_are_those_of_what_is_pinned() -> None:
    render = runpy.run_path(str(ROOT / "tools" / "licences.py"))["render"]
    assert read(DOCS / "licences.md") == render()


def test_every_setting_stands_in_operations_and_no_other() -> None:
    told = {row[0].strip("`") for row in rows(DOCS / "operations.md") if "`MINQING_" in row[0]}
    assert told == settings_keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_settings_that_exist(page: Path) -> None:
    assert set(re.findall(r"MINQING_[A-Z_]+", read(page))) <= settings_keys() | NOT_SETTINGS


@pytest.mark.parametrize("error", sorted(errors(), key=lambda e: e.code), ids=lambda e: e.code)
def test_every_error_stands_in_the_docs_as_it_is(error: type[MinqingError]) -> None:
    row = [f"`{error.code}`", str(error.status), inspect.getdoc(error)]
    assert row in list(rows(DOCS / "errors.md"))


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_its_options_stand_in_operations(name: str) -> None:
    told = next(r for r in rows(DOCS / "operations.md") if r[0].startswith(f"`minqing {name}"))
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert all(f"`{option}" in told[1] for option in parameter.opts), parameter.opts
        else:
            assert str(parameter.name).upper() in told[0]


def test_operations_tells_of_no_command_that_does_not_exist() -> None:
    told = re.findall(r"^\| `minqing ([a-z-]+)", read(DOCS / "operations.md"), re.MULTILINE)
    assert sorted(told) == sorted(main.commands)


def test_every_dependency_has_its_reason_and_no_other_has() -> None:
    section = read(DOCS / "architecture.md").partition("\n## Dependencies\n")[2]
    assert (
        set(re.findall(r"^\| `([a-zA-Z0-9_-]+)` \|", section, re.MULTILINE))
        == requirements() | built_with()
    )


def test_the_lock_files_pin_every_dependency() -> None:
    pinned = re.findall(r"^([a-z0-9-]+)==", read(ROOT / "requirements-dev.lock"), re.MULTILINE)
    assert {name.lower().replace("_", "-") for name in requirements()} <= set(pinned)


def test_what_runs_is_what_was_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==\S+", read(ROOT / name), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_word_of_the_glossary_stands_in_its_file() -> None:
    words = [row for row in rows(DOCS / "glossary.md") if len(row) == 4 and row[3][0] == "`"]
    missing = [
        (word, file)
        for word, _, _, file in words
        if not re.search(rf"\b{word.strip('`')}\b", read(ROOT / file.strip("`")), re.IGNORECASE)
    ]
    assert words
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(page))
    local = [target for target in targets if not target.startswith(("http:", "https:"))]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_in_a_table_exists(page: Path) -> None:
    named = re.findall(r"`((?:classifier|training|service|benchmarks|tools)/[\w/.-]+)`", read(page))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_both_readmes_show_the_same_commands_and_lead_to_the_same_pages() -> None:
    def skeleton(page: Path) -> tuple[list[str], list[str], list[str]]:
        text = read(page)
        commands = [
            line.partition("#")[0].strip()
            for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
            for line in block.splitlines()
        ]
        links = sorted(set(re.findall(r"\]\(([^)]+)\)", text)) - {page.name for page in READMES})
        return commands, links, re.findall(r"^(?:#+|\d\.) ", text, re.MULTILINE)

    assert skeleton(READMES[0]) == skeleton(READMES[1])


def test_the_page_of_figures_is_made_from_the_figures() -> None:
    render = runpy.run_path(str(ROOT / "tools" / "performance_page.py"))["render"]
    assert read(DOCS / "performance.md") == render()


def test_every_benchmark_is_published() -> None:
    plan = runpy.run_path(str(ROOT / "tools" / "measure.py"))["PLAN"]
    benchmarks = {path.name for path in (ROOT / "benchmarks").glob("*.py")}
    assert benchmarks - {"__init__.py"} == {script for script, *_ in plan.values()}
