"""Classify: the model's judgement as the product keeps it."""

from __future__ import annotations

from classifier.judging.judgement import Judgement
from classifier.judging.judgement import Verdict as Judged
from service.domain.classification import Classification, Verdict
from service.domain.kind import Kind


def as_classification(
    judgement: Judgement, model_version: str, review: tuple[str, ...] | None = None
) -> Classification:
    """Turn the classifier's judgement into a classification decided by the model.

    ``review`` tells why a person should look; the judgement's own doubts where it is None.
    """
    return Classification(
        topic_l1=_verdict(judgement.topic_l1),
        topic=_verdict(judgement.topic),
        department=_verdict(judgement.department),
        kind=Verdict(
            Kind.from_label(judgement.kind.label).value,
            judgement.kind.probability,
            tuple((Kind.from_label(zh).value, p) for zh, p in judgement.kind.alternatives),
        ),
        is_urgent=judgement.is_urgent,
        urgent_probability=judgement.urgent_probability,
        review=judgement.doubts if review is None else review,
        model_version=model_version,
    )


def _verdict(judged: Judged) -> Verdict:
    return Verdict(judged.label, judged.probability, judged.alternatives)
