"""答复 and 评价: what a matter's senders are answered, and what they say of it."""

from __future__ import annotations

from service.domain.labels import Labelled


class ReplyState(Labelled):
    """How far an answer has come."""

    DRAFT = "draft", "草稿"
    CHECKED = "checked", "已核稿"
    SENT = "sent", "已签发"
    WITHDRAWN = "withdrawn", "已作废"


class Satisfaction(Labelled):
    """What a sender says of an answer."""

    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"
