"""The same facts up to the same cut make the same bytes, in every form and on both databases."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from service.digest.form import FORMS, render
from service.domain.digest_scope import WHOLE_COUNTY
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.merging import merge_matters
from tests.makers import Clock
from tests.service.usecases.books import rows
from tests.service.usecases.digests.test_digest import messages
from tests.service.usecases.digests.test_digest_handling import WEEK, busy, live_through

__all__ = ["busy"]


def shown(context: Context) -> dict[str, bytes]:
    """The week in every form, of the whole county and of a studio."""
    return {
        f"{scope.key}{form}": render(make_digest(context, WEEK, scope), form)
        for scope in (WHOLE_COUNTY, find_scope(context, studio="T1"))
        for form in FORMS
    }


def test_two_runs_make_the_same_bytes(busy: Context) -> None:
    assert shown(busy) == shown(busy)


@pytest.mark.postgres
def test_both_databases_make_the_same_bytes(
    sqlite_url: str, postgres_url: str, tmp_path: Path, tiny_triage: Triage
) -> None:
    made = [of_database(url, tmp_path, tiny_triage) for url in (sqlite_url, postgres_url)]
    assert made[0].keys() == made[1].keys()
    for name, content in made[0].items():
        assert content == made[1][name], name


def of_database(url: str, home: Path, triage: Triage) -> dict[str, bytes]:
    """What a new database tells of the same events: copies, corrections, ratings, merges."""
    settings, clock = Settings(home=home, database_url=url), Clock()
    with closing(Database(url)) as database:
        database.upgrade()
        context = Context(settings, database, triage, Sealer(settings.secret_key), clock)
        context = live_through(context, clock)
        receive_messages(context, messages())
        standing = [
            row["id"] for row in rows(context, tables.matter) if row["status"] == "assigned"
        ]
        merge_matters(context, standing[1], standing[0], "王科", "同一件事")
        return shown(context)
