"""Joining: each message of a batch finds its matter, or opens one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np

from classifier.similarity import PROFILE
from service.domain.assignment import Assignment
from service.domain.deadline import SHANGHAI, days_allowed, deadline
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.storage.database import Connection
from service.storage.intake import Batch
from service.storage.matter_index import read_keys, read_profiles
from service.storage.matters import Growth, NewDemand, NewEvent, NewMatter
from service.triage.calendar import is_working_day
from service.triage.match import OWN_MATTER, Match, MatterIndex, match
from service.triage.pipeline import Triage, Understood, review_reasons

_TITLE_CHARS = 40


def load_index(connection: Connection, messages: Iterable[Understood]) -> MatterIndex:
    """The part of the database's index that these messages can meet."""
    messages = list(messages)
    index = MatterIndex()
    for key, matter_id in read_keys(connection, sorted({k for m in messages for k, _ in m.keys})):
        index.add_key(key, matter_id)
    candidates = sorted({matter for m in messages for matter in index.candidates(m.keys)})
    for matter_id, profile in read_profiles(connection, candidates):
        index.add_profile(matter_id, np.frombuffer(profile, dtype=PROFILE)[0])
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
    workload
        Open matters of each studio.
    next_matter
        The id of the next matter to open.
    now
        The time of the batch (aware).
    """

    def __init__(
        self,
        triage: Triage,
        index: MatterIndex,
        batch: Batch,
        workload: Mapping[str, int],
        next_matter: int,
        now: datetime,
    ) -> None:
        self.triage = triage
        self.index = index
        self.batch = batch
        self.workload = Counter(workload)
        self.next_matter = next_matter
        self.now = now

    def join(self, message_id: int, message: Understood) -> None:
        """Find the matter of one message, or open one for it."""
        found = self._match(message)
        matter_id = found.matter_id
        if matter_id is None:
            matter_id = self._open(message)
        else:
            self._grow(matter_id, message, found.relation)
        self.batch.demands.append(
            NewDemand(message_id, matter_id, found.relation, found.probability, found.because)
        )
        self._note_arrival(matter_id, message_id, found)
        self._remember(matter_id, message, found.relation)

    def _match(self, message: Understood) -> Match:
        if message.profile is None or self.triage.pair_model is None:
            return OWN_MATTER
        return match(
            message.profile,
            message.keys,
            self.index,
            self.triage.pair_model,
            self.triage.join_at,
        )

    def _open(self, message: Understood) -> int:
        matter_id = self.next_matter
        self.next_matter += 1
        assignment = self.triage.route(message, self.workload)
        self.workload[assignment.studio] += 1
        reasons = review_reasons(message, assignment)
        self.batch.matters[matter_id] = new_matter(
            self.triage, matter_id, message, assignment, needs_review=bool(reasons)
        )
        self.batch.events.append(
            NewEvent(matter_id, self.now, "system", "routed", {"because": assignment.because})
        )
        if reasons:
            self.batch.events.append(
                NewEvent(matter_id, self.now, "system", "review_wanted", {"reasons": reasons})
            )
        return matter_id

    def _grow(self, matter_id: int, message: Understood, relation: Relation) -> None:
        sent_at = message.incoming.sent_at
        is_urgent = message.classification is not None and message.classification.is_urgent
        grown: NewMatter | Growth | None = self.batch.matters.get(matter_id)
        if grown is None:
            grown = self.batch.growth.setdefault(matter_id, Growth(sent_at))
        grown.message_count += 1
        grown.copy_count += relation is Relation.COPY
        grown.is_urgent = grown.is_urgent or is_urgent
        grown.last_message_at = max(grown.last_message_at, sent_at)

    def _note_arrival(self, matter_id: int, message_id: int, found: Match) -> None:
        details = {"message": message_id, "relation": found.relation.value}
        self.batch.events.append(NewEvent(matter_id, self.now, "system", "message", details))

    def _remember(self, matter_id: int, message: Understood, relation: Relation) -> None:
        """A copy says nothing new; anything else becomes an exemplar while there is room."""
        if message.profile is None or relation is Relation.COPY:
            return
        if self.index.add_profile(matter_id, message.profile):
            self.batch.profiles.append((matter_id, message.profile.tobytes()))
            for key, _ in message.keys:
                self.index.add_key(key, matter_id)
                self.batch.keys.append((key, matter_id))


def new_matter(
    triage: Triage,
    matter_id: int,
    message: Understood,
    assignment: Assignment,
    *,
    needs_review: bool,
) -> NewMatter:
    """The matter that a message opens."""
    sent_at = message.incoming.sent_at
    judged = message.classification
    kind = judged.kind.label if judged else Kind.HELP.value
    is_urgent = judged is not None and judged.is_urgent
    studio = triage.organisation.studio_by_code.get(assignment.studio)
    return NewMatter(
        id=matter_id,
        number=f"{sent_at.astimezone(SHANGHAI):%Y}-{matter_id:06d}",
        title=message.masked_title.strip() or message.masked_text.strip()[:_TITLE_CHARS],
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
        due_at=deadline(sent_at, days_allowed(kind, is_urgent), is_working_day),
    )
