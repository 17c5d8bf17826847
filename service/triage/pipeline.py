"""The steps of triage joined together, and the things they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from classifier.matching.lookup_keys import lookup_keys
from classifier.matching.pair_model import PairModel
from classifier.matching.profile import Records, make_profile
from classifier.reading.places import NOWHERE, Gazetteer, Place
from classifier.reading.reader import Reader, Reading
from classifier.spans import Span
from classifier.text.search_terms import index_terms, index_terms_of_cut
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage
from service.domain.organisation import Organisation
from service.domain.review_policy import MODELS_OWN, ReviewPolicy
from service.domain.standing_rule import Ruling
from service.triage.calendar import STATE_CALENDAR, WorkCalendar
from service.triage.classify import as_classification
from service.triage.exemplar_index import Keys
from service.triage.reasons import department_by_rule
from service.triage.route import Router, RouteRequest
from service.triage.rules import NO_RULES, RuleBook, Subject, ruling_reasons
from service.triage.thresholds import NOTHING_TOLD, Coverage, doubts
from service.triage.workload import UncountedWorkloadError, uncounted

NO_MODEL = "分类模型不可用，需人工分类"


@dataclass(frozen=True, slots=True)
class Understood:
    """What triage makes of one message by itself: everything before it meets the others.

    ``whole`` is title and body in plain form. ``profile`` and ``keys`` are None and empty when
    there is no model to weigh terms with; ``ruling`` is None where no rule applies. ``parts`` are
    spans of the body, empty where it is one demand or nobody asked. ``index_terms`` are those of
    the masked words, by which the message is found, "" where nobody asked. ``assignment`` is what
    routing says whatever the workload, None where that decides or nobody asked. ``details`` are
    those of the classification as they are stored, "" where nobody asked.
    """

    incoming: IncomingMessage
    whole: str
    classification: Classification | None
    place: Place
    masked_title: str
    masked_text: str
    profile: Records | None
    keys: Keys
    ruling: Ruling | None = None
    parts: tuple[Span, ...] = ()
    index_terms: str = ""
    assignment: Assignment | None = None
    details: str = ""

    @property
    def is_urgent(self) -> bool:
        """Whether the model or a rule says so."""
        is_judged_so = self.classification is not None and self.classification.is_urgent
        return is_judged_so or (self.ruling is not None and self.ruling.is_urgent)


@dataclass(frozen=True)
class Triage:
    """Everything that judges messages, made once by the composition root.

    ``model`` and ``pair_model`` are None when the model file is missing or broken: messages
    are then accepted all the same and wait for a person. ``rules`` and ``policy`` are what the
    administrator laid down, ``coverage`` what the model file tells of its certainty; ``words``
    are those of the directory, the places and the home's dictionary. ``calendar`` tells working
    days.
    """

    reader: Reader
    model: Model | None
    pair_model: PairModel | None
    router: Router
    organisation: Organisation
    taxonomy: Taxonomy
    join_at: float
    suggest_at: float
    rules: RuleBook = NO_RULES
    policy: ReviewPolicy = MODELS_OWN
    coverage: Coverage = NOTHING_TOLD
    words: frozenset[str] = frozenset()
    calendar: WorkCalendar = STATE_CALENDAR

    @property
    def gazetteer(self) -> Gazetteer:
        """Finds places."""
        return self.reader.gazetteer

    def understand(self, incoming: IncomingMessage, sender: int) -> Understood:
        """Clean, segment and classify a message.

        ``sender`` is a number that stands for the person, 0 where unknown.
        """
        return self.understand_many([(incoming, sender)])[0]

    def understand_many(
        self, messages: Sequence[tuple[IncomingMessage, int]], *, is_to_be_found: bool = False
    ) -> list[Understood]:
        """The same for each of many messages with its sender's number, in their order.

        Those that are ``is_to_be_found`` by full-text search get their ``index_terms``.

        Each step goes through all of them before the next begins: its tables are large, and stay
        in the processor's own memory meanwhile. That takes two thirds of the time.
        """
        incoming = [message for message, _ in messages]
        readings = [self.reader.read(one.title, one.text, one.sender.name) for one in incoming]
        classifications = self._classify_many(readings)
        profiles = [
            self._profile(reading, message, sender, classification)
            for reading, (message, sender), classification in zip(
                readings, messages, classifications, strict=True
            )
        ]
        keys = [self.keys_of(profile) for profile in profiles]
        masked = [reading.masked() for reading in readings]
        found_by = [
            self._index_terms(*of_one) if is_to_be_found else ""
            for of_one in zip(readings, masked, strict=True)
        ]
        steps = zip(
            incoming, readings, classifications, profiles, keys, masked, found_by, strict=True
        )
        return [self._understood(*of_one) for of_one in steps]

    def _index_terms(self, reading: Reading, masked: tuple[str, str]) -> str:
        """The terms of what is masked; where nothing is, the tokens are known already."""
        segmenter = self.reader.segmenter
        if reading.personal:
            return index_terms(segmenter, *masked)
        title, body = reading.title.plain, reading.body.plain
        parts = (title, reading.title_tokens), (body, reading.body_tokens)
        return index_terms_of_cut(segmenter, parts)

    def classify(self, reading: Reading) -> Classification | None:
        """The model's classification, None without a model."""
        return self._classify_many([reading])[0]

    def _classify_many(self, readings: Sequence[Reading]) -> Sequence[Classification | None]:
        if self.model is None:
            return [None] * len(readings)
        version = self.model.version
        return [
            as_classification(judged, version, doubts(judged, self.policy, self.coverage))
            for judged in self.model.judge_many(readings)
        ]

    def _profile(
        self,
        reading: Reading,
        incoming: IncomingMessage,
        sender: int,
        classification: Classification | None,
    ) -> Records | None:
        if self.pair_model is None:
            return None
        sent_at = int(incoming.sent_at.timestamp())
        judged = _likeliest(classification) if classification else ()
        return make_profile(reading, self.pair_model.statistics, sender, sent_at, judged)

    def keys_of(self, profile: Records | None) -> Keys:
        """The keys to look a message up by; none without a profile or a pair model."""
        if profile is None or self.pair_model is None:
            return ()
        return lookup_keys(profile, self.pair_model.statistics)

    def _understood(
        self,
        incoming: IncomingMessage,
        reading: Reading,
        classification: Classification | None,
        profile: Records | None,
        keys: Keys,
        masked: tuple[str, str],
        found_by: str,
    ) -> Understood:
        place = self.gazetteer.resolve(reading.places) if reading.places else NOWHERE
        subject = Subject(
            whole=reading.whole,
            place=place,
            channel=incoming.channel,
            is_anonymous=incoming.sender.is_anonymous,
            classification=classification,
        )
        return Understood(
            incoming=incoming,
            whole=reading.whole,
            classification=classification,
            place=place,
            masked_title=masked[0],
            masked_text=masked[1],
            profile=profile,
            keys=keys,
            ruling=self.rules.rule_on(subject),
            index_terms=found_by,
        )

    def route_uncounted(self, message: Understood) -> Assignment | None:
        """What ``route`` says whatever the workload; None where the workload decides."""
        try:
            return self.route(message, uncounted())
        except UncountedWorkloadError:
            return None

    def route(self, message: Understood, workload: Mapping[str, int]) -> Assignment:
        """Who should get a matter that this message opens."""
        if message.assignment is not None:
            return message.assignment
        assignment = self.router.route(_as_request(message), workload)
        suggested = message.ruling.department if message.ruling else ""
        if not suggested or message.classification is not None:
            return assignment
        because = (*assignment.because, department_by_rule(suggested))
        return replace(assignment, department=suggested, because=because)

    def parties(self, members: Iterable[str], message: Understood) -> dict[str, str]:
        """Which of these members (codes) are a party to a message, and why in Chinese."""
        return self.router.parties(members, _as_request(message))

    def route_anew(
        self, message: Understood, judged: Classification, workload: Mapping[str, int]
    ) -> Assignment:
        """Who should get the matter of a message that a person judged otherwise."""
        subject = Subject(
            whole=message.whole,
            place=message.place,
            channel=message.incoming.channel,
            is_anonymous=message.incoming.sender.is_anonymous,
            classification=judged,
        )
        ruling = self.rules.rule_on(subject)
        anew = replace(message, classification=judged, ruling=ruling, assignment=None)
        return self.route(anew, workload)


def _as_request(message: Understood) -> RouteRequest:
    return RouteRequest(
        place=message.place,
        text=message.whole,
        classification=message.classification,
        sent_on=message.incoming.sent_at.astimezone(SHANGHAI).date(),
        sender_name=message.incoming.sender.name,
        ruled=message.ruling.for_studio if message.ruling else (),
    )


def _likeliest(classification: Classification) -> tuple[tuple[str, float], ...]:
    """The likeliest topics and departments with their probabilities."""
    verdicts = classification.topic, classification.department
    return tuple(
        share for each in verdicts for share in ((each.label, each.probability), *each.alternatives)
    )


def review_reasons(message: Understood, assignment: Assignment) -> tuple[str, ...]:
    """Why a person should look before the matter goes out; empty when nothing speaks for it."""
    judged = message.classification
    by_rules = ruling_reasons(message.ruling, judged)
    if judged is None:
        return (NO_MODEL, *by_rules)
    if not assignment.studio:
        return (*judged.review, "没有找到合适的委员工作室", *by_rules)
    return (*judged.review, *by_rules)
