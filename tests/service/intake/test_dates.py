from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.deadline import SHANGHAI
from service.errors import UnreadableDateError
from service.intake.dates import parse_when

NOW = datetime(2026, 6, 1, 12, tzinfo=SHANGHAI)
AT = datetime(2019, 1, 5, 10, 3, 22, tzinfo=SHANGHAI)
MINUTE = AT.replace(second=0)
DAY = datetime(2019, 1, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2019/1/5 10:03:22", AT),
        ("2019-01-05 10:03:22", AT),
        ("2019-01-05T10:03:22", AT),
        ("2019-01-05T10:03:22+08:00", AT),
        ("2019-01-05T02:03:22Z", AT),
        ("2019-01-05T02:03:22.000Z", AT),
        ("2019-01-04T21:03:22-05:00", AT),
        ("2019-01-05 10:03:22 +0800", AT),
        ("2019-01-05 10:03:22 GMT+8", AT),
        ("2019-01-05 10:03:22 CST", AT),
        ("2019-01-05 10:03:22 北京时间", AT),
        ("20190105T020322Z", AT),
        ("20190105 10:03:22", AT),
        ("20190105100322", AT),
        ("20190105100322000", AT),
        (20190105100322, AT),
        ("2019.1.5 10:03:22", AT),
        ("2019年1月5日 10:03:22", AT),
        ("2019年1月5日 上午10时3分22秒", AT),
        ("２０１９／１／５　１０：０３：２２", AT),
        ("  2019/1/5   10:03:22 ", AT),
        ("2019/1/5 星期六 10:03:22", AT),
        ("2019年1月5日（星期六） 10:03:22", AT),
        ("Sat, 05 Jan 2019 10:03:22 +0800", AT),
        ("Sat, 5 Jan 2019 02:03:22 GMT", AT),
        ("5 January 2019 10:03:22", AT),
        ("Sat Jan 05 10:03:22 CST 2019", AT),
        ("Sat Jan  5 10:03:22 2019", AT),
        ("1546653802", AT),
        (1546653802, AT),
        (1546653802.0, AT),
        (1546653802000, AT),
        (43470 + 36202 / 86400, AT),
        (AT, AT),
        (AT.replace(tzinfo=None), AT),
        (AT.astimezone(UTC), AT),
        ("2019年1月5日 上午10时3分", MINUTE),
        ("2019/1/5 10:03", MINUTE),
        ("2019-01-05 10:03 AM", MINUTE),
        ("201901051003", MINUTE),
        ("2019年1月5日 下午3点", DAY.replace(hour=15)),
        ("2019年1月5日下午3点15分", DAY.replace(hour=15, minute=15)),
        ("2019/1/5 3:15 PM", DAY.replace(hour=15, minute=15)),
        ("2019/1/5 中午1:15", DAY.replace(hour=13, minute=15)),
        ("2019/1/5 中午12:00", DAY.replace(hour=12)),
        ("2019/1/5 凌晨12:30", DAY.replace(minute=30)),
        ("2019/1/5 下午15:00", DAY.replace(hour=15)),
        ("2019-1-5", DAY),
        ("2019.1.5", DAY),
        ("2019年1月5日", DAY),
        ("2019年1月5号", DAY),
        ("20190105", DAY),
        (20190105, DAY),
        (20190105.0, DAY),
        ("43470", DAY),
        (43470, DAY),
        (date(2019, 1, 5), DAY),
        ("13/1/2019", DAY.replace(day=13)),
        ("1/13/2019", DAY.replace(day=13)),
        ("5/5/2019", DAY.replace(month=5)),
        ("13.1.2019 10:03", DAY.replace(day=13, hour=10, minute=3)),
        ("2020-02-29", datetime(2020, 2, 29, tzinfo=SHANGHAI)),
    ],
)
def test_any_usual_form_is_read_in_shanghai(written, expected):
    when = parse_when(written, NOW)
    assert when == expected
    assert when.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("19-1-5", "两位"),
        ("19年1月5日", "两位"),
        ("1/5/19", "两位"),
        ("1/5/2019", "分不清"),
        ("2019-13-01", "没有这样的日期"),
        ("2019-02-29", "没有这样的日期"),
        ("20190230", "没有这样的日期"),
        ("2019-01-05 25:00", "没有这样的日期"),
        ("2019-01-05 10:61", "没有这样的日期"),
        ("2019-01-05 10:03 +99:00", "没有这样的日期"),
        ("2019/1/5 晚上12:00", "分不清"),
        ("1989-12-31", "早于"),
        ("1900/1/1", "早于"),
        ("2026-06-02 12:00:01", "晚于"),
        ("2999-01-01", "晚于"),
        ("9999-12-31T23:59:59-14:00", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        ("0000-00-00 00:00:00", "没有这样的日期"),
        ("昨天", "不是日期"),
        ("2019", "不是日期"),
        ("2019-01", "不是日期"),
        ("2019/1/110:03", ""),
        ("2019-01-05 10", "时间无法识别"),
        ("2019-01-05 早上", "时间无法识别"),
        ("2019-01-05; DROP TABLE message", ""),
        ("5 Foo 2019", "月份"),
        ("١٩٩٩", ""),
        ("-1", "不是日期"),
        ("1e9", "不是日期"),
        ("²⁰¹⁹-01-05", None),
        ("1" * 10_000, "过长"),
        ("", "不是日期"),
        (float("nan"), "不是日期"),
        (float("inf"), "不是日期"),
        (-5, "不是日期"),
        (0, "不是日期"),
        (True, "不是日期"),
        (10**400, ""),
        (None, "不是日期"),
        ([2019, 1, 5], "不是日期"),
        (datetime.fromisoformat("0001-01-01"), ""),
        (datetime.fromisoformat("9999-12-31T23:59:59"), ""),
    ],
)
def test_what_names_no_one_day_is_refused_with_a_reason(written, why):
    if why is None:
        assert parse_when(written, NOW) == DAY
        return
    with pytest.raises(UnreadableDateError) as refusal:
        parse_when(written, NOW)
    assert why in refusal.value.detail
    assert len(refusal.value.detail) < 120


def test_a_day_ahead_is_believed_because_clocks_differ():
    assert parse_when("2026-06-02 11:59", NOW).day == 2


TIMES = st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2026-05-31"))
FORMS = [
    "{0.year}/{0.month}/{0.day} {0.hour}:{0:%M:%S}",
    "{0:%Y-%m-%d %H:%M:%S}",
    "{0:%Y-%m-%dT%H:%M:%S%z}",
    "{0:%Y%m%d%H%M%S}",
    "{0:%Y年%m月%d日 %H时%M分%S秒}",
    "{0:%a, %d %b %Y %H:%M:%S %z}",
    "{0:%Y.%m.%d %I:%M:%S %p}",
]


@given(TIMES, st.sampled_from(FORMS))
def test_a_time_written_in_any_form_comes_back(naive, form):
    when = naive.replace(microsecond=0, tzinfo=SHANGHAI)
    assert parse_when(form.format(when), NOW) == when


@given(TIMES)
def test_an_excel_serial_and_an_epoch_come_back_to_the_second(naive):
    when = naive.replace(microsecond=0, tzinfo=SHANGHAI)
    days = (when - datetime(1899, 12, 30, tzinfo=SHANGHAI)) / timedelta(days=1)
    assert parse_when(days, NOW) == when
    assert parse_when(when.timestamp() * 1000, NOW) == when


@given(st.one_of(st.text(max_size=80), st.floats(), st.integers(), st.booleans()))
def test_any_value_is_a_time_or_a_refusal(value):
    try:
        assert parse_when(value, NOW).tzinfo is not None
    except UnreadableDateError as refusal:
        assert refusal.detail
