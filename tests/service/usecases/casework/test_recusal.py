"""Whom a later message makes a party to a matter steps aside from it."""

from __future__ import annotations

from service.domain.access import Account, Role
from service.domain.message import SenderDetails
from tests.makers import a_message

DESK = Account("王科", Role.ADMINISTRATOR)
FIRST = a_message("庄里镇三合村的路灯坏了半个月，晚上看不见路。")
NAMING = a_message(
    "庄里镇三合村的路灯坏了半个月，晚上看不见路，听说是甲委员的亲戚承包的。",
    sender=SenderDetails("赵某", "19900002222"),
)
