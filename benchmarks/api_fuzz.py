"""Every operation of the API tried with drawn requests, its answers held against the document.

Usage: ``python benchmarks/api_fuzz.py [--examples N] [--seed S] [--only REGEX] [--databases D …]``.
On SQLite and on a private PostgreSQL, as an administrator, as a program with a token and as nobody.

Prints JSON: by database and caller how many requests were answered, how many with which status;
how many answers were of status 5xx, or had a status, a content type, headers or a body that the
document does not state (``faults``). Each such is told on the error output; then it exits with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from service.app import create_app  # noqa: E402
from service.composition import build_triage  # noqa: E402
from service.domain.organisation import OrganisationBook  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage.database import Database  # noqa: E402
from service.storage.sealing.sealer import Sealer  # noqa: E402
from service.usecases.administration.organisation import save_book  # noqa: E402
from service.usecases.context import Context  # noqa: E402
from tests.makers import Clock, a_small_organisation  # noqa: E402
from tests.service.web.api_fuzzing import CALLERS, Findings, fuzz, prepare  # noqa: E402
from tests.system.postgres import find_server_programs, running_server  # noqa: E402

DATABASES = ("sqlite", "postgresql")
EXAMPLES, SEED = 40, 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    options = parser.parse_args()
    found = {
        name: {
            caller: fuzzed(name, caller, options.examples, options.seed, options.only)
            for caller in CALLERS
        }
        for name in options.databases
    }
    told = {name: {one: as_told(f) for one, f in each.items()} for name, each in found.items()}
    everything = [f for each in found.values() for f in each.values()]
    faults = [fault for findings in everything for fault in findings.faults]
    cases = sum(findings.case_count for findings in everything)
    print(*faults, sep="\n", file=sys.stderr)
    print(json.dumps({"seed": options.seed, "cases": cases, "faults": len(faults), **told}))
    return 1 if faults else 0


def fuzzed(kind: str, caller: str, examples: int, seed: int, only: str) -> Findings:
    """What one caller meets on a new database of one kind."""
    with tempfile.TemporaryDirectory() as home, fresh_database(kind, home) as url:
        settings = Settings(home=Path(home), database_url=url)
        organisation = a_small_organisation()
        database = Database(settings.url)
        database.upgrade()
        triage = build_triage(settings, organisation)
        context = Context(settings, database, triage, Sealer(settings.secret_key), Clock())
        save_book(context, OrganisationBook(organisation), caller)
        app = create_app(context)
        prepare(app)
        found = fuzz(app, CALLERS[caller](app), examples, seed, only)
        database.close()
        return found


@contextmanager
def fresh_database(kind: str, home: str) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{home}/minqing.sqlite3"
        return
    programs = find_server_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed")
    with running_server(programs) as server, server.fresh_database() as url:
        yield url


def as_told(found: Findings) -> dict[str, object]:
    """Findings as JSON."""
    statuses = {str(status): count for status, count in sorted(found.statuses.items())}
    return {"cases": found.case_count, "faults": len(found.faults), "statuses": statuses}


if __name__ == "__main__":
    sys.exit(main())
