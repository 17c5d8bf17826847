"""Everything a batch of messages brings, written in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.domain.classification import Classification
from service.domain.document import Document
from service.domain.standing_rule import Ruling
from service.storage.matching.auxiliary import AuxiliaryIndex, append_keys
from service.storage.matching.exemplars import Exemplar, insert_exemplars
from service.storage.matching.postings import Standing
from service.storage.matters.history import NewEvent, append_events, insert_entries
from service.storage.matters.matter_pairs import NewPair, suggest_pairs
from service.storage.matters.matters import (
    Growth,
    NewDemand,
    NewMatter,
    grow_matters,
    insert_demands,
    insert_matters,
)
from service.storage.matters.partings import Spans, insert_offers
from service.storage.messages.classifications import insert_classifications
from service.storage.messages.messages import NewMessage, insert_messages
from service.storage.messages.rulings import insert_rulings
from service.storage.search.documents import index_documents
from service.storage.tables import demand, matter, message, parting

_HIGHEST = select(
    *(
        select(func.max(column)).scalar_subquery()
        for column in (message.c.id, parting.c.last_part_id, matter.c.id, demand.c.moved_from)
    )
)


@dataclass(slots=True)
class Ids:
    """The next free ids, valid while the intake lock is held."""

    message: int
    matter: int


def next_ids(connection: Connection) -> Ids:
    """Ask for the next free ids. That of a matter or a part that is no more stands for it still."""
    messages, parts, matters, gone = (each or 0 for each in connection.execute(_HIGHEST).one())
    return Ids(max(messages, parts) + 1, max(matters, gone) + 1)


@dataclass(slots=True)
class Batch:
    """New rows, collected while messages are matched one after the other.

    ``details`` are those of classifications that are written already, by message.
    """

    messages: list[NewMessage] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    matters: dict[int, NewMatter] = field(default_factory=dict)
    growth: dict[int, Growth] = field(default_factory=dict)
    demands: list[NewDemand] = field(default_factory=list)
    classifications: list[tuple[int, datetime, Classification]] = field(default_factory=list)
    details: dict[int, str] = field(default_factory=dict)
    rulings: list[tuple[int, Ruling]] = field(default_factory=list)
    offers: list[tuple[int, Spans]] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    exemplars: list[Exemplar] = field(default_factory=list)
    pairs: list[NewPair] = field(default_factory=list)
    events: list[NewEvent] = field(default_factory=list)

    def write(self, connection: Connection, auxiliary: AuxiliaryIndex) -> None:
        """Write all rows; what is referred to goes first. The messages are new, as their ids."""
        opened = self.matters.keys()
        entries = append_events(connection, self.events, opened)
        insert_messages(connection, self.messages)
        index_documents(connection, self.documents)
        insert_matters(connection, self.matters.values(), entries.heads)
        grow_matters(connection, self.growth)
        insert_demands(connection, self.demands)
        insert_classifications(connection, self.classifications, self.details)
        insert_rulings(connection, self.rulings)
        insert_offers(connection, self.offers)
        append_keys(connection, self.standing)
        auxiliary.merge_due(connection)
        insert_exemplars(connection, self.exemplars)
        suggest_pairs(connection, self.pairs)
        insert_entries(connection, entries, opened)
