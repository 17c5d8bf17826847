"""The time of a message from whatever a file holds: any usual form, read in Asia/Shanghai.

A value that could mean two days (1/5/2019), a year of two digits, a day that does not exist and a
time outside 1990 … tomorrow are refused: a wrong deadline is worse than a row to look at.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone

from service.domain.deadline import SHANGHAI
from service.errors import UnreadableDateError

MAX_CHARS = 60
EARLIEST = datetime(1990, 1, 1, tzinfo=SHANGHAI)
_AHEAD = timedelta(days=1)

_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_EXCEL_SERIALS = (32_000.0, 100_000.0)  # days: 1987 … 2173
_EPOCH_SECONDS = (1e8, 1e11)
_EPOCH_MILLISECONDS = (1e11, 1e14)

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_MORNING = ("上午", "早上", "早晨", "凌晨", "AM")
_AFTERNOON = ("下午", "晚上", "傍晚", "PM")
_HALF = "|".join((*_MORNING, *_AFTERNOON, "中午"))

_GAP = r"(?:[日号] *|T|,? +|$)"
_YEAR_FIRST = re.compile(rf"(\d{{4}}) ?[-/.年] ?(\d{{1,2}}) ?[-/.月] ?(\d{{1,2}}) ?{_GAP}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T| +|$)")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_GAP}")
_ENGLISH = re.compile(rf"(?:[A-Z]{{3,9}},? +)?(\d{{1,2}})[ -]([A-Z]{{3}})[A-Z]*[ -](\d{{4}}){_GAP}")
_ASCTIME = re.compile(r"[A-Z]{3} ([A-Z]{3}) {1,2}(\d{1,2}) ([\d:]+ )(?:([A-Z]{3}) )?(\d{4})")
_SHORT_YEAR = re.compile(
    r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?!\d)"
)
_DIGIT_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?(\d{3})?)?")
_NUMBER = re.compile(r"\d{5,14}(?:\.\d{1,12})?")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)? *")
_ZONE = (
    r"Z|\(?CST\)?|北京时间|(?:UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)(?: *\([A-Z]+\))?|UTC|GMT"
)
_TIME = re.compile(
    rf"(?P<before>{_HALF})? *(?P<hour>\d{{1,2}}) ?(?:[:时点] ?(?:(?P<minute>\d{{1,2}}) ?"
    r"(?:[:分] ?(?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))? ?秒?)?)?)?)"
    rf" *(?P<after>AM|PM)? *(?P<zone>{_ZONE})?"
)
_COMPACT_TIME = re.compile(
    rf"(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})? *(?P<zone>{_ZONE})?"
)


def parse_when(value: object, now: datetime) -> datetime:
    """The moment a cell names, aware, in Asia/Shanghai (taken as local where no zone is given).

    ``value`` is text, a datetime, a date or a number (Excel serial in days, epoch in seconds or
    milliseconds, 20190105); ``now`` is aware and bounds what is believed.

    Raises
    ------
    UnreadableDateError
        The value is no date, names no one day, or lies before 1990 or over a day after ``now``.
    """
    try:
        when = _read(value)
    except (ValueError, OverflowError):
        raise _refusal(value, "没有这样的日期或时间") from None
    if not EARLIEST <= when <= now + _AHEAD:
        raise _refusal(value, "早于 1990 年或晚于当前时间")
    return when


def _refusal(value: object, why: str) -> UnreadableDateError:
    shown = str(value)[:MAX_CHARS]
    return UnreadableDateError(f"“{shown}”，{why}")


def _read(value: object) -> datetime:
    if isinstance(value, datetime):
        return _in_shanghai(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _refusal(value, "不是日期")
    if isinstance(value, float):
        return _from_number(value)
    return _from_text(str(value))


def _in_shanghai(when: datetime) -> datetime:
    if when.tzinfo is None:
        return when.replace(tzinfo=SHANGHAI)
    return when.astimezone(SHANGHAI)


def _from_text(written: str) -> datetime:
    if len(written) > MAX_CHARS:
        raise _refusal(written, "过长")
    text = " ".join(unicodedata.normalize("NFKC", written).split()).upper()
    run = _DIGIT_RUN.fullmatch(text)
    if run and len(text) in (8, 12, 14, 17):
        return _from_digits(run)
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    day, rest = _split_day(_asctime_reordered(text), written)
    return _at_time(day, _WEEKDAY.sub("", rest, count=1), written)


def _from_digits(run: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, thousandths = (int(part or 0) for part in run.groups())
    return datetime(year, month, day, hour, minute, second, thousandths * 1000, tzinfo=SHANGHAI)


def _from_number(number: float) -> datetime:
    if math.isfinite(number):
        if _EXCEL_SERIALS[0] <= number < _EXCEL_SERIALS[1]:
            # A serial counts days in binary: to the second is as exact as it was written.
            return _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
        if _EPOCH_SECONDS[0] <= number < _EPOCH_SECONDS[1]:
            return datetime.fromtimestamp(number, SHANGHAI)
        if number.is_integer() and len(str(int(number))) in (8, 14):
            return _from_text(str(int(number)))
        if _EPOCH_MILLISECONDS[0] <= number < _EPOCH_MILLISECONDS[1]:
            return datetime.fromtimestamp(number / 1000, SHANGHAI)
    raise _refusal(number, "不是日期")


def _asctime_reordered(text: str) -> str:
    """ "SAT JAN 05 10:03:22 CST 2019" as "05 JAN 2019 10:03:22 CST"; other text unchanged."""
    found = _ASCTIME.fullmatch(text)
    if found is None:
        return text
    month, day, clock, zone, year = found.groups()
    return f"{day} {month} {year} {clock}{zone or ''}".strip()


def _split_day(text: str, written: str) -> tuple[date, str]:
    """The day that ``text`` begins with, and what follows it."""
    if found := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        year, month, day = (int(part) for part in found.groups())
        return date(year, month, day), text[found.end() :]
    if found := _ENGLISH.match(text):
        if found[2] not in _MONTHS:
            raise _refusal(written, "月份无法识别")
        return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])), text[found.end() :]
    if found := _YEAR_LAST.match(text):
        day_of_year = _unambiguous(int(found[1]), int(found[2]), int(found[3]), written)
        return day_of_year, text[found.end() :]
    raise _refusal(written, "年份只有两位" if _SHORT_YEAR.match(text) else "不是日期")


def _unambiguous(one: int, other: int, year: int, written: str) -> date:
    """The only day that two numbers and a year can mean."""
    if one != other and max(one, other) <= 12:
        raise _refusal(written, "分不清月和日")
    return date(year, min(one, other), max(one, other))


def _at_time(day: date, rest: str, written: str) -> datetime:
    if not rest:
        return datetime.combine(day, time(), SHANGHAI)
    found = _TIME.fullmatch(rest) or _COMPACT_TIME.fullmatch(rest)
    if found is None:
        raise _refusal(written, "时间无法识别")
    parts = found.groupdict(default="")
    half = parts.get("before") or parts.get("after", "")
    clock = time(
        _hour_of_day(int(parts["hour"]), half, written),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        int(parts.get("fraction", "")[:6].ljust(6, "0")),
    )
    return datetime.combine(day, clock, _zone(found)).astimezone(SHANGHAI)


def _hour_of_day(hour: int, half: str, written: str) -> int:
    if hour > 12:
        return hour
    if half in _MORNING:
        return hour % 12
    if half == "中午":
        return hour if hour >= 11 else hour + 12
    if half not in _AFTERNOON:
        return hour
    if hour == 12 and half in ("晚上", "傍晚"):
        raise _refusal(written, "分不清是中午还是午夜")
    return hour % 12 + 12


def _zone(found: re.Match[str]) -> timezone:
    written = found["zone"] or ""
    sign, hours, minutes = found.groups()[-3:]
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(offset if sign == "+" else -offset)
    # CST is China's in this country's files, never the American one.
    return UTC if written in ("Z", "UTC", "GMT") else SHANGHAI
