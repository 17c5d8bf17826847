"""诉求类型: what the writer wants."""

from service.domain.labels import Labelled


class Kind(Labelled):
    """The kind of a demand."""

    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    HELP = "help", "求助"
    QUESTION = "question", "咨询"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"
