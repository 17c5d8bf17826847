"""The states of a matter; the moves between them stand in ``service.domain.path``."""

from service.domain.labels import Labelled


class MatterStatus(Labelled):
    """Where a matter stands."""

    RECEIVED = "received", "已受理"
    REVIEW = "review", "待复核"
    ASSIGNED = "assigned", "已交办"
    SIGNED = "signed", "已签收"
    HANDLING = "handling", "办理中"
    TRANSFERRED = "transferred", "已转办"
    RETURNED = "returned", "已退回"
    SUPPLEMENT = "supplement", "待补正"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不予受理"


ENDED_STATUSES = frozenset({MatterStatus.CLOSED, MatterStatus.REFUSED})
OPEN_STATUSES = frozenset(MatterStatus) - ENDED_STATUSES

# It went to those who must act, however far they have come.
SENT_OUT_STATUSES = frozenset(MatterStatus) - {
    MatterStatus.RECEIVED,
    MatterStatus.REVIEW,
    MatterStatus.RETURNED,
    MatterStatus.REFUSED,
}

# Where a matter stands, in plain words for whoever wrote.
STAGES_ZH = {
    MatterStatus.RECEIVED: "已收到，正在分办",
    MatterStatus.REVIEW: "已收到，正在分办",
    MatterStatus.RETURNED: "已收到，正在分办",
    MatterStatus.ASSIGNED: "已交办，正在办理",
    MatterStatus.TRANSFERRED: "已交办，正在办理",
    MatterStatus.SIGNED: "已交办，正在办理",
    MatterStatus.HANDLING: "已交办，正在办理",
    MatterStatus.SUPPLEMENT: "等待来信人补充情况",
    MatterStatus.ANSWERED: "已答复",
    MatterStatus.CLOSED: "已办结",
    MatterStatus.REFUSED: "不予受理",
}
