"""Joining: each message of a batch finds its matter, or opens one."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import UTC, datetime

from classifier.matching.profile import is_current
from service.domain.assignment import Assignment
from service.domain.deadline import SHANGHAI, URGENT_DAYS, days_allowed, deadline
from service.domain.kind import Kind
from service.domain.matter import matter_title
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.storage.database import Connection
from service.storage.intake.intake import Batch
from service.storage.matching.auxiliary import AuxiliaryIndex
from service.storage.matching.exemplars import Exemplar, read_exemplar_rows
from service.storage.matters.history import NewEvent
from service.storage.matters.matter_pairs import NewPair
from service.storage.matters.matters import NO_EARLIER, Growth, NewDemand, NewMatter
from service.triage.exemplar_index import ExemplarIndex, standing
from service.triage.match import OWN_MATTER, Match, match
from service.triage.pipeline import Triage, Understood, review_reasons
from service.triage.rules import ruling_lines
from service.triage.workload import OpenMatters
from service.usecases.matching.postings import load_postings

NO_TIME = datetime.min.replace(tzinfo=UTC)
_WROTE_BEFORE = "来信人此前已就此来信"


def load_index(
    connection: Connection,
    auxiliary: AuxiliaryIndex,
    messages: Iterable[Understood],
    without: Set[int] = frozenset(),
) -> ExemplarIndex:
    """The part of the database's exemplars that these messages can meet.

    ``without``: matters that none of them may join.
    """
    messages = list(messages)
    index = load_postings(connection, auxiliary, [message.keys for message in messages])
    candidates = sorted({each for m in messages for each in index.stored_candidates(m.keys)})
    found = read_exemplar_rows(connection, candidates)
    index.add(row for row in found if is_current(row[2]) and row[1] not in without)
    return index


class Joiner:
    """Joins messages to matters, one after the other, and collects the rows to write.

    Parameters
    ----------
    triage
        Matches and routes.
    index
        The matters that the batch can meet; grows with each message.
    batch
        Where new rows go.
    next_matter
        The id of the next matter to open.
    now
        The time of the batch (aware).
    workload
        Open matters of each studio; grows with each matter that is opened.
    writers
        Pairs (matter id, sender id) of the messages that were there before.
    urgent_from
        The deadline of an urgent message counts from here where it was sent earlier: nobody is
        late with what nobody knew to be urgent.
    """

    def __init__(
        self,
        triage: Triage,
        index: ExemplarIndex,
        batch: Batch,
        *,
        next_matter: int,
        now: datetime,
        workload: OpenMatters,
        writers: Iterable[tuple[int, int]] = (),
        urgent_from: datetime = NO_TIME,
    ) -> None:
        self.triage = triage
        self.index = index
        self.batch = batch
        self.workload = workload
        self.next_matter = next_matter
        self.now = now
        self.writers = set(writers)
        self.urgent_from = urgent_from

    def join(self, message_id: int, sender_id: int | None, message: Understood) -> None:
        """Find the matter of one message, or open one for it; ``sender_id`` is None if unknown."""
        found = self._match(message, sender_id)
        matter_id = self.next_matter if found.matter_id is None else found.matter_id
        self._note_arrival(matter_id, message_id, found, message)
        self._note_ruling(matter_id, message)
        self._place(found, message_id, sender_id, message)

    def rejoin(
        self, matter_id: int, message_id: int, sender_id: int | None, message: Understood
    ) -> None:
        """The same for a message that stands alone in a matter: it stays where none fits better."""
        self.next_matter = matter_id
        found = self._match(message, sender_id)
        if found.matter_id is None:
            self.batch.events.append(NewEvent(matter_id, self.now, "system", "judged", {}))
        else:
            self._note_arrival(found.matter_id, message_id, found, message)
            self._note_ruling(found.matter_id, message)
        self._place(found, message_id, sender_id, message)

    def would_move(self, message: Understood, sender_id: int | None) -> bool:
        """Whether ``rejoin`` would find another matter for a message than the one it is in."""
        return self._match(message, sender_id).matter_id is not None

    def _place(
        self, found: Match, message_id: int, sender_id: int | None, message: Understood
    ) -> None:
        matter_id = self.next_matter if found.matter_id is None else found.matter_id
        if found.matter_id is None:
            self._open(message)
        else:
            self._grow(matter_id, message, found.relation)
        self.batch.demands.append(
            NewDemand(message_id, matter_id, found.relation, found.probability, found.because)
        )
        self.batch.pairs += [
            NewPair(matter_id, other.matter_id, other.probability, other.because)
            for other in found.suggestions
        ]
        self.remember(matter_id, message_id, message, found.relation)
        if sender_id is not None:
            self.writers.add((matter_id, sender_id))

    def _match(self, message: Understood, sender_id: int | None) -> Match:
        if message.profile is None or self.triage.pair_model is None:
            return OWN_MATTER
        found = match(
            message.profile,
            message.keys,
            self.index,
            self.triage.pair_model,
            self.triage.join_at,
            self.triage.suggest_at,
        )
        # Exemplars don't show everyone who wrote: the same person again is no other voice.
        if found.relation is Relation.VOICE and (found.matter_id, sender_id) in self.writers:
            because = (*found.because, _WROTE_BEFORE)
            return replace(found, relation=Relation.RESUBMISSION, because=because)
        return found

    def _open(self, message: Understood) -> None:
        matter_id = self.next_matter
        self.next_matter += 1
        assignment = self.triage.route(message, self.workload)
        self.workload.add(assignment.studio)
        reasons = review_reasons(message, assignment)
        self.batch.matters[matter_id] = new_matter(
            self.triage,
            matter_id,
            message,
            assignment,
            needs_review=bool(reasons),
            urgent_from=self.urgent_from,
        )
        self.batch.events.append(
            NewEvent(matter_id, self.now, "system", "routed", {"because": assignment.because})
        )
        if reasons:
            self.batch.events.append(
                NewEvent(matter_id, self.now, "system", "review_wanted", {"reasons": reasons})
            )

    def _grow(self, matter_id: int, message: Understood, relation: Relation) -> None:
        sent_at = message.incoming.sent_at
        grown: NewMatter | Growth | None = self.batch.matters.get(matter_id)
        if grown is None:
            grown = self.batch.growth.setdefault(matter_id, Growth(sent_at, NO_EARLIER))
        grown.message_count += 1
        grown.copy_count += relation is Relation.COPY
        grown.last_message_at = max(grown.last_message_at, sent_at)
        if message.is_urgent:
            grown.is_urgent = True
            grown.due_at = min(grown.due_at, self._urgent_due(message))

    def _urgent_due(self, message: Understood) -> datetime:
        begin_at = _urgent_since(message, self.urgent_from)
        return deadline(begin_at, URGENT_DAYS, self.triage.calendar.is_working_day)

    def _note_arrival(
        self, matter_id: int, message_id: int, found: Match, message: Understood
    ) -> None:
        details: dict[str, object] = {"message": message_id, "relation": found.relation.value}
        if found.matter_id is not None and message.is_urgent:
            # What it asks of its matter must be known when a part of that is split off.
            details["due_at"] = self._urgent_due(message).isoformat()
        self.batch.events.append(NewEvent(matter_id, self.now, "system", "message", details))

    def _note_ruling(self, matter_id: int, message: Understood) -> None:
        if message.ruling is not None:
            details = {"because": ruling_lines(message.ruling)}
            self.batch.events.append(NewEvent(matter_id, self.now, "system", "ruled", details))

    def remember(
        self, matter_id: int, message_id: int, message: Understood, relation: Relation
    ) -> None:
        """A copy says nothing new; anything else becomes an exemplar while there is room."""
        if message.profile is None or relation is Relation.COPY:
            return
        if self.index.has_room(matter_id):
            self.index.remember(message_id, matter_id, message.profile, message.keys)
            made = Exemplar(message_id, matter_id, message.profile.tobytes())
            self.batch.exemplars.append(made)
            self.batch.standing.append(standing(message_id, message.keys))


def new_matter(
    triage: Triage,
    matter_id: int,
    message: Understood,
    assignment: Assignment,
    *,
    needs_review: bool,
    urgent_from: datetime,
) -> NewMatter:
    """The matter that a message opens."""
    sent_at = message.incoming.sent_at
    judged = message.classification
    kind = judged.kind.label if judged else Kind.HELP.value
    is_urgent = message.is_urgent
    studio = triage.organisation.studio_by_code.get(assignment.studio)
    return NewMatter(
        id=matter_id,
        number=f"{sent_at.astimezone(SHANGHAI).year}-{matter_id:06d}",
        title=matter_title(message.masked_title, message.masked_text),
        status=MatterStatus.REVIEW if needs_review else MatterStatus.ASSIGNED,
        topic=judged.topic.label if judged else "",
        department=assignment.department,
        kind=kind,
        is_urgent=is_urgent,
        place=message.place.name,
        committee=studio.committee if studio else "",
        assignment=assignment,
        opened_at=sent_at,
        last_message_at=sent_at,
        due_at=deadline(
            _urgent_since(message, urgent_from) if is_urgent else sent_at,
            days_allowed(kind, is_urgent),
            triage.calendar.is_working_day,
        ),
    )


def _urgent_since(message: Understood, urgent_from: datetime) -> datetime:
    """When an urgent message's deadline begins. What a rule said was known from the first."""
    sent_at = message.incoming.sent_at
    is_known = message.ruling is not None and message.ruling.is_urgent
    return sent_at if is_known else max(sent_at, urgent_from)
