"""What shifts 值班 must be, and what is odd about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from service.domain.organisation import Member, Shift
from service.intake.organisation_entries import Spot

_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def check_shifts(shifts: Iterable[tuple[Spot, Shift]], members: Mapping[str, Member]) -> None:
    """Note shifts that end before they begin, stand there twice or name somebody else's studio.

    A shift of somebody who is away then is only warned of: the deputy stands in.
    """
    seen: set[Shift] = set()
    for spot, shift in shifts:
        if shift in seen:
            spot.complain("这一班重复登记")
        seen.add(shift)
        if shift.last_day < shift.first_day:
            spot.complain("“止”早于“起”")
        if shift.hours and not _is_span(shift.hours):
            spot.complain(f"“时段”应为 09:00-11:30 这样的起止时间，而不是“{shift.hours}”")
        member = members.get(shift.member)
        if member is not None:
            _check_person(spot, shift, member)


def _is_span(hours: str) -> bool:
    return _HOURS.fullmatch(hours) is not None and hours[:5] < hours[6:]


def _check_person(spot: Spot, shift: Shift, member: Member) -> None:
    if shift.studio not in member.studios:
        spot.complain(
            f"“{member.code}”不是工作室“{shift.studio}”的委员，请先在该委员的“工作室”中加上"
        )
    if member.absent_from is None:
        return
    until = member.absent_to or date.max
    if member.absent_from <= shift.last_day and shift.first_day <= until:
        spot.warn(f"值班期间“{member.code}”登记为缺席，由代理委员接")
