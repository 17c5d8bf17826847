"""The steps of triage joined together, and the things they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.model import Model
from classifier.places import NOWHERE, Gazetteer, Place
from classifier.reading import Reader, Reading
from classifier.similarity import PairModel, Records, lookup_keys, make_profile
from classifier.taxonomy import Taxonomy
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage
from service.domain.organisation import Organisation
from service.triage.classify import as_classification
from service.triage.match import Keys
from service.triage.route import Router, RouteRequest

NO_MODEL = "分类模型不可用，需人工分类"


@dataclass(frozen=True, slots=True)
class Understood:
    """What triage makes of one message by itself: everything before it meets the others.

    ``profile`` and ``keys`` are None and empty when there is no model to weigh terms with.
    """

    incoming: IncomingMessage
    reading: Reading
    classification: Classification | None
    place: Place
    masked_title: str
    masked_text: str
    profile: Records | None
    keys: Keys


@dataclass(frozen=True)
class Triage:
    """Everything that judges messages, made once by the composition root.

    ``model`` and ``pair_model`` are None when the model file is missing or broken: messages
    are then accepted all the same and wait for a person.
    """

    reader: Reader
    model: Model | None
    pair_model: PairModel | None
    router: Router
    organisation: Organisation
    taxonomy: Taxonomy
    join_at: float

    @property
    def gazetteer(self) -> Gazetteer:
        """Finds places."""
        return self.reader.gazetteer

    def understand(self, incoming: IncomingMessage, sender: int) -> Understood:
        """Clean, segment and classify a message.

        ``sender`` is a number that stands for the person, 0 where unknown.
        """
        reading = self.reader.read(incoming.title, incoming.text, incoming.sender.name)
        place = self.gazetteer.resolve(reading.places) if reading.places else NOWHERE
        masked_title, masked_text = reading.masked()
        classification = self.classify(reading)
        profile, keys = self._profile(reading, incoming, sender, classification)
        return Understood(
            incoming=incoming,
            reading=reading,
            classification=classification,
            place=place,
            masked_title=masked_title,
            masked_text=masked_text,
            profile=profile,
            keys=keys,
        )

    def classify(self, reading: Reading) -> Classification | None:
        """The model's classification, None without a model."""
        if self.model is None:
            return None
        return as_classification(self.model.judge(reading), self.model.version)

    def _profile(
        self,
        reading: Reading,
        incoming: IncomingMessage,
        sender: int,
        classification: Classification | None,
    ) -> tuple[Records | None, Keys]:
        if self.pair_model is None:
            return None, ()
        statistics = self.pair_model.statistics
        body_start = len(reading.title.plain)
        places = [(mention.name, mention.span.start < body_start) for mention in reading.places]
        sent_at = int(incoming.sent_at.timestamp())
        topic = int(classification.topic_l1.label) if classification else 0
        profile = make_profile(reading, statistics, sender, sent_at, places, topic)
        return profile, lookup_keys(profile, statistics)

    def route(self, message: Understood, workload: Mapping[str, int]) -> Assignment:
        """Who should get a matter that this message opens."""
        request = RouteRequest(
            place=message.place,
            text=message.reading.whole,
            classification=message.classification,
            sent_on=message.incoming.sent_at.astimezone(SHANGHAI).date(),
            sender_name=message.incoming.sender.name,
        )
        return self.router.route(request, workload)


def review_reasons(message: Understood, assignment: Assignment) -> tuple[str, ...]:
    """Why a person should look before the matter goes out; empty when nothing speaks for it."""
    if message.classification is None:
        return (NO_MODEL,)
    if not assignment.studio:
        return (*message.classification.review, "没有找到合适的委员工作室")
    return message.classification.review
