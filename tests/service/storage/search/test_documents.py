"""Documents are walked newest first on both databases, as a plain filter would have them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.document import Document, DocumentKind, first_key
from service.storage.database import Connection, Database
from service.storage.messages.messages import insert_messages
from service.storage.search import document_walk as module
from service.storage.search.document_walk import Keys, Terms, walk_documents
from service.storage.search.documents import find_indexed, forget_documents, index_documents
from tests.service.storage.new_rows import a_new_message

DAY = date(2026, 3, 4)
TERMS = ("路灯", "停电", "水", "and", "not", "near")
stored = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, 3, 7, 8, 90, 5000]),
        st.sampled_from(DocumentKind),
        st.sets(st.sampled_from(TERMS)),
    ),
    max_size=10,
).map(
    lambda rows: [
        Document(kind, n, 1, DAY + timedelta(days=day), " ".join(sorted(terms)), "文")
        for n, (day, kind, terms) in enumerate(rows, 1)
    ]
)
some_terms = st.sets(st.sampled_from(TERMS), max_size=3)


# The database is the same for all examples: each is rolled back.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents=stored,
    wanted=some_terms.filter(bool),
    barred=some_terms,
    days=st.tuples(*[st.sampled_from([-1, 0, 1, 2, 4, 8, 9, 91, 5001])] * 2),
    at_once=st.sampled_from([1, 3, 40, 4_000]),
    forgotten=st.integers(0, 10),
)
def test_a_walk_finds_what_a_plain_filter_finds(
    migrated: Database,
    documents: list[Document],
    wanted: set[str],
    barred: set[str],
    days: tuple[int, int],
    at_once: int,
    forgotten: int,
) -> None:
    keys = Keys(*(first_key(DAY + timedelta(days=day)) for day in days))
    expected = sorted(
        (
            one.key
            for one in documents[forgotten:]
            if wanted <= set(one.terms.split(" ")) and not barred & set(one.terms.split(" "))
            if keys.first <= one.key < keys.end
        ),
        reverse=True,
    )
    with migrated.engine.connect() as connection, connection.begin() as transaction:
        insert_messages(connection, [a_new_message(1)])
        index_documents(connection, documents)
        forget_documents(connection, documents[:forgotten])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "AT_ONCE", at_once)
            terms = Terms(sorted(wanted), sorted(barred))
            assert list(walk_documents(connection, terms, keys)) == expected
        transaction.rollback()


def test_only_messages_count_as_indexed(connection: Connection) -> None:
    insert_messages(connection, [a_new_message(1), a_new_message(2)])
    index_documents(
        connection,
        [
            Document(DocumentKind.MESSAGE, 1, 1, DAY, "水"),
            Document(DocumentKind.REPLY, 1, 2, DAY, "水", "水"),
        ],
    )
    assert find_indexed(connection, [1, 2]) == {1}
    index_documents(connection, [])
    assert find_indexed(connection, []) == set()
