"""分件: a message with several demands, taken as parts that each belong to a matter."""

from service.domain.labels import Labelled


class PartingState(Labelled):
    """Whether a message is several demands: what was offered, and what a person decided."""

    OFFERED = "offered", "可能有几件事"
    CONFIRMED = "confirmed", "已分件"
    DECLINED = "declined", "认定是一件事"
    UNDONE = "undone", "已撤回分件"
