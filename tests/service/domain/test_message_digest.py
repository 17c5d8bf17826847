from dataclasses import replace
from datetime import UTC, datetime

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage, SenderDetails
from service.domain.message_digest import content_digest

MESSAGE = IncomingMessage(
    title="路灯",
    text="路灯坏了",
    sent_at=datetime(2026, 3, 5, 8, 30, tzinfo=SHANGHAI),
    channel=Channel.IMPORT,
    source="测试",
    sender=SenderDetails("甲", "19900001234"),
)
DIGEST = content_digest(MESSAGE)


def test_the_digest_has_32_bytes_and_stays_the_same_for_ever():
    assert DIGEST.hex() == "f7b260e560b6af92b69e9b84a065406fe521a01006eaa6aedc64106a76192206"


def test_sender_time_title_and_text_count():
    other_senders = (SenderDetails("乙", "19900001234"), SenderDetails("甲"), SenderDetails())
    others = [replace(MESSAGE, sender=sender) for sender in other_senders]
    others.append(replace(MESSAGE, text="路灯坏了。"))
    others.append(replace(MESSAGE, title="如题"))
    others.append(replace(MESSAGE, title="路灯。"))
    others.append(replace(MESSAGE, sent_at=MESSAGE.sent_at.replace(second=1)))
    assert len({DIGEST, *map(content_digest, others)}) == 8


def test_neither_zone_nor_source_nor_channel_nor_fractions_count():
    same = replace(
        MESSAGE,
        sent_at=MESSAGE.sent_at.replace(microsecond=5).astimezone(UTC),
        source="另一处",
        channel=Channel.API,
    )
    assert content_digest(same) == DIGEST


def test_parts_cannot_run_into_each_other():
    one = replace(MESSAGE, sender=SenderDetails("甲1", "2"))
    other = replace(MESSAGE, sender=SenderDetails("甲", "12"))
    assert content_digest(one) != content_digest(other)
