"""民情周报/月报/季报/年报: pure verbs from facts to a digest and its documents."""

from service.digest.facts import Facts, MatterFact, MessageFact, Names
from service.digest.form import FORMS, render, write
from service.digest.periods import Period, PeriodKind, parse_period, period_of
from service.digest.report import Digest, build_digest

__all__ = [
    "FORMS",
    "Digest",
    "Facts",
    "MatterFact",
    "MessageFact",
    "Names",
    "Period",
    "PeriodKind",
    "build_digest",
    "parse_period",
    "period_of",
    "render",
    "write",
]
