"""A message's relation to its matter."""

from service.domain.labels import Labelled


class Relation(Labelled):
    """How a demand stands to the matter it belongs to."""

    FIRST = "first", "首件"
    COPY = "copy", "重复件"
    RESUBMISSION = "resubmission", "重复来信"
    VOICE = "voice", "同案来信"
