"""投递: what leaves the house by webhook or mail, and when it is tried again."""

from __future__ import annotations

from datetime import timedelta

from service.domain.labels import Labelled
from service.domain.path import Move


class EventType(Labelled):
    """What a delivery tells of."""

    DIGEST_MADE = "digest.made", "生成了民情汇总"
    MATTER_OPENED = "matter.opened", "新立事项"
    MATTER_MOVED = "matter.moved", "事项流转"
    MATTER_ANSWERED = "matter.answered", "事项已答复"
    MESSAGE_ACKNOWLEDGED = "message.acknowledged", "向来信人寄回执"


# A receipt is for its sender alone.
WEBHOOK_EVENTS = tuple(each for each in EventType if each is not EventType.MESSAGE_ACKNOWLEDGED)


class DeliveryChannel(Labelled):
    """By which way something is delivered."""

    WEBHOOK = "webhook", "推送"
    MAIL = "mail", "邮件"


class DeliveryState(Labelled):
    """How far a delivery has come."""

    WAITING = "waiting", "待投递"
    DELIVERED = "delivered", "已投递"
    DEAD = "dead", "投递失败"


# The waits that Standard Webhooks proposes: ten tries in about three days.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
JITTER = 0.2  # of a wait, so that not all come back at the same moment
_MOVES = frozenset(move.value for move in Move)


def wait_after(failures: int, chance: float) -> timedelta | None:
    """How long to wait after so many failures of one delivery; None: it is not tried again.

    Parameters
    ----------
    failures
        From 1.
    chance
        Evenly drawn between 0 and 1: the wait is lengthened by up to ``JITTER`` of itself.
    """
    if failures > len(WAITS):
        return None
    return WAITS[failures - 1] * (1 + JITTER * chance)


def told_by(kind: str, number: int) -> EventType | None:
    """What an entry of a matter's history tells a webhook; None for nothing.

    Parameters
    ----------
    kind
        The kind of the entry.
    number
        Its place in the history: the first opens the matter.
    """
    if number == 1:
        return EventType.MATTER_OPENED
    if kind == Move.ANSWER.value:
        return EventType.MATTER_ANSWERED
    return EventType.MATTER_MOVED if kind in _MOVES else None
