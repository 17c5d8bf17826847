"""What is known between two matters."""

from service.domain.labels import Labelled


class PairState(Labelled):
    """Whether two matters may be one, are not, or have to do with each other."""

    SUGGESTED = "suggested", "可能是同一件事"
    REFUSED = "refused", "不是同一件事"
    RELATED = "related", "相关"
