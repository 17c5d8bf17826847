"""A document's key gives its day and kind back, and orders by day, then by arrival."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service.domain.document import Document, DocumentKind, day_of, first_key, kind_of

documents = st.builds(
    Document,
    st.sampled_from(DocumentKind),
    st.integers(1, 2**39 - 1),
    st.just(1),
    st.dates(),
    st.just(""),
)


@given(one=documents, other=documents)
def test_the_key_tells_day_kind_and_order(one: Document, other: Document) -> None:
    assert (day_of(one.key), kind_of(one.key)) == (one.day, one.kind)
    assert 0 < first_key(one.day) <= one.key < 2**63

    def place(document: Document) -> tuple[date, int, bool]:
        return document.day, document.item_id, document.kind is DocumentKind.REPLY

    assert (one.key < other.key) == (place(one) < place(other))
