"""The migrations, run one after the other, make exactly the declared tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text

from service.storage.database import Database
from service.storage.matching.exemplars import Exemplar, read_exemplars_of
from service.storage.matching.postings import read_all_postings
from service.storage.matters.matters import insert_matters
from service.storage.schema import MIGRATIONS, newest_version
from service.storage.tables import demand, matter_helper, metadata
from tests.service.storage.new_rows import a_matter

_COMPARED = {
    "compare_type": True,
    # The index of terms is of another kind on each database, and made by a statement of its own.
    "include_name": lambda name, *_: name != "ix_document_terms" and is_declared(name or ""),
}

# SQLAlchemy and Alembic cannot read SQLite's indexes of expressions: their statements are compared.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based"),
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def describe(engine: Engine) -> dict[str, dict[str, object]]:
    """Everything the database itself says of each table but Alembic's own."""
    inspector = inspect(engine)

    def named(items: list[object]) -> list[str]:
        return sorted(map(repr, items))

    def indexes(table: str) -> list[object]:
        # Of which rows a partial one holds is told as a clause: its text is compared.
        return [
            {**each, "dialect_options": {k: str(v) for k, v in each["dialect_options"].items()}}
            if "dialect_options" in each
            else each
            for each in inspector.get_indexes(table)
        ]

    return {
        table: {
            "columns": [
                (c["name"], repr(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": named(inspector.get_foreign_keys(table)),
            "unique": named(inspector.get_unique_constraints(table)),
            "indexes": named(indexes(table)),
            "index statements": index_statements(engine, table),
            "checks": named(inspector.get_check_constraints(table)),
            "options": inspector.get_table_options(table),
        }
        for table in inspector.get_table_names()
        if is_declared(table)
    }


def index_statements(engine: Engine, table: str) -> list[str]:
    """By which statements a database would make a table's indexes."""
    query = (
        "SELECT indexdef FROM pg_indexes WHERE tablename = :table"
        if engine.dialect.name == "postgresql"
        else "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table"
    )
    with engine.connect() as connection:
        found = connection.execute(text(query), {"table": table}).scalars()
        return sorted(re.sub(r"\s+", " ", statement or "") for statement in found)


def is_declared(table: str) -> bool:
    """Not Alembic's own table, nor those in which FTS5 keeps what a virtual one holds."""
    return table != "alembic_version" and not table.startswith("document_terms")


def test_the_migrations_make_what_the_tables_declare(database: Database) -> None:
    database.upgrade()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_COMPARED)
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_and_a_created_one_look_the_same(database: Database) -> None:
    database.upgrade()
    migrated = describe(database.engine)
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    assert migrated == describe(database.engine)
    assert migrated.keys() == metadata.tables.keys()


def test_the_index_of_terms_is_made_with_the_same_options_either_way(tmp_path: Path) -> None:
    options = []
    for name, make in (("migrated", Database.upgrade), ("created", create_all)):
        database = Database(f"sqlite:///{tmp_path / name}")
        make(database)
        with database.reading() as connection:
            query = "SELECT json_group_object(k, v) FROM document_terms_config"
            options.append(json.loads(connection.execute(text(query)).scalar_one()))
        database.close()
    assert options[0] == options[1]
    assert options[0]["hashsize"] == 8_388_608


def create_all(database: Database) -> None:
    metadata.create_all(database.engine)


def test_an_empty_database_is_not_current_and_an_upgraded_one_is(database: Database) -> None:
    assert not database.is_current()
    database.upgrade()
    assert database.is_current()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    database.upgrade()
    before = describe(database.engine)
    database.upgrade()
    assert describe(database.engine) == before


def test_the_migrations_form_one_line() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_bases()) == 1
    assert scripts.get_heads() == [newest_version()]


def upgrade_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def insert_first_messages(connection: Connection, *numbers: int) -> None:
    """Messages with the columns that the first version had."""
    for number in numbers:
        connection.exec_driver_sql(
            "INSERT INTO message (id, receipt, source, external_id, digest, channel, title, text,"
            " masked_title, masked_text, sent_at, sent_on, received_at, like_count, dislike_count)"
            f" VALUES ({number}, 'R{number}', 'test', '{number}', '', 'web', '题', '文', '题',"
            " '文', '2026-03-04 01:00:00', '2026-03-04', '2026-03-04 01:00:00', 0, 0)"
        )


def test_the_second_version_keeps_what_the_first_one_held(database: Database) -> None:
    upgrade_to(database, "0001")
    with database.transaction() as connection:
        insert_matters(connection, [a_matter(1), a_matter(2)])
        insert_first_messages(connection, 1)
        connection.exec_driver_sql(
            "INSERT INTO demand (message_id, matter_id, relation, same_probability, because)"
            " VALUES (1, 2, 'first', 0.5, '[]')"
        )
    database.upgrade()
    assert database.is_current()
    with database.reading() as connection:
        (kept,) = connection.execute(demand.select())
        assert (kept.message_id, kept.matter_id, kept.moved_from) == (1, 2, None)


def test_matters_with_profiles_of_the_old_format_wait_for_new_ones(database: Database) -> None:
    upgrade_to(database, "0004")
    with database.transaction() as connection:
        insert_matters(connection, [a_matter(1), a_matter(2)])
        insert_first_messages(connection, 1, 2, 3)
        for message, matter in ((1, 1), (2, 2), (3, 2)):
            connection.exec_driver_sql(
                "INSERT INTO demand (message_id, matter_id, relation, same_probability, because)"
                f" VALUES ({message}, {matter}, 'first', 0.5, '[]')"
            )
        connection.exec_driver_sql(
            "INSERT INTO matter_profile (matter_id, profile) VALUES (2, 'old'), (2, 'older')"
        )
        connection.exec_driver_sql("INSERT INTO matter_key (key, matter_id) VALUES (7, 2)")
    database.upgrade()
    assert database.is_current()
    with database.reading() as connection:
        assert read_exemplars_of(connection, [1, 2]) == [Exemplar(2, 2, b"")]
        assert list(read_all_postings(connection, [7], {})) == []


def test_departments_that_help_are_found_by_rows_of_their_own(database: Database) -> None:
    upgrade_to(database, "0017")
    with database.transaction() as connection:
        insert_matters(connection, [a_matter(1), a_matter(2), a_matter(3)])
        for number, helping in ((1, '["水利局", "公安局"]'), (3, '["水利局", "水利局"]')):
            told = f"UPDATE matter SET helping = '{helping}' WHERE id = {number}"
            connection.exec_driver_sql(told)
    database.upgrade()
    with database.reading() as connection:
        found = connection.execute(select(matter_helper.c.department, matter_helper.c.matter_id))
        assert sorted(found) == [("公安局", 1), ("水利局", 1), ("水利局", 3)]
